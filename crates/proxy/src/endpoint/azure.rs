//! Azure's paths: the same calls below a deployment, or below `/openai/v1`.

use tollgate_domain::{ModelName, Protocol};

use super::path::decoded;
use super::{CallPath, Place, openai};

/// What Azure has below a deployment.
const BELOW_DEPLOYMENT: [Protocol; 6] = [
    Protocol::OpenaiChat,
    Protocol::OpenaiCompletions,
    Protocol::OpenaiEmbeddings,
    Protocol::OpenaiImages,
    Protocol::OpenaiTranscriptions,
    Protocol::OpenaiSpeech,
];

pub(super) fn find(path: &str) -> Option<CallPath> {
    let below = path.strip_prefix("/openai/")?;
    if let Some(rest) = below.strip_prefix("deployments/") {
        let (deployment, operation) = rest.split_once('/')?;
        let call = openai::find(&format!("/v1/{operation}"))?;
        let Place::Fixed(fixed) = call.place else {
            return None;
        };
        if !has_deployments(call.protocol) {
            return None;
        }
        return Some(CallPath {
            model: Some(ModelName::new(decoded(deployment)?)),
            place: Place::Deployment(fixed),
            ..call
        });
    }
    // `/openai/v1/…` is OpenAI's own shape; without the version only Responses has a place.
    let rest = below.strip_prefix("v1/");
    let call = openai::find(&format!("/v1/{}", rest.unwrap_or(below)))?;
    let known = rest.is_some() || call.protocol == Protocol::OpenaiResponses;
    (known && call.protocol.dialect() == tollgate_domain::Dialect::Openai).then_some(call)
}

/// Whether Azure has the protocol below a deployment.
pub(crate) fn has_deployments(protocol: Protocol) -> bool {
    BELOW_DEPLOYMENT.contains(&protocol)
}
