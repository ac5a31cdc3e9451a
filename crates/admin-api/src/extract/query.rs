//! Query parameters, each fault named.

use axum::extract::{FromRequestParts, RawQuery};
use http::request::Parts;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::cursor::Listed;
use crate::field::FieldErrors;
use crate::problem::Problem;

/// The parameters of a query; each is taken once, and what nobody took is refused: a mistyped filter must not
/// show everything.
#[derive(Debug)]
pub(crate) struct QueryReader {
    pairs: Vec<(String, String)>,
    errors: FieldErrors,
    listed: Listed,
}

impl QueryReader {
    fn new(path: &str, query: &str) -> Self {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let parameters = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Self {
            listed: Listed::of(path, parameters),
            pairs,
            errors: FieldErrors::default(),
        }
    }

    /// Which list is asked for, with which filters.
    pub(crate) const fn listed(&self) -> Listed {
        self.listed
    }

    /// Takes the place where the page before ended.
    pub(crate) fn take_cursor<T: DeserializeOwned>(&mut self) -> Option<T> {
        let listed = self.listed;
        self.take("cursor", |text| listed.decode(text))
    }

    /// Takes a parameter; `parse` returns a message for the caller if the value does not fit.
    pub(crate) fn take<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let mut values = Vec::new();
        self.pairs.retain_mut(|(key, value)| {
            let taken = key == name;
            if taken {
                values.push(std::mem::take(value));
            }
            !taken
        });
        match values.as_slice() {
            [] => None,
            [value] => self.errors.keep(name, parse(value)),
            _ => {
                self.errors.push(name, "is given more than once");
                None
            }
        }
    }

    /// Takes a free text that must not be empty.
    pub(crate) fn take_text(&mut self, name: &str) -> Option<String> {
        self.take(name, |text| match text {
            "" => Err("must not be empty".to_owned()),
            text => Ok(text.to_owned()),
        })
    }

    /// Notes a fault that is not one parameter's alone.
    pub(crate) fn refuse(&mut self, name: &str, message: String) {
        self.errors.push(name, message);
    }

    /// All parameters are taken.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            self.errors.push(name, "is not a parameter of this list");
        }
        self.errors.into_result().map_err(Problem::invalid)
    }
}

/// Reads a yes or no; the error is a message for the caller.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(format!("{other:?} is neither true nor false")),
    }
}

/// Reads an id; the error is a message for the caller.
pub(crate) fn parse_id(text: &str) -> Result<Uuid, String> {
    text.parse().map_err(|_| format!("{text:?} is no UUID"))
}

impl<S: Send + Sync> FromRequestParts<S> for QueryReader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let RawQuery(query) = RawQuery::from_request_parts(parts, state).await?;
        Ok(Self::new(parts.uri.path(), query.as_deref().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_query_is_named_at_once() {
        let mut query = QueryReader::new("/", "limit=x&model=&model=a&colour=red&team=");
        assert_eq!(query.take("limit", crate::cursor::parse_limit), None);
        assert_eq!(query.take_text("model"), None);
        assert_eq!(query.take_text("team"), None);
        let problem = format!("{:?}", query.finish().unwrap_err());
        for name in ["limit", "model", "team", "colour"] {
            assert!(
                problem.contains(&format!("field: {name:?}")),
                "{name} in {problem}"
            );
        }
    }

    #[test]
    fn an_escaped_value_is_decoded() {
        let mut query = QueryReader::new("/", "model=a%2Fb+c");
        assert_eq!(query.take_text("model").as_deref(), Some("a/b c"));
        assert!(query.finish().is_ok());
    }
}
