//! JSON objects whose values stay text: numbers keep their literal, nothing becomes a float.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::CatalogError;

/// Keys of the map that describe the map itself.
const NOT_MODELS: &[&str] = &["sample_spec", "fallback_generalizations"];

/// An object's entries in the order they are written.
pub(crate) type Entries<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Splits a map into its entries.
///
/// # Errors
/// [`CatalogError::NotAMap`].
pub(crate) fn entries(json: &str) -> Result<Entries<'_>, CatalogError> {
    serde_json::from_str::<Object<'_>>(json)
        .map(|object| object.0)
        .map_err(|source| CatalogError::NotAMap { source })
}

/// Whether an entry of the map is a model.
pub(crate) fn is_model(key: &str, value: &RawValue) -> bool {
    !key.is_empty() && !NOT_MODELS.contains(&key) && value.get().starts_with('{')
}

#[derive(Default)]
pub(super) struct Object<'a>(pub(super) Entries<'a>);

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = Object::default();
        while let Some(Key(key)) = map.next_key()? {
            object.0.push((key, map.next_value()?));
        }
        Ok(object)
    }
}
