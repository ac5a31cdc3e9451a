//! What a path asks for.

use std::borrow::Cow;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tollgate_domain::{Dialect, ModelName, Protocol};

use crate::error::ProxyError;

/// What the error for an unknown path names.
pub(crate) const KNOWN_PATHS: &str = "POST /v1/chat/completions, POST /v1/responses, POST /v1/embeddings, \
     POST /v1/messages, GET /v1/models, POST /v1beta/models/{model}:generateContent, \
     POST /v1beta/models/{model}:streamGenerateContent, GET /v1beta/models";

/// Where the same paths are found once more.
const PREFIX: &str = "/api/proxy";

/// Model names may hold slashes and colons; everything else outside the unreserved characters is escaped.
const MODEL_ESCAPES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// What a path and method ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Forward to an upstream.
    Call(CallPath),
    /// List the configured models; the gateway answers itself.
    Models { gemini: bool },
    /// Describe one of them.
    Model { gemini: bool, model: String },
}

/// A path that is forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallPath {
    pub(crate) protocol: Protocol,
    /// What the path itself says about the call; only Gemini's does.
    pub(crate) gemini: Option<GeminiPath>,
    fixed: &'static str,
}

/// Gemini names model and method in the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GeminiPath {
    pub(crate) model: ModelName,
    pub(crate) stream: bool,
}

/// The path as at a provider, without the gateway's own prefix.
pub(crate) fn natural(path: &str) -> &str {
    match path.strip_prefix(PREFIX) {
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

/// Finds the endpoint of a natural path.
pub(crate) fn find(method: &Method, path: &str) -> Result<Endpoint, ProxyError> {
    let unknown = || ProxyError::UnknownPath {
        path: path.to_owned(),
    };
    let only = |allowed: Method, name: &'static str| {
        if *method == allowed {
            return Ok(());
        }
        Err(ProxyError::MethodNotAllowed {
            path: path.to_owned(),
            allowed: name,
        })
    };
    if let Some(call) = fixed(path) {
        return only(Method::POST, "POST").map(|()| Endpoint::Call(call));
    }
    let (version, rest) = if let Some(rest) = path.strip_prefix("/v1beta/models") {
        ("/v1beta", rest)
    } else {
        ("/v1", path.strip_prefix("/v1/models").ok_or_else(unknown)?)
    };
    let gemini = version == "/v1beta";
    let Some(name) = rest.strip_prefix('/').filter(|name| !name.is_empty()) else {
        if !rest.trim_start_matches('/').is_empty() {
            return Err(unknown());
        }
        return only(Method::GET, "GET").map(|()| Endpoint::Models { gemini });
    };
    if let Some(call) = generate(version, name) {
        return only(Method::POST, "POST").map(|()| Endpoint::Call(call));
    }
    if *method == Method::GET {
        return Ok(Endpoint::Model {
            gemini,
            model: decoded(name).ok_or_else(unknown)?,
        });
    }
    Err(unknown())
}

fn fixed(path: &str) -> Option<CallPath> {
    let known: [(&'static str, Protocol); 4] = [
        ("/v1/chat/completions", Protocol::OpenaiChat),
        ("/v1/responses", Protocol::OpenaiResponses),
        ("/v1/embeddings", Protocol::OpenaiEmbeddings),
        ("/v1/messages", Protocol::AnthropicMessages),
    ];
    let (fixed, protocol) = known.into_iter().find(|(fixed, _)| *fixed == path)?;
    Some(CallPath {
        protocol,
        gemini: None,
        fixed,
    })
}

fn generate(version: &'static str, name: &str) -> Option<CallPath> {
    let (model, method) = name.rsplit_once(':')?;
    let stream = match method {
        "generateContent" => false,
        "streamGenerateContent" => true,
        _ => return None,
    };
    let model = ModelName::new(decoded(model)?);
    Some(CallPath {
        protocol: Protocol::GeminiGenerate,
        gemini: Some(GeminiPath { model, stream }),
        fixed: version,
    })
}

/// The decoded name; dot segments could leave the models' part of an upstream's path.
fn decoded(name: &str) -> Option<String> {
    let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
    let climbs = name
        .split(['/', '\\'])
        .any(|segment| matches!(segment, "" | "." | ".."));
    (!climbs).then_some(name)
}

impl Endpoint {
    /// The dialect the endpoint itself implies; `/v1/models` belongs to all three.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Call(call) => Some(call.protocol.dialect()),
            Self::Models { gemini: true } | Self::Model { gemini: true, .. } => Some(Dialect::Gemini),
            Self::Models { .. } | Self::Model { .. } => None,
        }
    }
}

