//! Small conversions between columns and domain types.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tollgate_domain::{ModelName, OnUnpriced};

use crate::error::Corrupt;

/// The member of a closed set with this stable name.
pub(super) fn named<T: Copy>(
    what: &'static str,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<T, Corrupt> {
    let found = all.iter().copied().find(|member| name_of(*member) == name);
    found.ok_or_else(|| Corrupt::new(what, format!("{name:?} is none of the known names")))
}

/// The policy of this stable name.
pub(super) fn on_unpriced(what: &'static str, name: Option<&str>) -> Result<Option<OnUnpriced>, Corrupt> {
    name.map(|name| named(what, name, &OnUnpriced::ALL, OnUnpriced::as_str))
        .transpose()
}

/// A value as canonical JSON text.
pub(super) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String, Corrupt> {
    serde_json::to_string(value).map_err(Corrupt::of(what))
}

/// A value from JSON text.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Corrupt> {
    serde_json::from_str(text).map_err(Corrupt::of(what))
}

/// A number of another width.
pub(super) fn number<N: TryInto<M>, M>(what: &'static str, number: N) -> Result<M, Corrupt> {
    number
        .try_into()
        .map_err(|_| Corrupt::new(what, "the number is out of range"))
}

/// A number of another width, where there is one.
pub(super) fn optional_number<N: TryInto<M>, M>(
    what: &'static str,
    value: Option<N>,
) -> Result<Option<M>, Corrupt> {
    value.map(|value| number(what, value)).transpose()
}

pub(super) fn model_text(name: Option<&ModelName>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}

pub(super) fn model(name: Option<String>) -> Option<ModelName> {
    name.map(ModelName::new)
}

pub(super) fn text(shared: Option<&Arc<str>>) -> Option<String> {
    shared.map(ToString::to_string)
}
