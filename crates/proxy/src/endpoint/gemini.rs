//! Gemini's paths, which name the method and mostly the model.

use tollgate_domain::{EndpointBilling, ModelName, Protocol};

use super::path::decoded;
use super::{CallPath, Place};

/// Where Gemini's API is found, by version.
const VERSIONS: [&str; 3] = ["/v1beta", "/v1", "/v1alpha"];

/// Where code assist is.
const CODE_ASSIST: &str = "/v1internal:";

/// What a path calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeminiMethod {
    Generate,
    StreamGenerate,
    CountTokens,
    Embed,
    BatchEmbed,
}

impl GeminiMethod {
    const ALL: [Self; 5] = [
        Self::Generate,
        Self::StreamGenerate,
        Self::CountTokens,
        Self::Embed,
        Self::BatchEmbed,
    ];

    /// As it stands in a path.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generateContent",
            Self::StreamGenerate => "streamGenerateContent",
            Self::CountTokens => "countTokens",
            Self::Embed => "embedContent",
            Self::BatchEmbed => "batchEmbedContents",
        }
    }

    const fn protocol(self) -> Protocol {
        match self {
            Self::Embed | Self::BatchEmbed => Protocol::GeminiEmbed,
            Self::Generate | Self::StreamGenerate | Self::CountTokens => Protocol::GeminiGenerate,
        }
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }

    fn call(self, place: Place) -> CallPath {
        let billing = if self == Self::CountTokens {
            EndpointBilling::Free
        } else {
            EndpointBilling::Metered
        };
        CallPath {
            billing,
            ..CallPath::post(self.protocol(), place)
        }
    }
}

pub(super) fn find(path: &str) -> Option<CallPath> {
    if let Some(method) = path.strip_prefix(CODE_ASSIST) {
        let method = GeminiMethod::find(method)?;
        let known = method.protocol() == Protocol::GeminiGenerate;
        return known.then(|| method.call(Place::CodeAssist(method)));
    }
    let (version, name) = VERSIONS.into_iter().find_map(|version| {
        let rest = path.strip_prefix(version)?.strip_prefix("/models/")?;
        Some((version, rest))
    })?;
    let (model, method) = name.rsplit_once(':')?;
    let method = GeminiMethod::find(method)?;
    Some(CallPath {
        model: Some(ModelName::new(decoded(model)?)),
        ..method.call(Place::Gemini(version, method))
    })
}
