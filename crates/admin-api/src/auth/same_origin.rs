//! Whether a browser sent a request from another site.

use http::HeaderMap;
use http::header::{HOST, HeaderName, ORIGIN};

use crate::problem::{Problem, ProblemType};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Refuses what a browser says comes from elsewhere. Browsers always say so; what is no browser has no cookie that
/// somebody else could make it send.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    if comes_from_elsewhere(headers) {
        let detail = "the browser says that another site sent this request";
        return Err(Problem::new(ProblemType::CrossSite, detail));
    }
    Ok(())
}

fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = text(&ORIGIN) else {
        return false;
    };
    let Some((_, origin)) = origin.split_once("://") else {
        return true;
    };
    let hosts = [text(&FORWARDED_HOST), text(&HOST)];
    !hosts
        .into_iter()
        .flatten()
        .any(|host| host.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_site_sends_is_told_by_either_header() {
        let elsewhere = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("host", "gateway.example:8787".parse().unwrap());
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            comes_from_elsewhere(&headers)
        };
        assert!(!elsewhere(&[]));
        assert!(!elsewhere(&[("sec-fetch-site", "same-origin")]));
        assert!(!elsewhere(&[("sec-fetch-site", "none")]));
        assert!(elsewhere(&[("sec-fetch-site", "same-site")]));
        assert!(elsewhere(&[("sec-fetch-site", "cross-site")]));
        assert!(!elsewhere(&[("origin", "http://gateway.example:8787")]));
        assert!(!elsewhere(&[
            ("origin", "https://llm.example"),
            ("x-forwarded-host", "llm.example")
        ]));
        assert!(elsewhere(&[("origin", "http://gateway.example")]));
        assert!(elsewhere(&[("origin", "null")]));
    }
}
