//! What the simulator needs to know about a request's body.

use serde_json::Value;

use super::form;

/// The facts, read leniently: a provider's own validation is not simulated beyond what bills need.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestFacts {
    pub(super) model: Option<String>,
    pub(super) stream: bool,
    /// `stream_options`, if there are any: whether they say `include_usage`.
    pub(super) stream_options: Option<bool>,
    pub(super) service_tier: Option<String>,
    /// Whether the answer is to be fetched later.
    pub(super) background: bool,
    /// The user field, which may name a script preset.
    pub(super) marker: Option<String>,
    /// The last text sent.
    pub(super) last_text: Option<String>,
    /// How many inputs an embedding request has.
    pub(super) inputs: usize,
    pub(super) wants_base64: bool,
    pub(super) dimensions: usize,
    /// How many images are asked for.
    pub(super) images: u64,
    pub(super) size: Option<String>,
    pub(super) quality: Option<String>,
    /// The form an audio answer is asked for in.
    pub(super) response_format: Option<String>,
    /// `sse` for speech that comes as events.
    pub(super) stream_format: Option<String>,
    /// Unicode characters of the text to be spoken.
    pub(super) characters: u64,
    /// How many documents a reranking has, and how many it wants back.
    pub(super) documents: usize,
    pub(super) top_n: Option<usize>,
}

/// Enough to tell vectors apart, small enough to keep tests fast.
const DEFAULT_DIMENSIONS: usize = 8;
const MAX_DIMENSIONS: usize = 4096;

impl RequestFacts {
    /// Reads a body; `None` when it is neither a JSON object nor a form.
    pub(super) fn read(body: &[u8], content_type: Option<&str>) -> Option<Self> {
        if let Some(boundary) = content_type.and_then(form::boundary) {
            return Some(Self::from_form(&form::read(body, boundary)?));
        }
        let value: Value = serde_json::from_slice(body).ok()?;
        if !value.is_object() {
            return None;
        }
        // Code assist puts the request into an envelope that names the model.
        match value.get("request").filter(|inner| inner.is_object()) {
            Some(inner) => Some(Self {
                model: value.get("model").and_then(Value::as_str).map(str::to_owned),
                ..Self::from_value(inner)
            }),
            None => Some(Self::from_value(&value)),
        }
    }

    fn from_form(form: &form::Form) -> Self {
        let text = |name: &str| form.text(name);
        Self {
            model: text("model"),
            stream: text("stream").as_deref() == Some("true"),
            marker: text("user"),
            images: text("n").and_then(|n| n.parse().ok()).unwrap_or(1),
            size: text("size"),
            quality: text("quality"),
            response_format: text("response_format"),
            last_text: text("prompt"),
            dimensions: DEFAULT_DIMENSIONS,
            ..Self::default()
        }
    }

    fn from_value(body: &Value) -> Self {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let flag = |pointer: &str| body.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let prompt = [
            "/messages",
            "/input",
            "/contents",
            "/content",
            "/requests",
            "/prompt",
            "/query",
        ];
        let number = |pointer: &str| body.pointer(pointer).and_then(Value::as_u64);
        let characters = body.get("input").and_then(Value::as_str).unwrap_or_default();
        Self {
            model: text("/model"),
            stream: flag("/stream"),
            background: flag("/background"),
            stream_options: body
                .get("stream_options")
                .filter(|options| !options.is_null())
                .map(|_| flag("/stream_options/include_usage")),
            service_tier: text("/service_tier").or_else(|| text("/serviceTier")),
            marker: text("/user")
                .or_else(|| text("/metadata/user_id"))
                .or_else(|| text("/labels/user")),
            last_text: prompt
                .iter()
                .find_map(|pointer| body.pointer(pointer).and_then(last_text)),
            inputs: inputs(body),
            wants_base64: body.get("encoding_format").and_then(Value::as_str) == Some("base64"),
            dimensions: dimensions(body),
            images: number("/n").unwrap_or(1),
            size: text("/size"),
            quality: text("/quality"),
            response_format: text("/response_format"),
            stream_format: text("/stream_format"),
            characters: u64::try_from(characters.chars().count()).unwrap_or(u64::MAX),
            documents: body
                .get("documents")
                .and_then(Value::as_array)
                .map_or(0, Vec::len),
            top_n: number("/top_n").and_then(|n| usize::try_from(n).ok()),
        }
    }
}

fn inputs(body: &Value) -> usize {
    let requests = body.get("requests").and_then(Value::as_array).map(Vec::len);
    let input = match body.get("input") {
        Some(Value::Array(items)) if items.iter().all(|item| !item.is_number()) => Some(items.len()),
        _ => None,
    };
    requests.or(input).unwrap_or(1)
}

fn dimensions(body: &Value) -> usize {
    let asked = body
        .get("dimensions")
        .or_else(|| body.pointer("/outputDimensionality"))
        .and_then(Value::as_u64);
    asked
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| (1..=MAX_DIMENSIONS).contains(n))
        .unwrap_or(DEFAULT_DIMENSIONS)
}

/// The last string that is a text: under `content`, `text` or on its own, not a role or a type.
fn last_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().rev().find_map(last_text),
        Value::Object(fields) => ["content", "parts", "text"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(last_text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_text_is_found_in_every_dialect() {
        for body in [
            r#"{"messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]}]}"#,
            r#"{"input":"b"}"#,
            r#"{"input":[{"role":"user","content":"b"}]}"#,
            r#"{"contents":[{"role":"user","parts":[{"text":"a"},{"text":"b"}]}]}"#,
        ] {
            let facts = RequestFacts::read(body.as_bytes(), None).unwrap();
            assert_eq!(facts.last_text.as_deref(), Some("b"), "{body}");
        }
    }

    #[test]
    fn token_arrays_are_one_embedding_input() {
        let count = |body: &str| RequestFacts::read(body.as_bytes(), None).unwrap().inputs;
        assert_eq!(count(r#"{"input":[1,2,3]}"#), 1);
        assert_eq!(count(r#"{"input":["a","b"]}"#), 2);
        assert_eq!(count(r#"{"input":[[1,2],[3]]}"#), 2);
        assert_eq!(count(r#"{"input":"a"}"#), 1);
    }

    #[test]
    fn a_body_that_is_no_object_has_no_facts() {
        assert!(RequestFacts::read(b"[]", None).is_none());
        assert!(RequestFacts::read(b"{", None).is_none());
    }
}
