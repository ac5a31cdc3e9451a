//! The body an upstream gets.

use billing_core::{IncludeUsage, rewrite};
use bytes::Bytes;
use tollgate_domain::{ModelName, Protocol};

use crate::admit::Call;
use crate::error::ProxyError;
use crate::peek::{BodyForm, Form, with_member, with_model_of_embedding};
use crate::select::Target;

/// A request body for one upstream.
pub(crate) struct Prepared {
    pub(crate) body: Bytes,
    /// Usage is asked for although the caller did not: the event that carries it is not for the caller.
    pub(crate) usage_added: bool,
}

/// Replaces the model where the upstream knows it by another name, and asks for the usage of a stream that would
/// carry none. Everything else stays as the caller wrote it.
///
/// # Errors
/// [`ProxyError::NotForwardable`] for a name that the body cannot hold.
pub(crate) fn prepare(call: &Call, target: &Target) -> Result<Prepared, ProxyError> {
    let lacks_usage = matches!(call.peek.include_usage, IncludeUsage::Absent(_));
    let usage_added = lacks_usage && !target.without_addition && !target.route.refuses_stream_options();
    let body = match &call.form {
        BodyForm::Unknown => None,
        BodyForm::Multipart(boundary) => match renamed(call, target) {
            Some(model) => Some(form_with_model(call, boundary, model)?),
            None => None,
        },
        BodyForm::Json => json(call, target, usage_added),
    };
    Ok(Prepared {
        body: body.map_or_else(|| call.body.clone(), Bytes::from),
        usage_added,
    })
}

/// The name the body must carry, where it carries another one or none although this upstream looks for it there.
fn renamed<'t>(call: &Call, target: &'t Target) -> Option<&'t ModelName> {
    let sent = target.model_sent.as_ref()?;
    let is_there = match &call.peek.model {
        Some(named) => named == sent,
        None => call.path.model.is_none() || target.route.names_model_in_path(&call.path),
    };
    (!is_there).then_some(sent)
}

fn json(call: &Call, target: &Target, usage_added: bool) -> Option<Vec<u8>> {
    let sent = target.model_sent.as_ref();
    match call.path.protocol {
        Protocol::GeminiEmbed => {
            let sent = sent.filter(|sent| call.model.as_ref() != Some(sent))?;
            return Some(with_model_of_embedding(&call.body, sent));
        }
        Protocol::GeminiGenerate if call.peek.model_span.is_none() => return None,
        _ => {}
    }
    let renamed = renamed(call, target);
    if renamed.is_none() && !usage_added {
        return None;
    }
    let rewritten = rewrite(&call.body, &call.peek, renamed, usage_added);
    match renamed {
        // A deployment's name in the path stood for the model.
        Some(model) if call.peek.model_span.is_none() => with_member(&rewritten, "model", model.as_str()),
        _ => Some(rewritten),
    }
}

fn form_with_model(call: &Call, boundary: &str, model: &ModelName) -> Result<Vec<u8>, ProxyError> {
    const UNFIT: ProxyError = ProxyError::NotForwardable {
        problem: "the upstream's name for the model cannot stand in a form; change the model rule's send_as",
    };
    let Some(span) = &call.peek.model_span else {
        let part = Form::part(boundary, "model", model.as_str()).ok_or(UNFIT)?;
        return Ok([part.as_bytes(), &call.body].concat());
    };
    if !Form::can_hold(boundary, model.as_str()) {
        return Err(UNFIT);
    }
    let before = call.body.get(..span.start).unwrap_or_default();
    let after = call.body.get(span.end..).unwrap_or_default();
    Ok([before, model.as_str().as_bytes(), after].concat())
}