impl CallPath {
    /// The path at the upstream, with the model that is sent where the protocol has it in the path.
    pub(crate) fn upstream_path(&self, model_sent: Option<&ModelName>) -> Cow<'static, str> {
        let Some(gemini) = &self.gemini else {
            return Cow::Borrowed(self.fixed);
        };
        let model = model_sent.unwrap_or(&gemini.model).as_str();
        let method = if gemini.stream {
            "streamGenerateContent"
        } else {
            "generateContent"
        };
        let escaped = utf8_percent_encode(model, MODEL_ESCAPES);
        Cow::Owned(format!("{}/models/{escaped}:{method}", self.fixed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str) -> CallPath {
        match find(&Method::POST, natural(path)) {
            Ok(Endpoint::Call(call)) => call,
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn natural_and_prefixed_paths_name_the_same_endpoint() {
        for path in [
            "/v1/chat/completions",
            "/v1beta/models/gemini-2.5-pro:generateContent",
        ] {
            assert_eq!(call(path), call(&format!("/api/proxy{path}")));
        }
    }

    #[test]
    fn gemini_calls_keep_their_version_and_take_the_model_that_is_sent() {
        let stable = call("/v1/models/a%20b:streamGenerateContent");
        assert_eq!(stable.gemini.as_ref().map(|gemini| gemini.stream), Some(true));
        assert_eq!(
            stable.upstream_path(None),
            "/v1/models/a%20b:streamGenerateContent"
        );
        let renamed = ModelName::new("org/gemini?x");
        let beta = call("/v1beta/models/m:generateContent");
        assert_eq!(
            beta.upstream_path(Some(&renamed)),
            "/v1beta/models/org/gemini%3Fx:generateContent"
        );
    }

    #[test]
    fn a_model_name_cannot_climb_out_of_the_path() {
        for path in [
            "/v1beta/models/..%2f..%2ffiles:generateContent",
            "/v1beta/models/../x:generateContent",
        ] {
            assert!(
                matches!(find(&Method::POST, path), Err(ProxyError::UnknownPath { .. })),
                "{path}"
            );
        }
    }

    #[test]
    fn model_ids_with_colons_can_be_looked_up() {
        let found = find(&Method::GET, "/v1/models/ft:gpt-4o:org::id").unwrap();
        assert_eq!(
            found,
            Endpoint::Model {
                gemini: false,
                model: "ft:gpt-4o:org::id".to_owned()
            }
        );
    }

    #[test]
    fn other_protocols_and_methods_are_refused() {
        let unknown = [
            "/v1/completions",
            "/v1/models-x",
            "/v1beta/models/m:countTokens",
            "/v1beta",
            "/v1/",
        ];
        for path in unknown {
            assert!(
                matches!(find(&Method::POST, path), Err(ProxyError::UnknownPath { .. })),
                "{path}"
            );
        }
        let wrong = find(&Method::GET, "/v1/messages");
        assert!(matches!(
            wrong,
            Err(ProxyError::MethodNotAllowed { allowed: "POST", .. })
        ));
        let wrong = find(&Method::POST, "/v1/models");
        assert!(matches!(
            wrong,
            Err(ProxyError::MethodNotAllowed { allowed: "GET", .. })
        ));
    }
}
