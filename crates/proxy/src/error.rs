//! What can go wrong between a caller and an upstream.

use http::StatusCode;
use tollgate_domain::{ErrorOrigin, ModelName, Protocol};

use crate::endpoint::KNOWN_PATHS;

/// Why a request gets an answer of the gateway's own. The message tells the caller what to do; nothing in it is
/// secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error(
        "no API key was given; send the key you got from this gateway as `Authorization: Bearer KEY`, `x-api-key`, \
         `api-key`, `x-goog-api-key` or `?key=`"
    )]
    KeyMissing,
    #[error("this gateway does not know the API key; a provider's own key is not accepted here")]
    KeyUnknown,
    #[error("the API key is disabled; ask the operator of this gateway to enable it")]
    KeyDisabled,
    #[error("the API key has expired; ask the operator of this gateway for a new one")]
    KeyExpired,
    #[error("this token of the API key was replaced; use the one that was made then")]
    KeyReplaced,
    #[error(
        "this API key may not be used for the model \"{model}\"; it is allowed {allowed}, and GET /v1/models lists \
         what it can use"
    )]
    ModelNotGranted {
        model: ModelName,
        /// The key's own patterns.
        allowed: String,
    },
    #[error("this API key is for certain models only and the request names none; it is allowed {allowed}")]
    ModelNotNamed {
        /// The key's own patterns.
        allowed: String,
    },
    #[error(
        "no upstream that this API key may use serves the model \"{model}\" over {protocol}; GET /v1/models lists what \
         it can use"
    )]
    ModelNotReachable { model: ModelName, protocol: Protocol },
    #[error(
        "there is nothing at {path}; this gateway serves {KNOWN_PATHS} (also below /api/proxy) and does not \
         translate between protocols"
    )]
    UnknownPath { path: String },
    #[error("{path} takes {allowed} only")]
    MethodNotAllowed { path: String, allowed: &'static str },
    #[error("the request body is larger than the {limit} bytes this gateway accepts")]
    BodyTooLarge { limit: usize },
    #[error(
        "request bodies with `Content-Encoding: {coding}` are not accepted; send the body plain or in one of gzip, br, \
         zstd and deflate"
    )]
    BodyEncoded { coding: String },
    #[error("the request body is not valid {coding}; send it plain, or compress it again")]
    BodyUndecodable { coding: &'static str },
    #[error("the request body did not arrive whole")]
    BodyUnreadable,
    #[error("the request body stopped arriving; send it again")]
    BodyTimedOut,
    #[error("the request body is not valid: {problem}")]
    BodyInvalid { problem: String },
    #[error(
        "background responses are not accepted: their usage comes later; send the request without `background: true`, \
         or have the operator of this gateway allow them (proxy.deferred)"
    )]
    BackgroundUnsupported,
    #[error(
        "{what} are not carried: their usage comes later or elsewhere, and this gateway does not meter it yet; send \
         each request by itself, or have the operator of this gateway let the path pass unmetered"
    )]
    NotMeteredYet { what: &'static str },
    #[error("this key has made no {what} \"{id}\" here, or it is gone")]
    ObjectUnknown { what: &'static str, id: String },
    #[error("the parameter `{name}` cannot be {value:?}; it must be {wanted}")]
    ParameterInvalid {
        name: &'static str,
        value: String,
        /// What it may be.
        wanted: String,
    },
    #[error(
        "the usage of this {what} has not been read yet, so it cannot be deleted; try again once it has ended, a moment \
         later"
    )]
    ObjectUnbilled { what: &'static str },
    #[error("the gateway cannot look up where the object is at the moment; try again later")]
    ObjectsAway,
    #[error("the upstream that keeps the object is disabled or gone; ask the operator of this gateway")]
    ObjectOutOfReach,
    #[error(
        "WebSockets are not carried: their usage is not metered yet; use the HTTP endpoints, with streaming where \
         you need it"
    )]
    WebsocketUnsupported,
    #[error("the request names no model, and no upstream takes {protocol} requests without one; set `model`")]
    ModelMissing { protocol: Protocol },
    #[error(
        "no enabled upstream serves the model \"{model}\" over {protocol}; ask for one of GET /v1/models, or have the \
         operator add an upstream or a model rule for it with the protocol {protocol} (this gateway does not \
         translate between protocols)"
    )]
    ModelNotFound { model: ModelName, protocol: Protocol },
    #[error(
        "no price is known for {model} ({problem}), and this gateway does not send requests that it cannot bill; have \
         the operator set a price or an alias for it (POST /api/admin/billing/overrides, POST \
         /api/admin/billing/aliases), or allow it with on_unpriced = serve"
    )]
    ModelUnpriced {
        /// The model, or the lack of one, in words.
        model: String,
        /// What was looked for, at which upstream.
        problem: String,
    },
    #[error("no model {model:?} is configured; GET /v1/models lists those that are")]
    ModelUnknown { model: String },
    #[error("the gateway is stopping; send the request again")]
    Stopping,
    #[error(
        "the gateway cannot record the request at the moment and therefore does not serve it; try again later"
    )]
    NotRecordable,
    #[error("the request could not be forwarded: {problem}")]
    NotForwardable { problem: &'static str },
    #[error("the gateway failed to answer; send the request again")]
    Lost,
    #[error("no upstream can be reached; try again later")]
    UpstreamUnreachable,
    #[error("the upstream closed the connection without an answer; the request may have been processed")]
    UpstreamLost,
    #[error("the upstream did not answer in time; the request may have been processed")]
    UpstreamTimedOut,
    #[error("connecting to the upstream took too long; try again later")]
    ConnectTimedOut,
}

