//! The session cookie, and the token that proves a request comes from the console's own page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{COOKIE, HeaderName};
use http::{HeaderMap, HeaderValue};
use ring::hmac;

/// The cookie's name; over https it has the prefix that ties it to this host.
const NAME: &str = "tollgate-session";
const SECURE_NAME: &str = "__Host-tollgate-session";
/// Where a page puts the token.
pub(crate) const CSRF_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// What the session's secret signs to make the token.
const CSRF_MESSAGE: &[u8] = b"tollgate csrf token";

/// The secret of the session a request names.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';'));
    let mut found = None;
    for pair in pairs {
        if let Some((name, value)) = pair.trim().split_once('=') {
            match name {
                SECURE_NAME => return Some(value),
                NAME => found = Some(value),
                _ => {}
            }
        }
    }
    found.filter(|secret| !secret.is_empty())
}

/// The `Set-Cookie` that opens a session.
pub(crate) fn opened(headers: &HeaderMap, secret: &str, seconds: i64) -> Option<HeaderValue> {
    let value = if is_https(headers) {
        format!("{SECURE_NAME}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict; Secure")
    } else {
        format!("{NAME}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict")
    };
    let mut value = HeaderValue::try_from(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The `Set-Cookie`s that end one, whichever way it came.
pub(crate) fn ended() -> [HeaderValue; 2] {
    [
        HeaderValue::from_static("tollgate-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
        HeaderValue::from_static(
            "__Host-tollgate-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure",
        ),
    ]
}

/// The token that goes with a session: only who has read an answer can know it, the cookie's value stays hidden from
/// every page.
pub(crate) fn csrf_token(secret: &str) -> String {
    let tag = hmac::sign(&key(secret), CSRF_MESSAGE);
    URL_SAFE_NO_PAD.encode(tag)
}

/// Whether a request carries the token of its session. Compared in constant time.
pub(crate) fn has_csrf_token(headers: &HeaderMap, secret: &str) -> bool {
    let presented = headers.get(CSRF_HEADER);
    let presented = presented.and_then(|value| URL_SAFE_NO_PAD.decode(value).ok());
    presented.is_some_and(|tag| hmac::verify(&key(secret), CSRF_MESSAGE, &tag).is_ok())
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

/// The gateway itself speaks plain HTTP; a proxy in front of it says what the browser speaks. Who lies about it only
/// harms a cookie of their own.
fn is_https(headers: &HeaderMap) -> bool {
    let proto = headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
    let first = proto.and_then(|text| text.split(',').next());
    first.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let read = |cookie: &str| session_secret(&headers(&[("cookie", cookie)])).map(ToOwned::to_owned);
        assert_eq!(read("a=b; tollgate-session=s1; c=d").as_deref(), Some("s1"));
        assert_eq!(
            read("tollgate-session=s1; __Host-tollgate-session=s2").as_deref(),
            Some("s2")
        );
        for none in ["", "a=b", "tollgate-session=", "xtollgate-session=s1"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn the_cookie_is_secure_where_the_browser_speaks_https() {
        let plain = opened(&headers(&[]), "s", 60).unwrap();
        assert_eq!(
            plain,
            "tollgate-session=s; Path=/; Max-Age=60; HttpOnly; SameSite=Strict"
        );
        let secure = opened(&headers(&[("x-forwarded-proto", "https, http")]), "s", 60).unwrap();
        assert_eq!(
            secure,
            "__Host-tollgate-session=s; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
        );
    }

    #[test]
    fn only_the_sessions_own_token_passes() {
        let with = |token: &str| headers(&[("x-csrf-token", token)]);
        assert!(has_csrf_token(&with(&csrf_token("one")), "one"));
        assert!(!has_csrf_token(&with(&csrf_token("two")), "one"));
        assert!(!has_csrf_token(&with("one"), "one"));
        assert!(!has_csrf_token(&headers(&[]), "one"));
    }
}
