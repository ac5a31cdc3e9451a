//! The members of one JSON object, unparsed.

use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The wanted members of a JSON object in order of appearance, values borrowed as they are written. Everything
/// else is only checked to be JSON. Key repetitions are kept; no depth of nesting uses the stack.
///
/// # Errors
/// When the text is not JSON, or not an object.
pub(crate) fn members(
    json: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> serde_json::Result<Vec<(String, &RawValue)>> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let members = deserializer.deserialize_map(Members(wanted))?;
    deserializer.end()?;
    Ok(members)
}

struct Members<F>(F);

impl<'de, F: Fn(&str) -> bool> Visitor<'de> for Members<F> {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if (self.0)(&key) {
                members.push((key, map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_members_come_verbatim_and_in_order() {
        let found = members(br#"{"a": {"x" : 1} ,"b":2,"a":"\u0041"}"#, |key| key == "a").unwrap();
        let texts: Vec<_> = found.iter().map(|(_, raw)| raw.get()).collect();
        assert_eq!(texts, [r#"{"x" : 1}"#, r#""\u0041""#]);
    }

    #[test]
    fn what_is_no_object_is_refused_and_depth_is_no_danger() {
        for bad in ["", "[]", "{", "{}x", "{\"a\":}", "nul"] {
            assert!(members(bad.as_bytes(), |_| true).is_err(), "{bad}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(members(deep.as_bytes(), |_| true).unwrap().len(), 1);
    }
}
