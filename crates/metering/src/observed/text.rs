//! Text out of JSON values.

use crate::counters::Node;

/// Characters kept of an error.
pub(crate) const MAX_ERROR_CHARS: usize = 512;

/// The contents of a JSON string; `None` for an empty one and for anything else.
pub(crate) fn string(json: &[u8]) -> Option<String> {
    serde_json::from_slice(json)
        .ok()
        .filter(|text: &String| !text.is_empty())
}

/// The strings of a JSON array.
pub(crate) fn strings(json: &[u8]) -> Vec<String> {
    serde_json::from_slice(json).unwrap_or_default()
}

/// An error value as `type: message`; `None` for null, false and what is empty.
pub(super) fn describe_error(json: &[u8]) -> Option<String> {
    let described = match json {
        b"null" | b"false" | b"\"\"" => return None,
        [b'"', ..] => string(json)?,
        [b'{', ..] => {
            let node = Node::parse_object(json)?;
            let text = |key: &str| node.text(&[key]);
            let kind = text("type").or_else(|| text("status")).or_else(|| text("code"));
            match (kind, text("message")) {
                (Some(kind), Some(message)) => format!("{kind}: {message}"),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) if node == Node::Object(Vec::new()) => return None,
                (None, None) => node.to_json(),
            }
        }
        other => String::from_utf8_lossy(other).into_owned(),
    };
    Some(described.chars().take(MAX_ERROR_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_described_by_kind_and_message() {
        for (json, expected) in [
            (
                r#"{"type":"overloaded_error","message":"Overloaded"}"#,
                Some("overloaded_error: Overloaded"),
            ),
            (
                r#"{"code":"server_error","message":"x"}"#,
                Some("server_error: x"),
            ),
            (r#"{"code":502,"message":"bad gateway"}"#, Some("bad gateway")),
            (r#"{"detail":[1]}"#, Some(r#"{"detail":[1]}"#)),
            (r#""plain""#, Some("plain")),
            ("null", None),
            ("false", None),
            ("\"\"", None),
            ("{}", None),
        ] {
            assert_eq!(describe_error(json.as_bytes()).as_deref(), expected, "{json}");
        }
    }
}
