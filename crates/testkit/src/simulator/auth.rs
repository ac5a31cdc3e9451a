//! The provider's credential, where each dialect carries it.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::protocol::Dialect;

/// The credential a request carries, right or wrong.
pub(super) fn credential(dialect: Dialect, headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = || header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let found = match dialect {
        // The second is Azure's.
        Dialect::OpenAi => bearer().or_else(|| header("api-key")),
        // Both are accepted; the current SDK sends its key as a bearer token.
        Dialect::Anthropic => header("x-api-key").or_else(bearer),
        Dialect::Gemini => {
            header("x-goog-api-key").or_else(|| query.and_then(|query| parameter(query, "key")))
        }
    };
    found.map(str::to_owned)
}

/// A query parameter's value, not decoded: credentials and flags need no escapes.
pub(super) fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_reads_its_own_headers() {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", "a".parse().unwrap());
        assert_eq!(
            credential(Dialect::Anthropic, &headers, None).as_deref(),
            Some("a")
        );
        assert_eq!(credential(Dialect::OpenAi, &headers, None), None);
        headers.insert("authorization", "Bearer b".parse().unwrap());
        assert_eq!(credential(Dialect::OpenAi, &headers, None).as_deref(), Some("b"));
        assert_eq!(
            credential(Dialect::Anthropic, &headers, None).as_deref(),
            Some("a")
        );
        assert_eq!(
            credential(Dialect::Gemini, &headers, Some("alt=sse&key=k")).as_deref(),
            Some("k")
        );
    }
}
