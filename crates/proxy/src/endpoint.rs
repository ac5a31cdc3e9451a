//! What a path asks for.

mod azure;
mod deferred;
mod gemini;
mod gemini_objects;
mod models;
mod objects;
mod openai;
mod path;

use http::Method;
use tollgate_domain::{Dialect, EndpointBilling, ModelName, Protocol};

use crate::deferred::upload_object;
use crate::error::ProxyError;

pub(crate) use azure::has_deployments as azure_has_deployments;
pub(crate) use gemini::GeminiMethod;
pub(crate) use objects::{Action, ObjectCall, find as find_object};
pub(crate) use path::{escaped, natural};

/// What the error for an unknown path names.
pub(crate) const KNOWN_PATHS: &str = "POST /v1/chat/completions, /v1/responses, /v1/completions, /v1/embeddings, \
     /v1/images/generations, /v1/images/edits, /v1/images/variations, /v1/audio/transcriptions, \
     /v1/audio/translations, /v1/audio/speech, /v1/moderations, /v1/rerank, /v2/rerank, /v1/messages, \
     /v1/messages/count_tokens, /v1beta/models/{model}:generateContent, :streamGenerateContent, :countTokens, \
     :embedContent and :batchEmbedContents, /openai/deployments/{deployment}/…, GET /v1/models and GET /v1beta/models";

/// What a path and method ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Forward to an upstream.
    Call(CallPath),
    /// Forward to the upstream that has the object, or is to make it.
    Object(ObjectCall),
    /// List the configured models; the gateway answers itself.
    Models { gemini: bool },
    /// Describe one of them.
    Model { gemini: bool, model: String },
}

/// A path that is forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallPath {
    pub(crate) protocol: Protocol,
    pub(crate) method: Method,
    /// Whether the path is free or not metered whoever the provider is.
    pub(crate) billing: EndpointBilling,
    /// The model, where the path names it.
    pub(crate) model: Option<ModelName>,
    pub(crate) place: Place,
}

/// Where a call is found, at a provider as at the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The same path for every model.
    Fixed(&'static str),
    /// Azure's place for one of the fixed paths: below a deployment, which takes the model's part.
    Deployment(&'static str),
    /// Model and method in the path, below this version.
    Gemini(&'static str, GeminiMethod),
    /// Code assist: the method in the path, the model in the body.
    CodeAssist(GeminiMethod),
    /// Something below this path that an upstream keeps.
    Object(String),
    /// As it was called; nothing is known of it.
    AsCalled(String),
}

impl CallPath {
    fn post(protocol: Protocol, place: Place) -> Self {
        Self {
            protocol,
            method: Method::POST,
            billing: EndpointBilling::Metered,
            model: None,
            place,
        }
    }

    /// Whether the path itself asks for a stream.
    pub(crate) fn streams(&self) -> bool {
        matches!(
            self.place,
            Place::Gemini(_, GeminiMethod::StreamGenerate) | Place::CodeAssist(GeminiMethod::StreamGenerate)
        )
    }

    /// Whether the caller speaks Azure's paths, whose query names the version of the API.
    pub(crate) fn is_azure(&self) -> bool {
        matches!(self.place, Place::Deployment(_))
    }
}

/// Finds the endpoint of a natural path. `unmetered` are the beginnings of paths that are carried although nothing is
/// known of what they cost.
pub(crate) fn find(method: &Method, path: &str, unmetered: &[String]) -> Result<Endpoint, ProxyError> {
    let only_post = |call: CallPath| {
        if *method == Method::POST {
            return Ok(Endpoint::Call(call));
        }
        Err(ProxyError::MethodNotAllowed {
            path: path.to_owned(),
            allowed: "POST",
        })
    };
    let metered = openai::find(path)
        .or_else(|| azure::find(path))
        .or_else(|| gemini::find(path));
    if let Some(call) = metered {
        return only_post(call);
    }
    if let Some(call) = deferred::carried(method, path, unmetered) {
        return Ok(Endpoint::Call(call));
    }
    if let Some(what) = deferred::what(path) {
        return Err(ProxyError::NotMeteredYet { what });
    }
    models::find(method, path)
}

impl Endpoint {
    /// Whether the request goes on with an upload: its address is what its sender is known by.
    pub(crate) fn goes_on(&self, query: Option<&str>) -> bool {
        let uploads = matches!(
            self,
            Self::Object(ObjectCall {
                action: Action::Upload,
                ..
            })
        );
        uploads && upload_object(query).is_some()
    }

    /// The dialect the endpoint itself implies; `/v1/models` belongs to all three.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Call(call) | Self::Object(ObjectCall { call, .. }) => Some(call.protocol.dialect()),
            Self::Models { gemini: true } | Self::Model { gemini: true, .. } => Some(Dialect::Gemini),
            Self::Models { .. } | Self::Model { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
