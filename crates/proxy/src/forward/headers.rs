//! Which headers pass, in each direction.

use http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use tollgate_domain::Dialect;

use crate::route::Route;

/// Belong to one connection, not to the message (RFC 9110 §7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a caller's request keeps to itself: every kind of credential, whatever selects which provider account
/// pays (that is the upstream's business), and where the caller is.
const NOT_FORWARDED: [&str; 24] = [
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-goog-user-project",
    "openai-organization",
    "openai-project",
    "cookie",
    "host",
    "content-length",
    "accept-encoding",
    "expect",
    "forwarded",
    "via",
    "x-real-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// What concerns the provider's own address only; a caller of the gateway must not take it over.
const NOT_RETURNED: [&str; 3] = ["set-cookie", "alt-svc", "strict-transport-security"];

/// The gateway's own headers; nobody else may set them.
const OWN_PREFIX: &str = "x-tollgate-";

/// The headers of a request as the upstream gets them.
pub(crate) fn for_upstream(caller: &HeaderMap, route: &Route, dialect: Dialect) -> HeaderMap {
    let mut headers = passing(caller, &NOT_FORWARDED);
    // The meter reads plain bytes.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some((name, value)) = route.credential(dialect) {
        headers.insert(name, value);
    }
    headers
}

/// The headers of a response as the caller gets them. `same_length` tells whether the body passes unchanged.
pub(crate) fn for_caller(upstream: &HeaderMap, same_length: bool) -> HeaderMap {
    let mut headers = passing(upstream, &NOT_RETURNED);
    if !same_length {
        headers.remove(CONTENT_LENGTH);
    }
    headers.remove(HOST);
    headers
}

fn passing(given: &HeaderMap, withheld: &[&str]) -> HeaderMap {
    let named: Vec<&str> = given
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
        .collect();
    let stays = |name: &HeaderName| {
        let name = name.as_str();
        HOP_BY_HOP.contains(&name)
            || withheld.contains(&name)
            || name.starts_with(OWN_PREFIX)
            || named.iter().any(|named| named.eq_ignore_ascii_case(name))
    };
    given
        .iter()
        .filter(|(name, _)| !stays(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::upstream;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn no_credential_of_the_caller_reaches_the_upstream() {
        let caller = headers(&[
            ("authorization", "Bearer caller"),
            ("x-api-key", "caller"),
            ("api-key", "caller"),
            ("x-goog-api-key", "caller"),
            ("cookie", "session=caller"),
            ("proxy-authorization", "Basic caller"),
            ("openai-organization", "org-caller"),
            ("connection", "keep-alive, X-Secret"),
            ("x-secret", "caller"),
            ("x-tollgate-metadata", "a=caller"),
            ("x-forwarded-for", "caller"),
            ("x-forwarded-port", "caller"),
            ("true-client-ip", "caller"),
            ("accept-encoding", "gzip"),
            ("anthropic-version", "2023-06-01"),
            ("anthropic-beta", "a"),
            ("anthropic-beta", "b"),
            ("x-stainless-lang", "python"),
        ]);
        let route = Route::try_new(upstream("u")).unwrap();
        let sent = for_upstream(&caller, &route, Dialect::Anthropic);
        assert!(!format!("{sent:?}").contains("caller"), "{sent:?}");
        assert_eq!(sent["x-api-key"], "provider-secret");
        assert_eq!(sent["accept-encoding"], "identity");
        assert_eq!(sent["anthropic-version"], "2023-06-01");
        assert_eq!(sent.get_all("anthropic-beta").iter().count(), 2);
        assert_eq!(sent["x-stainless-lang"], "python");
        assert_eq!(sent.len(), 6);
    }

    #[test]
    fn a_response_keeps_its_headers_but_not_the_connection_or_cookies() {
        let upstream = headers(&[
            ("content-type", "application/json"),
            ("content-length", "12"),
            ("x-request-id", "req_1"),
            ("retry-after", "3"),
            ("transfer-encoding", "chunked"),
            ("set-cookie", "__cf_bm=1"),
            ("x-tollgate-cost", "0"),
        ]);
        let passed = for_caller(&upstream, true);
        let mut names: Vec<_> = passed.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["content-length", "content-type", "retry-after", "x-request-id"]
        );
        assert!(!for_caller(&upstream, false).contains_key("content-length"));
    }
}
