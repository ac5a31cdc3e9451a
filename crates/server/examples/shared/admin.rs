//! The admin API as a script would use it.

use anyhow::{Context, Result, bail};
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A client with the admin token.
pub(crate) struct Admin {
    http: Client,
    base_url: String,
    token: String,
}

impl Admin {
    /// For the gateway at `base_url`.
    pub(crate) fn new(base_url: &str, token: &str) -> Result<Self> {
        Ok(Self {
            http: Client::builder().no_proxy().build()?,
            base_url: base_url.to_owned(),
            token: token.to_owned(),
        })
    }

    /// Reads; `path` is below `/api/admin`.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let text = self.send(path, self.http.get(self.url(path))).await?;
        serde_json::from_str(&text).with_context(|| format!("{path} answered {text}"))
    }

    /// Creates; returns what was created.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> Result<Value> {
        let text = self.send(path, self.http.post(self.url(path)).json(body)).await?;
        serde_json::from_str(&text).with_context(|| format!("{path} answered {text}"))
    }

    /// Makes a client's key and returns its token.
    pub(crate) async fn create_key(&self, body: &Value) -> Result<String> {
        let created = self.create("/keys", body).await?;
        let token = created.get("token").and_then(Value::as_str);
        token
            .map(ToOwned::to_owned)
            .context("the new key came without a token")
    }

    async fn send(&self, path: &str, request: RequestBuilder) -> Result<String> {
        let response = request.bearer_auth(&self.token).send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            bail!("{path} answered {status}: {text}");
        }
        Ok(text)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/admin{path}", self.base_url)
    }
}
