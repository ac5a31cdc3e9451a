//! Gemini's embedding requests name their model again in the body, as `models/{model}`, once for each content.

use std::ops::Range;

use serde_json::value::RawValue;
use tollgate_domain::ModelName;

use super::json::{members, span};

/// The body with another model wherever it names one. Everything else stays as it is.
pub(crate) fn with_model(body: &[u8], model: &ModelName) -> Vec<u8> {
    let name = serde_json::Value::from(format!("models/{model}")).to_string();
    let mut out = Vec::with_capacity(body.len() + name.len());
    let mut done = 0;
    for at in spans(body) {
        out.extend_from_slice(body.get(done..at.start).unwrap_or_default());
        out.extend_from_slice(name.as_bytes());
        done = at.end;
    }
    out.extend_from_slice(body.get(done..).unwrap_or_default());
    out
}

fn spans(body: &[u8]) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for (name, raw) in members(body, &["model", "requests"]).unwrap_or_default() {
        if name == "model" {
            spans.extend(span(body, raw));
            continue;
        }
        let requests: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
        for request in requests {
            let named = members(request.get().as_bytes(), &["model"]).unwrap_or_default();
            spans.extend(named.into_iter().filter_map(|(_, raw)| span(body, raw)));
        }
    }
    spans
}
