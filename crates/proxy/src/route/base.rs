//! An upstream's base URL.

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::RouteError;
use crate::query;

/// Scheme, host, path prefix and standing parameters of every request to an upstream.
pub(super) struct Base {
    scheme: Scheme,
    authority: Authority,
    /// Path before the protocol's own, without a slash at its end.
    prefix: String,
    /// Goes with every request; Azure's version of the API.
    query: Option<String>,
}

impl Base {
    pub(super) fn parse(text: &str) -> Result<Self, RouteError> {
        let parts = text
            .trim()
            .parse::<Uri>()
            .map_err(|_| RouteError::BaseUrl)?
            .into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS);
        let (Some(scheme), Some(authority)) = (scheme, parts.authority) else {
            return Err(RouteError::BaseUrl);
        };
        if authority.as_str().contains('@') {
            return Err(RouteError::UserInfo);
        }
        let path = parts.path_and_query.as_ref();
        let prefix = path.map_or("", PathAndQuery::path);
        let query = path
            .and_then(PathAndQuery::query)
            .filter(|query| !query.is_empty());
        Ok(Self {
            scheme,
            authority,
            prefix: prefix.trim_end_matches('/').to_owned(),
            query: query.map(ToOwned::to_owned),
        })
    }

    /// A parameter that goes with every request.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        query::parameter(self.query.as_deref()?, name)
    }

    /// Where a path is at this base. A first segment that ends the prefix (`…/v1`) and begins the path (`/v1/…`) is
    /// the same one. The base's own parameters replace the caller's of the same names.
    pub(super) fn uri(&self, path: &str, query: Option<&str>) -> Option<Uri> {
        let first = path.split('/').nth(1).unwrap_or_default();
        let prefix = match self.prefix.strip_suffix(first) {
            Some(shorter) if shorter.ends_with('/') => shorter.trim_end_matches('/'),
            _ => &self.prefix,
        };
        let query = query::merged(query, self.query.as_deref());
        let target = match query {
            Some(query) => format!("{prefix}{path}?{query}"),
            None => format!("{prefix}{path}"),
        };
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(PathAndQuery::try_from(target).ok()?)
            .build()
            .ok()
    }
}
