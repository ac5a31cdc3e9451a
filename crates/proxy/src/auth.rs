//! Who is asking.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use tollgate_domain::{KeyRef, Timestamp, TokenHash};

use crate::deferred::upload_owner;
use crate::error::ProxyError;
use crate::table::KeySlot;
use crate::{RoutingTable, query};

/// Finds the caller's key. SDKs may send more than one credential; the first that is known counts.
pub(crate) fn authenticate(
    table: &RoutingTable,
    headers: &HeaderMap,
    query: Option<&str>,
    now: Timestamp,
) -> Result<Arc<KeyRef>, ProxyError> {
    let mut refused = ProxyError::KeyMissing;
    for token in presented(headers, query) {
        match table.key(&TokenHash::of(&token)) {
            Some(key) => match usable(key, now) {
                Ok(key) => return Ok(key),
                Err(error) => refused = error,
            },
            None if matches!(refused, ProxyError::KeyMissing) => refused = ProxyError::KeyUnknown,
            None => {}
        }
    }
    Err(refused)
}

/// The key whose upload an address of the gateway's is for. That the address is not made up is for the upload's own id
/// to show.
pub(crate) fn uploading(
    table: &RoutingTable,
    query: Option<&str>,
    now: Timestamp,
) -> Result<Arc<KeyRef>, ProxyError> {
    let (key, _) = upload_owner(query).ok_or(ProxyError::KeyMissing)?;
    usable(table.key_of(key).ok_or(ProxyError::KeyUnknown)?, now)
}

fn usable(key: &KeySlot, now: Timestamp) -> Result<Arc<KeyRef>, ProxyError> {
    let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
    match key {
        KeySlot { enabled: false, .. } => Err(ProxyError::KeyDisabled),
        key if over(key.expires_at) => Err(ProxyError::KeyExpired),
        key if over(key.retired_at) => Err(ProxyError::KeyReplaced),
        key => Ok(Arc::clone(&key.reference)),
    }
}

fn presented(headers: &HeaderMap, query: Option<&str>) -> impl Iterator<Item = String> {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let tokens = [
        header(AUTHORIZATION.as_str())
            .and_then(bearer)
            .map(ToOwned::to_owned),
        header("x-api-key").map(ToOwned::to_owned),
        header("x-goog-api-key").map(ToOwned::to_owned),
        header("api-key").map(ToOwned::to_owned),
        query.and_then(query::key),
    ];
    tokens.into_iter().flatten().filter(|token| !token.is_empty())
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::table::tests::{key, table};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    fn now() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_place_for_a_key_is_accepted() {
        let table = table(vec![], vec![key("k", "secret")]);
        let places = [
            (headers(&[("authorization", "bearer secret")]), None),
            (headers(&[("x-api-key", "secret")]), None),
            (headers(&[("x-goog-api-key", "secret")]), None),
            (headers(&[("api-key", "secret")]), None),
            (headers(&[]), Some("alt=sse&key=secret")),
            (
                headers(&[("authorization", "Bearer other"), ("x-api-key", "secret")]),
                None,
            ),
        ];
        for (headers, query) in places {
            assert_eq!(&*authenticate(&table, &headers, query, now()).unwrap().name, "k");
        }
    }

    #[test]
    fn a_replaced_token_is_accepted_until_its_grace_is_over() {
        let mut rotated = key("k", "new");
        let grace = |until: &str| tollgate_domain::RetiringToken {
            token_hash: TokenHash::of("old"),
            token_hint: String::new(),
            until: until.parse().unwrap(),
        };
        rotated.retiring = Some(grace("2026-11-22T00:00:01Z"));
        let with = |key: &tollgate_domain::ApiKey, token: &str| {
            let table = table(vec![], vec![key.clone()]);
            let query = format!("key={token}");
            authenticate(&table, &HeaderMap::new(), Some(&query), now()).map_err(|error| error.label())
        };
        for token in ["old", "new"] {
            assert_eq!(&*with(&rotated, token).unwrap().name, "k", "{token}");
        }
        rotated.retiring = Some(grace("2026-11-22T00:00:00Z"));
        assert_eq!(with(&rotated, "old"), Err("key_replaced"));
        assert!(with(&rotated, "new").is_ok());
        rotated.enabled = false;
        assert_eq!(with(&rotated, "old"), Err("key_disabled"));
    }

    #[test]
    fn a_refusal_says_what_is_wrong_with_the_key() {
        let mut disabled = key("disabled", "d");
        disabled.enabled = false;
        let mut expired = key("expired", "e");
        expired.expires_at = Some(now());
        let table = table(vec![], vec![disabled, expired]);
        let label = |token: &'static str| {
            let query = (!token.is_empty()).then(|| format!("key={token}"));
            authenticate(&table, &HeaderMap::new(), query.as_deref(), now())
                .unwrap_err()
                .label()
        };
        assert_eq!(label(""), "key_missing");
        assert_eq!(label("x"), "key_unknown");
        assert_eq!(label("d"), "key_disabled");
        assert_eq!(label("e"), "key_expired");
    }
}
