//! The admin API as a script would use it.

use std::fmt::Display;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::gateway::ADMIN_TOKEN;

/// A client with the admin token.
#[derive(Clone)]
pub(crate) struct Admin {
    base_url: String,
    http: Client,
}

impl Admin {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            http: Client::new(),
        }
    }

    /// Sends a request and returns status and JSON body (null if empty).
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self
            .http
            .request(method, format!("{}/api/admin{path}", self.base_url))
            .bearer_auth(ADMIN_TOKEN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// The log of a request.
    pub(crate) async fn log(&self, request: impl Display) -> Value {
        self.get(&format!("/request-logs/{request}")).await["request"].take()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    /// An upstream.
    pub(crate) async fn create_upstream(&self, body: Value) -> Value {
        let (status, body) = self.call(Method::POST, "/upstreams", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    /// A key; its token.
    pub(crate) async fn create_key(&self, name: &str) -> String {
        let body = json!({"name": name, "owner": "alice", "team": "research", "tags": ["test"]});
        let (status, body) = self.call(Method::POST, "/keys", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["token"].as_str().unwrap().to_owned()
    }
}
