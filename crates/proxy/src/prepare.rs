//! The body an upstream gets.

use billing_core::{IncludeUsage, rewrite};
use bytes::Bytes;

use crate::admit::Call;
use crate::select::Target;

/// A request body for one upstream.
pub(crate) struct Prepared {
    pub(crate) body: Bytes,
    /// Usage is asked for although the caller did not: the event that carries it is not for the caller.
    pub(crate) usage_added: bool,
}

/// Replaces the model where the upstream knows it by another name, and asks for the usage of a stream that would
/// carry none. Everything else stays as the caller wrote it.
pub(crate) fn prepare(call: &Call, target: &Target) -> Prepared {
    let in_body = call.path.gemini.is_none();
    let renamed = target
        .model_sent
        .as_ref()
        .filter(|sent| in_body && call.model.as_ref() != Some(sent));
    let lacks_usage = matches!(call.peek.include_usage, IncludeUsage::Absent(_));
    let usage_added = lacks_usage && !target.without_addition && !target.route.refuses_stream_options();
    let body = if renamed.is_some() || usage_added {
        rewrite(&call.body, &call.peek, renamed, usage_added).into()
    } else {
        call.body.clone()
    };
    Prepared { body, usage_added }
}
