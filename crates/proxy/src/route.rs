//! An upstream made ready for forwarding.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderName, HeaderValue, Uri};
use secrecy::{ExposeSecret as _, SecretString};
use tollgate_domain::ports::UpstreamWithCredential;
use tollgate_domain::{Dialect, ModelName, RoutingCandidate, RoutingResult, Upstream, UpstreamRef};

use crate::endpoint::{CallPath, azure_has_deployments};

mod base;
mod place;

use base::Base;

/// Providers, in LiteLLM's vocabulary, that take their key in Azure's header.
const AZURE: [&str; 3] = ["azure", "azure_ai", "azure_text"];

/// An upstream with everything a request to it needs.
pub(crate) struct Route {
    pub(crate) upstream: Upstream,
    pub(crate) reference: Arc<UpstreamRef>,
    base: Base,
    /// Whether its paths are those of Azure's resources.
    is_azure: bool,
    /// Whether it takes its key as Azure does.
    takes_api_key: bool,
    credential: Option<Credential>,
    /// Set once the upstream has refused `stream_options`.
    refuses_stream_options: AtomicBool,
}

/// The header values, marked sensitive so that they are never logged.
struct Credential {
    bare: HeaderValue,
    bearer: HeaderValue,
}

/// Why an upstream cannot take traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
        let provider = upstream.provider.as_str();
        Ok(Self {
            is_azure: provider == "azure",
            takes_api_key: AZURE.contains(&provider),
            upstream,
            reference,
            base,
            credential,
            refuses_stream_options,
        })
    }

    /// What a request log keeps of it.
    pub(crate) fn candidate(&self, result: RoutingResult) -> RoutingCandidate {
        candidate(&self.upstream, Arc::clone(&self.reference.name), result)
    }

    /// Where a call is at this upstream, with the model that is sent where it stands in the path.
    pub(crate) fn uri(&self, call: &CallPath, model: Option<&ModelName>, query: Option<&str>) -> Option<Uri> {
        let model = model.or(call.model.as_ref()).map(ModelName::as_str);
        let azure = self
            .is_azure
            .then(|| place::azure(call, model, &self.base, query))
            .flatten();
        let target = azure.or_else(|| place::natural(call, model, query))?;
        self.base.uri(&target.path, target.query.as_deref())
    }

    /// Whether this upstream has the call below a deployment, which stands for the model.
    pub(crate) fn names_model_in_path(&self, call: &CallPath) -> bool {
        self.is_azure && azure_has_deployments(call.protocol)
    }

    /// The header that authenticates the gateway in a dialect, if the upstream needs one.
    pub(crate) fn credential(&self, dialect: Dialect) -> Option<(HeaderName, HeaderValue)> {
        let credential = self.credential.as_ref()?;
        Some(match dialect {
            Dialect::Openai if self.takes_api_key => {
                (HeaderName::from_static("api-key"), credential.bare.clone())
            }
            Dialect::Openai => (http::header::AUTHORIZATION, credential.bearer.clone()),
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), credential.bare.clone()),
            Dialect::Gemini => (HeaderName::from_static("x-goog-api-key"), credential.bare.clone()),
        })
    }

    /// The credential itself, to be kept out of what is shown.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.credential.as_ref()?.bare.to_str().ok()
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

