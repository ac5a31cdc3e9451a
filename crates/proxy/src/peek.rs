//! Looking at a request's body: what routing and billing need from it, whatever its form. Nothing is copied but the
//! few values that are kept.

mod embed;
mod json;
mod multipart;

use billing_core::{IncludeUsage, RequestPeek, audio_seconds, peek_request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use tollgate_domain::{MediaFormat, ModelName, Protocol, RequestFacts};

use crate::endpoint::{CallPath, Place};
use crate::error::ProxyError;

pub(crate) use embed::with_model as with_model_of_embedding;
pub(crate) use json::with_member;
pub(crate) use multipart::{Form, boundary};

/// What a body told.
pub(crate) struct Peeked {
    pub(crate) peek: RequestPeek,
    pub(crate) facts: RequestFacts,
    pub(crate) form: BodyForm,
}

/// How a body is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyForm {
    /// One JSON object.
    Json,
    /// `multipart/form-data` with this boundary.
    Multipart(String),
    /// Not looked at.
    Unknown,
}

/// Looks at a body.
///
/// # Errors
/// [`ProxyError::BodyInvalid`] for one that is not of its form.
pub(crate) fn peek(path: &CallPath, headers: &HeaderMap, body: &[u8]) -> Result<Peeked, ProxyError> {
    if let Place::AsCalled(_) | Place::Object(_) = path.place {
        return Ok(unknown(body));
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(multipart::boundary);
    if let (Some(boundary), true) = (boundary, takes_forms(path.protocol)) {
        return form(path.protocol, body, boundary);
    }
    let invalid = |problem: String| ProxyError::BodyInvalid { problem };
    let mut peek = peek_request(path.protocol, body).map_err(|error| invalid(error.to_string()))?;
    if let Place::CodeAssist(_) = path.place {
        let found = json::model(body).map_err(invalid)?;
        (peek.model, peek.model_span) = found.unzip();
    }
    let facts = match path.protocol {
        Protocol::OpenaiImages => images(json::number(body, "n"), peek.media.clone()),
        _ => RequestFacts {
            characters: peek.characters,
            starts_container: peek.starts_container,
            ..RequestFacts::default()
        },
    };
    Ok(Peeked {
        peek,
        facts,
        form: BodyForm::Json,
    })
}

const fn takes_forms(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::OpenaiImages | Protocol::OpenaiTranscriptions)
}

fn form(protocol: Protocol, body: &[u8], boundary: &str) -> Result<Peeked, ProxyError> {
    let form = Form::read(body, boundary).map_err(|problem| ProxyError::BodyInvalid {
        problem: problem.to_owned(),
    })?;
    let text = |name: &str| form.text(name).map(ToOwned::to_owned);
    let facts = if protocol == Protocol::OpenaiImages {
        let format = MediaFormat {
            size: text("size").map(Into::into),
            quality: text("quality").map(Into::into),
        };
        images(text("n").and_then(|n| n.trim().parse().ok()), Some(format))
    } else {
        RequestFacts {
            seconds: form.bytes("file").and_then(audio_seconds),
            ..RequestFacts::default()
        }
    };
    let peek = RequestPeek {
        model: text("model").map(ModelName::new),
        model_span: form.span("model"),
        stream: form.text("stream") == Some("true"),
        end_user: text("user"),
        ..nothing()
    };
    Ok(Peeked {
        peek,
        facts,
        form: BodyForm::Multipart(boundary.to_owned()),
    })
}

/// What an image request asks for; one picture is the default everywhere. `auto` leaves the choice to the model.
fn images(n: Option<u64>, asked: Option<MediaFormat>) -> RequestFacts {
    let asked = asked.unwrap_or_default();
    let chosen = |text: Option<Box<str>>| text.filter(|text| &**text != "auto");
    let format = MediaFormat {
        size: chosen(asked.size),
        quality: chosen(asked.quality),
    };
    RequestFacts {
        images: Some(n.unwrap_or(1)),
        format: (format != MediaFormat::default()).then_some(format),
        ..RequestFacts::default()
    }
}

/// A body nobody here understands; if it should be JSON, the model it names still chooses the upstream.
fn unknown(body: &[u8]) -> Peeked {
    let model = json::model(body).ok().flatten().map(|(model, _)| model);
    Peeked {
        peek: RequestPeek { model, ..nothing() },
        facts: RequestFacts::default(),
        form: BodyForm::Unknown,
    }
}

fn nothing() -> RequestPeek {
    RequestPeek {
        model: None,
        model_span: None,
        stream: false,
        tier: None,
        end_user: None,
        background: false,
        include_usage: IncludeUsage::NotApplicable,
        characters: None,
        media: None,
        starts_container: false,
    }
}

#[cfg(test)]
mod tests;
