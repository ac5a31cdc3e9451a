//! A downloaded body as a map, or in words why it is none.

use crate::{CatalogError, ParsedMap, parse_map};

/// Reads a body; the error is for the operator.
pub(super) fn read(bytes: &[u8]) -> Result<ParsedMap, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        format!(
            "not a price map: byte {} is no text in UTF-8",
            error.valid_up_to()
        )
    })?;
    let text = text.trim_start_matches('\u{feff}');
    parse_map(text).map_err(|error| in_words(text, &error))
}

fn in_words(text: &str, error: &CatalogError) -> String {
    let text = text.trim_start();
    match error {
        _ if text.is_empty() => "not a price map: the answer is empty".to_owned(),
        _ if text.starts_with('<') => {
            format!("not a price map but a page: it begins with {:?}", beginning(text))
        }
        CatalogError::NotAMap { source } if source.is_eof() => format!(
            "the price map is truncated: it ends within line {}, column {}, after {} bytes",
            source.line(),
            source.column(),
            text.len()
        ),
        CatalogError::NotAMap { source } => {
            format!("not a price map: {source}; it begins with {:?}", beginning(text))
        }
        CatalogError::NothingPriced { .. } => format!("not a price map: {error}"),
        _ => error.to_string(),
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_wrong_body_is_told_apart() {
        let whole = r#"{"a": {"input_cost_per_token": 1e-06}, "b": {"input_cost_per_token": 1e-06}}"#;
        assert_eq!(read(whole.as_bytes()).unwrap().models.len(), 2);
        assert!(read(format!("\u{feff}{whole}").as_bytes()).is_ok());
        for (body, expected) in [
            (&whole[..40], "truncated"),
            (
                "<!DOCTYPE html><title>502</title>",
                "but a page: it begins with \"<!DOCTYPE html>",
            ),
            ("", "empty"),
            ("[]", "not a price map: "),
            ("404: Not Found", "it begins with \"404: Not Found\""),
            (
                r#"{"a": {"mode": "chat"}}"#,
                "none of the price map's 1 entries carries a price",
            ),
        ] {
            let error = read(body.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{body:?}: {error}");
        }
        assert!(read(&[0x1f, 0x8b, 0x08]).unwrap_err().contains("UTF-8"));
    }
}
