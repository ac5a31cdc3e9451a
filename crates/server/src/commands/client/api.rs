//! Calls to the admin API.

use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use reqwest::{Method, RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use super::failure::Failure;

/// Longer than the longest answer takes: a test call waits a minute for its upstream.
const TIMEOUT: Duration = Duration::from_secs(90);
const CONNECT: Duration = Duration::from_secs(5);
const PREFIX: &str = "/api/admin/";

/// The API of one gateway.
pub(super) struct Api {
    client: reqwest::Client,
    base: Url,
    token: SecretString,
    as_json: bool,
}

/// Parameters of a query; those without a value are left out.
pub(super) type Query = Vec<(std::borrow::Cow<'static, str>, String)>;

impl Api {
    /// Nothing is connected yet.
    pub(super) fn new(url: &str, token: &SecretString, as_json: bool) -> Result<Self> {
        let base = Url::parse(url)
            .ok()
            .filter(|base| matches!(base.scheme(), "http" | "https") && base.has_host());
        let base = base.ok_or_else(|| {
            Failure::usage(format!(
                "{url:?} is no address; for example --url http://127.0.0.1:8787"
            ))
        })?;
        // Another provider that somebody installed does as well.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            // The token goes to the address it was given for, and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("setting up the client")?;
        Ok(Self {
            client,
            base,
            token: token.clone(),
            as_json,
        })
    }

    /// Reads something.
    pub(super) async fn get(&self, path: &str, query: &Query) -> Result<Value> {
        let request = self.request(Method::GET, path, query).timeout(TIMEOUT);
        self.answer(request).await
    }

    /// Sends a body, or none.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        if_match: Option<&str>,
    ) -> Result<Value> {
        let mut request = self.request(method, path, &Query::new()).timeout(TIMEOUT);
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        if let Some(tag) = if_match {
            let tag = tag.trim_matches('"');
            request = request.header(IF_MATCH, format!("\"{tag}\""));
        }
        self.answer(request).await
    }

    pub(super) async fn delete(&self, path: &str, query: &Query) -> Result<Value> {
        let request = self.request(Method::DELETE, path, query).timeout(TIMEOUT);
        self.answer(request).await
    }

    pub(super) async fn post(&self, path: &str, body: Option<&Value>) -> Result<Value> {
        self.send(Method::POST, path, body, None).await
    }

    /// An answer that is read as it comes, without a limit of time; events after one that is known already.
    pub(super) async fn stream(
        &self,
        path: &str,
        query: &Query,
        accept: &str,
        last_event_id: Option<&str>,
    ) -> Result<Response> {
        let mut request = self.request(Method::GET, path, query).header(ACCEPT, accept);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refused(response).await)
    }

    fn request(&self, method: Method, path: &str, query: &Query) -> RequestBuilder {
        let mut url = self.base.clone();
        let below = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{below}{PREFIX}{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.client
            .request(method, url)
            .bearer_auth(self.token.expose_secret())
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Value> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let bytes = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes)
            .context("the server's answer is no JSON; is this a Tollgate's admin address?")
    }

    async fn refused(&self, response: Response) -> anyhow::Error {
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        let problem = serde_json::from_slice(&body).ok();
        Failure::Refused {
            status,
            problem,
            as_json: self.as_json,
        }
        .into()
    }

    /// What went wrong, without the address's own parts that may be secret.
    pub(super) fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        let host = self.base.host_str().unwrap_or_default();
        let port = self.base.port_or_known_default().unwrap_or_default();
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Failure::Unreachable(format!("no answer from {host}:{port}: {cause}")).into()
    }
}