impl ProxyError {
    /// What the caller is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::KeyMissing
            | Self::KeyUnknown
            | Self::KeyDisabled
            | Self::KeyExpired
            | Self::KeyReplaced => StatusCode::UNAUTHORIZED,
            Self::ModelNotGranted { .. } | Self::ModelNotNamed { .. } => StatusCode::FORBIDDEN,
            Self::UnknownPath { .. }
            | Self::ModelNotFound { .. }
            | Self::ModelNotReachable { .. }
            | Self::ModelUnknown { .. }
            | Self::ObjectUnknown { .. } => StatusCode::NOT_FOUND,
            Self::ObjectUnbilled { .. } => StatusCode::CONFLICT,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyEncoded { .. } | Self::BodyUndecodable { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::BodyUnreadable
            | Self::BodyInvalid { .. }
            | Self::BackgroundUnsupported
            | Self::NotMeteredYet { .. }
            | Self::ParameterInvalid { .. }
            | Self::WebsocketUnsupported
            | Self::ModelMissing { .. }
            | Self::ModelUnpriced { .. }
            | Self::NotForwardable { .. } => StatusCode::BAD_REQUEST,
            Self::Stopping | Self::NotRecordable | Self::ObjectsAway | Self::ObjectOutOfReach => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Lost => StatusCode::INTERNAL_SERVER_ERROR,
            Self::UpstreamUnreachable | Self::UpstreamLost => StatusCode::BAD_GATEWAY,
            Self::UpstreamTimedOut | Self::ConnectTimedOut => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Whose error it is.
    pub(crate) const fn origin(&self) -> ErrorOrigin {
        match self {
            Self::Stopping
            | Self::NotRecordable
            | Self::Lost
            | Self::ModelUnpriced { .. }
            | Self::ObjectsAway
            | Self::ObjectOutOfReach => ErrorOrigin::Gateway,
            Self::UpstreamUnreachable
            | Self::UpstreamLost
            | Self::UpstreamTimedOut
            | Self::ConnectTimedOut => ErrorOrigin::Upstream,
            _ => ErrorOrigin::Client,
        }
    }

    /// A stable name of low cardinality, for metrics and the `x-tollgate-error` header.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::KeyMissing => "key_missing",
            Self::KeyUnknown => "key_unknown",
            Self::KeyDisabled => "key_disabled",
            Self::KeyExpired => "key_expired",
            Self::KeyReplaced => "key_replaced",
            Self::ModelNotGranted { .. } | Self::ModelNotNamed { .. } => "model_not_granted",
            Self::UnknownPath { .. } => "unknown_path",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyEncoded { .. } => "body_encoded",
            Self::BodyUndecodable { .. } => "body_undecodable",
            Self::BodyUnreadable => "body_unreadable",
            Self::BodyTimedOut => "body_timed_out",
            Self::BodyInvalid { .. } => "body_invalid",
            Self::BackgroundUnsupported => "background_unsupported",
            Self::NotMeteredYet { .. } => "not_metered_yet",
            Self::ObjectUnknown { .. } => "object_unknown",
            Self::ParameterInvalid { .. } => "parameter_invalid",
            Self::ObjectUnbilled { .. } => "object_unbilled",
            Self::ObjectsAway => "objects_away",
            Self::ObjectOutOfReach => "object_out_of_reach",
            Self::WebsocketUnsupported => "websocket_unsupported",
            Self::ModelMissing { .. } => "model_missing",
            Self::ModelNotFound { .. } | Self::ModelNotReachable { .. } => "model_not_found",
            Self::ModelUnknown { .. } => "model_unknown",
            Self::ModelUnpriced { .. } => "model_unpriced",
            Self::Stopping => "stopping",
            Self::NotRecordable => "not_recordable",
            Self::NotForwardable { .. } => "not_forwardable",
            Self::Lost => "lost",
            Self::UpstreamUnreachable => "upstream_unreachable",
            Self::UpstreamLost => "upstream_lost",
            Self::UpstreamTimedOut => "upstream_timed_out",
            Self::ConnectTimedOut => "connect_timed_out",
        }
    }

    /// When to try again, in seconds, where that helps.
    pub(crate) const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Stopping => Some(1),
            Self::NotRecordable | Self::ObjectsAway => Some(30),
            Self::ObjectUnbilled { .. } | Self::UpstreamUnreachable | Self::ConnectTimedOut => Some(5),
            _ => None,
        }
    }
}
