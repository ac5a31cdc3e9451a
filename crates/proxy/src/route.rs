//! An upstream made ready for forwarding.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderName, HeaderValue, Uri};
use secrecy::{ExposeSecret as _, SecretString};
use tollgate_domain::ports::UpstreamWithCredential;
use tollgate_domain::{Dialect, Upstream, UpstreamRef};

/// An upstream with everything a request to it needs.
pub(crate) struct Route {
    pub(crate) upstream: Upstream,
    pub(crate) reference: Arc<UpstreamRef>,
    base: Base,
    credential: Option<Credential>,
    /// Set once the upstream has refused `stream_options`.
    refuses_stream_options: AtomicBool,
}

struct Base {
    scheme: Scheme,
    authority: Authority,
    /// Path before the protocol's own, without a slash at its end.
    prefix: String,
}

/// The header values, marked sensitive so that they are never logged.
struct Credential {
    bare: HeaderValue,
    bearer: HeaderValue,
}

/// Why an upstream cannot take traffic.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RouteError {
    #[error("its base URL is not of the form https://host/path")]
    BaseUrl,
    #[error("its base URL carries a user name or password; store the credential instead")]
    UserInfo,
    #[error("its credential has characters that cannot be sent in a header")]
    Credential,
}

impl Route {
    pub(crate) fn try_new(with_credential: UpstreamWithCredential) -> Result<Self, RouteError> {
        let UpstreamWithCredential { upstream, credential } = with_credential;
        let base = Base::parse(&upstream.base_url)?;
        let credential = credential.as_ref().map(Credential::try_new).transpose()?;
        let reference = Arc::new(UpstreamRef {
            id: upstream.id,
            name: upstream.name.as_str().into(),
            provider: upstream.provider.clone(),
            account_label: upstream.account_label.as_deref().map(Into::into),
            credential_fingerprint: upstream.credential_fingerprint.as_deref().map(Into::into),
            bill_by: upstream.bill_by,
            reported_cost: upstream.reported_cost,
            price_modifiers: upstream.price_modifiers.as_slice().into(),
        });
        let refuses_stream_options = AtomicBool::new(false);
        Ok(Self {
            upstream,
            reference,
            base,
            credential,
            refuses_stream_options,
        })
    }

    /// Where a protocol path is at this upstream. A version that ends the base URL (`…/v1`) and begins the path
    /// (`/v1/…`) is the same one.
    pub(crate) fn uri(&self, path: &str, query: Option<&str>) -> Option<Uri> {
        let version = path.split('/').nth(1).unwrap_or_default();
        let prefix = match self.base.prefix.strip_suffix(version) {
            Some(shorter) if shorter.ends_with('/') => shorter.trim_end_matches('/'),
            _ => &self.base.prefix,
        };
        let target = match query {
            Some(query) => format!("{prefix}{path}?{query}"),
            None => format!("{prefix}{path}"),
        };
        Uri::builder()
            .scheme(self.base.scheme.clone())
            .authority(self.base.authority.clone())
            .path_and_query(PathAndQuery::try_from(target).ok()?)
            .build()
            .ok()
    }

    /// The header that authenticates the gateway in a dialect, if the upstream needs one.
    pub(crate) fn credential(&self, dialect: Dialect) -> Option<(HeaderName, HeaderValue)> {
        let credential = self.credential.as_ref()?;
        Some(match dialect {
            Dialect::Openai => (http::header::AUTHORIZATION, credential.bearer.clone()),
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), credential.bare.clone()),
            Dialect::Gemini => (HeaderName::from_static("x-goog-api-key"), credential.bare.clone()),
        })
    }

    pub(crate) fn refuses_stream_options(&self) -> bool {
        self.refuses_stream_options.load(Ordering::Relaxed)
    }

    pub(crate) fn remember_refusal_of_stream_options(&self) {
        if !self.refuses_stream_options.swap(true, Ordering::Relaxed) {
            let upstream = &self.upstream.name;
            tracing::warn!(
                upstream,
                "the upstream refuses stream_options: its streams may carry no usage"
            );
        }
    }
}

impl Base {
    fn parse(text: &str) -> Result<Self, RouteError> {
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
        let prefix = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        Ok(Self {
            scheme,
            authority,
            prefix: prefix.trim_end_matches('/').to_owned(),
        })
    }
}

impl Credential {
    fn try_new(secret: &SecretString) -> Result<Self, RouteError> {
        let header = |text: &str| {
            let mut value = HeaderValue::from_str(text).map_err(|_| RouteError::Credential)?;
            value.set_sensitive(true);
            Ok(value)
        };
        let secret = secret.expose_secret();
        Ok(Self {
            bare: header(secret)?,
            bearer: header(&format!("Bearer {secret}"))?,
        })
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Route")
            .field("upstream", &self.upstream.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::upstream;

    fn route(base_url: &str) -> Result<Route, RouteError> {
        let mut given = upstream("u");
        given.upstream.base_url = base_url.to_owned();
        Route::try_new(given)
    }

    #[test]
    fn the_base_url_is_a_prefix_and_its_version_is_not_doubled() {
        let uri = |base: &str, query| {
            route(base)
                .unwrap()
                .uri("/v1/messages", query)
                .unwrap()
                .to_string()
        };
        assert_eq!(
            uri("https://api.example.com", None),
            "https://api.example.com/v1/messages"
        );
        assert_eq!(
            uri("https://api.example.com/", Some("a=b")),
            "https://api.example.com/v1/messages?a=b"
        );
        assert_eq!(
            uri("https://api.example.com/api/v1/", None),
            "https://api.example.com/api/v1/messages"
        );
        assert_eq!(
            uri("https://api.example.com/api-v1", None),
            "https://api.example.com/api-v1/v1/messages"
        );
        assert_eq!(
            uri("http://127.0.0.1:8080/x", None),
            "http://127.0.0.1:8080/x/v1/messages"
        );
    }

    #[test]
    fn base_urls_that_cannot_be_called_are_refused() {
        assert_eq!(route("api.example.com").unwrap_err(), RouteError::BaseUrl);
        assert_eq!(route("ftp://api.example.com").unwrap_err(), RouteError::BaseUrl);
        assert_eq!(
            route("https://user:pw@api.example.com").unwrap_err(),
            RouteError::UserInfo
        );
    }

    #[test]
    fn credentials_go_where_the_dialect_has_them_and_stay_out_of_debug_output() {
        let route = route("https://api.example.com").unwrap();
        for (dialect, name, value) in [
            (Dialect::Openai, "authorization", "Bearer provider-secret"),
            (Dialect::Anthropic, "x-api-key", "provider-secret"),
            (Dialect::Gemini, "x-goog-api-key", "provider-secret"),
        ] {
            let (header, secret) = route.credential(dialect).unwrap();
            assert_eq!((header.as_str(), secret.to_str().unwrap()), (name, value));
            assert!(!format!("{secret:?} {route:?}").contains("provider-secret"));
        }
    }
}
