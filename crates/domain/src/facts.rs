//! What a request asked for, as far as its bill may depend on it.

use serde::{Deserialize, Serialize};

use crate::{DeferredRef, MediaFormat};

/// How an endpoint is billed, whatever its answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointBilling {
    /// By what its answers report.
    #[default]
    Metered,
    /// Not at all: the provider documents it as free.
    Free,
    /// Nobody here knows: it is carried because the operator wants it to be.
    NotMetered,
}

/// What a request asked for. Some answers do not say what they used, and then the request does: so many images of
/// such a size, so many characters spoken. Kept on the attempt, so that an entry can be explained and priced again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestFacts {
    /// How the endpoint is billed.
    #[serde(skip_serializing_if = "EndpointBilling::is_metered")]
    pub billing: EndpointBilling,
    /// The size and quality asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<MediaFormat>,
    /// How many images were asked for, as written or by the endpoint's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<u64>,
    /// Unicode characters of the text to be spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<u64>,
    /// How long the recording to be heard is, in whole seconds, where its own headers say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Whether a container that code runs in is one that this request started, of the size that has a price. Not told
    /// where the request brings a container along, by name or within an earlier conversation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub starts_container: bool,
    /// The object whose end told the usage, where that came later than the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred: Option<DeferredRef>,
}

impl EndpointBilling {
    /// Whether answers decide.
    pub const fn is_metered(&self) -> bool {
        matches!(self, Self::Metered)
    }
}

impl RequestFacts {
    /// Whether there is nothing to keep.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}
