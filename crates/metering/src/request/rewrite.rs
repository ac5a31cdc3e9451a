//! Rewriting a request body by splices: nothing else is touched.

use std::borrow::Cow;
use std::ops::Range;

use tollgate_domain::ModelName;

use super::{IncludeUsage, RequestPeek};

/// The body with another model, and with usage asked for if `include_usage` is set, in one pass. `peek` must be of this
/// very body. A body that names no model keeps naming none; one that asks for usage already stays as it is.
pub fn rewrite(body: &[u8], peek: &RequestPeek, model: Option<&ModelName>, include_usage: bool) -> Vec<u8> {
    let mut edits: Vec<(Range<usize>, Cow<'_, str>)> = Vec::with_capacity(2);
    if let (Some(model), Some(span)) = (model, &peek.model_span) {
        let quoted = serde_json::Value::from(model.as_str()).to_string();
        edits.push((span.clone(), quoted.into()));
    }
    if let (true, IncludeUsage::Absent(splice)) = (include_usage, &peek.include_usage) {
        edits.push((splice.at.clone(), splice.text.into()));
    }
    edits.sort_by_key(|(at, _)| at.start);
    let added: usize = edits.iter().map(|(_, text)| text.len()).sum();
    let mut out = Vec::with_capacity(body.len() + added);
    let mut done = 0;
    for (at, text) in edits {
        out.extend_from_slice(body.get(done..at.start).unwrap_or_default());
        out.extend_from_slice(text.as_bytes());
        done = at.end;
    }
    out.extend_from_slice(body.get(done..).unwrap_or_default());
    out
}

/// The body with another model. `peek` must be of this very body; see [`rewrite`] to do both at once.
pub fn with_model(body: &[u8], peek: &RequestPeek, model: &ModelName) -> Vec<u8> {
    rewrite(body, peek, Some(model), false)
}

/// The body asking for usage at the end of its stream. `peek` must be of this very body; see [`rewrite`] to do both at
/// once.
pub fn with_include_usage(body: &[u8], peek: &RequestPeek) -> Vec<u8> {
    rewrite(body, peek, None, true)
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Protocol;

    use super::*;
    use crate::peek_request;

    fn rewritten(body: &str, model: Option<&str>, include_usage: bool) -> String {
        let peek = peek_request(Protocol::OpenaiChat, body.as_bytes()).unwrap();
        let model = model.map(ModelName::new);
        String::from_utf8(rewrite(body.as_bytes(), &peek, model.as_ref(), include_usage)).unwrap()
    }

    #[test]
    fn usage_is_asked_for_wherever_the_options_stand() {
        for (body, expected) in [
            (
                r#" {"stream":true}"#,
                r#" {"stream_options":{"include_usage":true},"stream":true}"#,
            ),
            (
                r#"{"stream":true,"stream_options":null}"#,
                r#"{"stream":true,"stream_options":{"include_usage":true}}"#,
            ),
            (
                r#"{"stream":true,"stream_options":{}}"#,
                r#"{"stream":true,"stream_options":{"include_usage":true}}"#,
            ),
            (
                r#"{"stream_options":{ "x":1 },"stream":true}"#,
                r#"{"stream_options":{"include_usage":true, "x":1 },"stream":true}"#,
            ),
            (
                r#"{"stream_options":{"include_usage": false },"stream":true}"#,
                r#"{"stream_options":{"include_usage": true },"stream":true}"#,
            ),
        ] {
            let found = rewritten(body, None, true);
            assert_eq!(found, expected);
            let again = peek_request(Protocol::OpenaiChat, found.as_bytes()).unwrap();
            assert_eq!(again.include_usage, IncludeUsage::Asked);
        }
    }

    #[test]
    fn bodies_that_need_nothing_stay_as_they_are() {
        for body in [
            r#"{"stream":true,"stream_options":{"include_usage":true}}"#,
            r#"{"stream":false,"stream_options":{"include_usage":false}}"#,
            "{}",
        ] {
            assert_eq!(rewritten(body, Some("ignored"), true), body);
        }
    }

    #[test]
    fn model_and_usage_are_spliced_in_one_pass_and_nothing_else_changes() {
        let body =
            r#"{ "messages": [1.0, "\u00e9"],"stream":true , "model":"alias", "stream_options":{"a":{}}}"#;
        let expected = r#"{ "messages": [1.0, "\u00e9"],"stream":true , "model":"real \"x\"", "stream_options":{"include_usage":true,"a":{}}}"#;
        assert_eq!(rewritten(body, Some("real \"x\""), true), expected);
        assert_eq!(rewritten(body, None, false), body);
    }
}
