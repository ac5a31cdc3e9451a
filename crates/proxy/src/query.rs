//! The query string: Gemini callers may carry their key in it.

use percent_encoding::percent_decode_str;

/// Parameters that authenticate; none of them is forwarded.
const CREDENTIALS: [&str; 3] = ["key", "access_token", "oauth_token"];

/// The caller's key, decoded.
pub(crate) fn key(query: &str) -> Option<String> {
    let (_, value) = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "key")?;
    percent_decode_str(value)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// The query without what authenticates the caller; every other byte stays as it is.
pub(crate) fn without_credentials(query: &str) -> Option<String> {
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_credential(pair)).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// A parameter's value, as it stands there.
pub(crate) fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A parameter's value, decoded.
pub(crate) fn decoded(query: &str, name: &str) -> Option<String> {
    let value = parameter(query, name)?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// The query without a parameter.
pub(crate) fn without(query: &str, name: &str) -> Option<String> {
    let kept: Vec<&str> = query.split('&').filter(|pair| named(pair) != name).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// A caller's query with standing parameters, which replace those of the same names.
pub(crate) fn merged(caller: Option<&str>, standing: Option<&str>) -> Option<String> {
    let Some(standing) = standing else {
        return caller.map(ToOwned::to_owned);
    };
    let replaced = |pair: &&str| standing.split('&').any(|other| named(other) == named(pair));
    let kept = caller
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| !replaced(pair));
    let pairs: Vec<&str> = kept.chain(std::iter::once(standing)).collect();
    Some(pairs.join("&"))
}

fn named(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

fn is_credential(pair: &str) -> bool {
    let name = named(pair);
    let name = percent_decode_str(name).decode_utf8_lossy();
    CREDENTIALS
        .iter()
        .any(|credential| name.eq_ignore_ascii_case(credential))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_and_removed_wherever_it_stands() {
        assert_eq!(key("alt=sse&key=a%2Bb").as_deref(), Some("a+b"));
        assert_eq!(
            without_credentials("key=k&alt=sse&x=%20").as_deref(),
            Some("alt=sse&x=%20")
        );
        assert_eq!(without_credentials("alt=sse&k%65y=k").as_deref(), Some("alt=sse"));
        assert_eq!(without_credentials("key=k"), None);
        assert_eq!(key("monkey=1"), None);
    }
}
