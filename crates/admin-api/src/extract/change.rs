//! Optional fields of request bodies: absent, null and given are three things.

use serde::{Deserialize, Deserializer};

/// What an edit does to a field that may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Change<T> {
    /// The field is absent: it stays.
    #[default]
    Keep,
    /// The field is null: it is emptied.
    Clear,
    /// The field has a value.
    Set(T),
}

impl<T> Change<T> {
    /// The value after the edit.
    pub(crate) fn onto(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

/// For `deserialize_with` on optional fields that may be absent but not null.
pub(crate) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Request {
        #[serde(default)]
        owner: Change<String>,
        #[serde(default, deserialize_with = "given")]
        enabled: Option<bool>,
    }

    fn read(json: &str) -> Result<Request, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn absent_null_and_given_are_told_apart() {
        let current = || Some("then".to_owned());
        assert_eq!(read("{}").unwrap().owner.onto(current()), current());
        assert_eq!(read(r#"{"owner":null}"#).unwrap().owner.onto(current()), None);
        let set = read(r#"{"owner":"now"}"#).unwrap().owner.onto(current());
        assert_eq!(set.as_deref(), Some("now"));
    }

    #[test]
    fn null_is_refused_where_nothing_can_be_emptied() {
        assert_eq!(read("{}").unwrap().enabled, None);
        assert_eq!(read(r#"{"enabled":false}"#).unwrap().enabled, Some(false));
        assert!(read(r#"{"enabled":null}"#).is_err());
    }
}