/// What a request log keeps of an upstream.
pub(crate) fn candidate(upstream: &Upstream, name: Arc<str>, result: RoutingResult) -> RoutingCandidate {
    RoutingCandidate {
        upstream_id: upstream.id,
        name,
        priority: upstream.priority,
        weight: upstream.weight,
        result,
        http_status: None,
        error: None,
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
    use http::Method;
    use tollgate_domain::ProviderName;

    use super::*;
    use crate::endpoint::{Endpoint, find};
    use crate::table::tests::upstream;

    fn route(base_url: &str) -> Result<Route, RouteError> {
        of_provider("openai", base_url)
    }

    fn of_provider(provider: &str, base_url: &str) -> Result<Route, RouteError> {
        let mut given = upstream("u");
        given.upstream.provider = ProviderName::new(provider);
        given.upstream.base_url = base_url.to_owned();
        Route::try_new(given)
    }

    fn called(route: &Route, path: &str, model: Option<&str>, query: Option<&str>) -> String {
        let Ok(Endpoint::Call(call)) = find(&Method::POST, path, &[]) else {
            panic!("{path}");
        };
        let model = model.map(ModelName::new);
        route.uri(&call, model.as_ref(), query).unwrap().to_string()
    }

    #[test]
    fn the_base_url_is_a_prefix_and_its_version_is_not_doubled() {
        let uri = |base: &str, query| called(&route(base).unwrap(), "/v1/messages", Some("m"), query);
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
    fn gemini_takes_the_model_that_is_sent_into_its_path() {
        let route = route("https://api.example.com").unwrap();
        let path = "/v1beta/models/m:generateContent";
        assert_eq!(
            called(&route, path, Some("org/gemini?x"), Some("alt=sse")),
            "https://api.example.com/v1beta/models/org/gemini%3Fx:generateContent?alt=sse"
        );
        assert_eq!(
            called(&route, "/v1/models/a%20b:streamGenerateContent", None, None),
            "https://api.example.com/v1/models/a%20b:streamGenerateContent"
        );
        assert_eq!(
            called(&route, "/v1internal:countTokens", Some("m"), None),
            "https://api.example.com/v1internal:countTokens"
        );
    }

    #[test]
    fn azure_is_called_below_a_deployment_where_a_version_is_known_and_else_over_its_v1() {
        let chat = "/v1/chat/completions";
        let below = "/openai/deployments/theirs/chat/completions";
        for (base, path, query, expected) in [
            (
                "?api-version=2024-10-21",
                chat,
                None,
                "/openai/deployments/mine/chat/completions?api-version=2024-10-21",
            ),
            (
                "/openai?api-version=2024-10-21",
                chat,
                Some("a=b"),
                "/openai/deployments/mine/chat/completions?a=b&api-version=2024-10-21",
            ),
            (
                "",
                below,
                Some("api-version=2025-01-01"),
                "/openai/deployments/mine/chat/completions?api-version=2025-01-01",
            ),
            // The operator's version stands.
            (
                "?api-version=2024-10-21",
                below,
                Some("api-version=2025-01-01"),
                "/openai/deployments/mine/chat/completions?api-version=2024-10-21",
            ),
            (
                "?api-version=2025-03-01",
                "/v1/responses",
                None,
                "/openai/responses?api-version=2025-03-01",
            ),
            ("", chat, None, "/openai/v1/chat/completions"),
            (
                "?api-version=preview",
                "/v1/images/edits",
                None,
                "/openai/v1/images/edits?api-version=preview",
            ),
        ] {
            let route = of_provider("azure", &format!("https://r.example.com{base}")).unwrap();
            assert_eq!(
                called(&route, path, Some("mine"), query),
                format!("https://r.example.com{expected}"),
                "{base} {path}"
            );
        }
    }

    #[test]
    fn a_caller_of_azures_paths_can_be_served_by_others() {
        let path = "/openai/deployments/gpt-4o/audio/speech";
        assert_eq!(
            called(
                &route("https://api.example.com").unwrap(),
                path,
                Some("gpt-4o"),
                Some("api-version=1&a=b")
            ),
            "https://api.example.com/v1/audio/speech?a=b"
        );
    }

    #[test]
    fn azure_takes_its_key_in_a_header_of_its_own() {
        let azure = of_provider("azure", "https://r.example.com").unwrap();
        let (name, value) = azure.credential(Dialect::Openai).unwrap();
        assert_eq!(
            (name.as_str(), value.to_str().unwrap()),
            ("api-key", "provider-secret")
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
