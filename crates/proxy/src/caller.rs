//! What a request says of its caller.

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderMap;
use tollgate_domain::CallerRef;

/// Comma-separated `key=value` pairs; keys that the configuration does not allow are ignored.
const METADATA: &str = "x-tollgate-metadata";

/// Reads the caller's own ids and labels from its headers; `end_user` comes from the body.
pub(crate) fn caller(headers: &HeaderMap, end_user: Option<String>, allowed: &BTreeSet<String>) -> CallerRef {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(ToOwned::to_owned)
    };
    CallerRef {
        request_id: text("x-request-id").or_else(|| text("x-client-request-id")),
        idempotency_key: text("idempotency-key"),
        sdk_retry_count: text("x-stainless-retry-count").and_then(|count| count.parse().ok()),
        end_user,
        metadata: metadata(headers, allowed),
    }
}

fn metadata(headers: &HeaderMap, allowed: &BTreeSet<String>) -> BTreeMap<String, String> {
    if allowed.is_empty() {
        return BTreeMap::new();
    }
    let values = headers
        .get_all(METADATA)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = values
        .flat_map(|value| value.split(','))
        .filter_map(|pair| pair.split_once('='));
    let trimmed = pairs.map(|(key, value)| (key.trim(), value.trim()));
    trimmed
        .filter(|(key, _)| allowed.contains(*key))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kept_and_metadata_is_limited_to_what_is_allowed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-client-request-id", "mine".parse().unwrap());
        headers.insert("x-stainless-retry-count", "2".parse().unwrap());
        headers.insert(METADATA, "project = apollo , secret=1".parse().unwrap());
        headers.append(METADATA, "stage=dev".parse().unwrap());
        let allowed = ["project".to_owned(), "stage".to_owned()].into();
        let caller = caller(&headers, Some("user-7".to_owned()), &allowed);
        assert_eq!(caller.request_id.as_deref(), Some("mine"));
        assert_eq!(caller.sdk_retry_count, Some(2));
        assert_eq!(caller.end_user.as_deref(), Some("user-7"));
        let kept: Vec<_> = caller.metadata.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(kept, ["project=apollo", "stage=dev"]);
    }
}
