//! What is not carried, because its usage comes later, elsewhere or not at all; unless the operator lets it pass.

use http::Method;
use tollgate_domain::{EndpointBilling, Protocol};

use super::path::climbs;
use super::{CallPath, Place};

/// The first segment below the version, and what a caller would call it.
const OPENAI: [(&str, &str); 14] = [
    ("batches", "batches"),
    ("files", "files"),
    ("uploads", "uploads"),
    ("fine_tuning", "fine-tuning jobs"),
    ("fine-tunes", "fine-tuning jobs"),
    ("assistants", "assistants"),
    ("threads", "threads"),
    ("vector_stores", "vector stores"),
    ("videos", "video jobs"),
    ("realtime", "realtime sessions"),
    ("conversations", "stored conversations"),
    ("containers", "containers"),
    ("evals", "evals"),
    ("responses", "stored responses"),
];

/// Gemini's, below `/v1beta`.
const GEMINI: [(&str, &str); 7] = [
    ("batches", "batches"),
    ("files", "files"),
    ("cachedContents", "cached contents"),
    ("operations", "long-running operations"),
    ("tunedModels", "tuned models"),
    ("interactions", "stored interactions"),
    ("fileSearchStores", "file search stores"),
];

/// Methods of Gemini's models whose usage comes later.
const GEMINI_METHODS: [(&str, &str); 4] = [
    (":batchGenerateContent", "batches"),
    (":asyncBatchEmbedContent", "batches"),
    (":predictLongRunning", "video jobs"),
    (":predict", "predictions"),
];

/// What a path would be, if it is something that is known and not carried.
pub(super) fn what(path: &str) -> Option<&'static str> {
    let named = |table: &[(&str, &'static str)], rest: &str| {
        let first = rest.split(['/', ':']).next().unwrap_or_default();
        table
            .iter()
            .find(|(name, _)| *name == first)
            .map(|(_, what)| *what)
    };
    if path.starts_with("/v1/messages/batches") {
        return Some("batches");
    }
    if path.starts_with("/upload/") || path.starts_with("/download/") {
        return Some("files");
    }
    if path.starts_with("/ws/") {
        return Some("realtime sessions");
    }
    let method = GEMINI_METHODS.iter().find(|(method, _)| path.ends_with(method));
    if let (Some((_, what)), true) = (method, path.contains("/models/")) {
        return Some(what);
    }
    let openai = path
        .strip_prefix("/openai/v1/")
        .or_else(|| path.strip_prefix("/openai/"));
    if let Some(rest) = openai.or_else(|| path.strip_prefix("/v1/")) {
        return named(&OPENAI, rest);
    }
    let gemini = path
        .strip_prefix("/v1beta/")
        .or_else(|| path.strip_prefix("/v1alpha/"));
    gemini.and_then(|rest| named(&GEMINI, rest))
}

/// A path the operator lets pass without metering. Looking at something costs nothing; what else it may cost is not
/// known.
pub(super) fn carried(method: &Method, path: &str, unmetered: &[String]) -> Option<CallPath> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let below = |prefix: &String| {
        path.strip_prefix(prefix.as_str())
            .is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with(['/', ':']))
    };
    if climbs(decoded.strip_prefix('/')?) || !unmetered.iter().any(below) {
        return None;
    }
    let protocol = if path.starts_with("/v1/messages") {
        Protocol::AnthropicMessages
    } else if ["/v1beta", "/v1alpha", "/upload", "/v1internal"]
        .iter()
        .any(|tree| path.starts_with(tree))
    {
        Protocol::GeminiGenerate
    } else {
        Protocol::OpenaiChat
    };
    let looks = [Method::GET, Method::HEAD, Method::DELETE].contains(method);
    Some(CallPath {
        protocol,
        method: method.clone(),
        billing: if looks {
            EndpointBilling::Free
        } else {
            EndpointBilling::NotMetered
        },
        model: None,
        place: Place::AsCalled(path.to_owned()),
    })
}
