//! JSON bodies: single members, without a tree of the rest.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use tollgate_domain::ModelName;

/// The wanted members of an object, in order, as they are written.
pub(super) fn members<'b>(
    body: &'b [u8],
    wanted: &[&str],
) -> serde_json::Result<Vec<(String, &'b RawValue)>> {
    struct Wanted<'w>(&'w [&'w str]);

    impl<'b> Visitor<'b> for Wanted<'_> {
        type Value = Vec<(String, &'b RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = Vec::new();
            while let Some(key) = map.next_key::<Cow<'b, str>>()? {
                if self.0.contains(&&*key) {
                    found.push((key.into_owned(), map.next_value()?));
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }
    }

    let mut reader = serde_json::Deserializer::from_slice(body);
    let found = reader.deserialize_map(Wanted(wanted))?;
    reader.end()?;
    Ok(found)
}

/// The model a body names at its top, and where its JSON string stands.
///
/// # Errors
/// What is wrong with the body, for its sender.
pub(super) fn model(body: &[u8]) -> Result<Option<(ModelName, Range<usize>)>, String> {
    let found = members(body, &["model"]).map_err(|_| "it is not a JSON object".to_owned())?;
    let Some((_, raw)) = found.last() else {
        return Ok(None);
    };
    let name: String = serde_json::from_str(raw.get()).map_err(|_| "`model` must be a string".to_owned())?;
    Ok(span(body, raw).map(|span| (ModelName::new(name), span)))
}

/// A whole number at the top of a request that has been found to be JSON.
pub(super) fn number(body: &[u8], name: &str) -> Option<u64> {
    let found = members(body, &[name]).unwrap_or_default();
    found.last()?.1.get().parse().ok()
}

/// The body with one more member, at its beginning. The body must be an object.
pub(crate) fn with_member(body: &[u8], name: &str, value: &str) -> Option<Vec<u8>> {
    let at = body.iter().position(|byte| *byte == b'{')? + 1;
    let (head, rest) = body.split_at_checked(at)?;
    let is_empty = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'}');
    let comma = if is_empty { "" } else { "," };
    let (name, value) = (serde_json::Value::from(name), serde_json::Value::from(value));
    let member = format!("{name}:{value}{comma}");
    Some([head, member.as_bytes(), rest].concat())
}

/// Where a borrowed value stands in the body it was borrowed from.
pub(super) fn span(body: &[u8], raw: &RawValue) -> Option<Range<usize>> {
    let start = raw.get().as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    let end = start.checked_add(raw.get().len())?;
    (end <= body.len()).then_some(start..end)
}
