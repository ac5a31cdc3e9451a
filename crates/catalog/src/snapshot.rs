//! The snapshot of LiteLLM's map that ships with the binary.
//!
//! LiteLLM's own field names and literal numbers, prices only, one model a line, sorted: the same parser reads
//! it and the live map, and a change of a price is a one-line diff.

#[cfg(feature = "bundled")]
use std::sync::OnceLock;

#[cfg(feature = "bundled")]
use sha2::{Digest, Sha256};
#[cfg(feature = "bundled")]
use tollgate_domain::{NewRelease, ReleaseId, ReleaseOrigin};

use crate::map::{entries, is_model};
use crate::{CatalogError, FieldClass, parse_map};

/// The bundled snapshot's text (feature `bundled`).
#[cfg(feature = "bundled")]
pub const BUNDLED: &str = include_str!("../data/snapshot.json");

/// Limits worth showing beside a price although they are none.
const KEPT: &[&str] = &["max_input_tokens", "max_output_tokens"];

/// Makes a snapshot of a map. Reading the snapshot gives the same prices as reading the map.
///
/// # Errors
/// As [`parse_map`]: a map that cannot be read is not worth shipping.
pub fn import(map_json: &str) -> Result<String, CatalogError> {
    parse_map(map_json)?;
    let mut lines = std::collections::BTreeMap::new();
    for (key, value) in entries(map_json)? {
        if !is_model(&key, value) {
            continue;
        }
        let fields: Vec<String> = entries(value.get())?
            .into_iter()
            .filter(|(field, _)| KEPT.contains(&&**field) || FieldClass::of(field) != FieldClass::NotAPrice)
            .map(|(field, value)| format!("{}:{}", quoted(&field), compact(value.get())))
            .collect();
        lines.insert(
            key.clone().into_owned(),
            format!("{}:{{{}}}", quoted(&key), fields.join(",")),
        );
    }
    let lines: Vec<String> = lines.into_values().collect();
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

/// The bundled snapshot as a release to publish (feature `bundled`).
///
/// # Errors
/// [`CatalogError`] if the snapshot is damaged.
#[cfg(feature = "bundled")]
pub fn bundled_release(id: ReleaseId, author: &str) -> Result<NewRelease, CatalogError> {
    Ok(parse_map(BUNDLED)?.into_release(id, ReleaseOrigin::Bundled, author))
}

/// How this version reads maps: a digest of the cards it makes of the bundled snapshot. Where it differs, the same map
/// may say something else now.
#[cfg(feature = "bundled")]
pub fn grammar() -> &'static str {
    static GRAMMAR: OnceLock<String> = OnceLock::new();
    GRAMMAR.get_or_init(|| {
        let mut digest = Sha256::new();
        let models = parse_map(BUNDLED).map(|map| map.models).unwrap_or_default();
        for model in models {
            digest.update(model.name.as_str());
            digest.update([0]);
            if let Some(card) = model.card {
                digest.update(card.id().as_bytes());
            }
        }
        hex::encode(digest.finalize())
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// JSON without the white space between its tokens; every token stays as written.
fn compact(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|&c| {
            let keep = in_text || !c.is_ascii_whitespace();
            if c == '"' && !escaped {
                in_text = !in_text;
            }
            escaped = in_text && c == '\\' && !escaped;
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compacting_leaves_text_alone() {
        assert_eq!(
            compact("{ \"a b\" :\n [1.50e-06 , \"c \\\" d\"] }"),
            "{\"a b\":[1.50e-06,\"c \\\" d\"]}"
        );
    }
}
