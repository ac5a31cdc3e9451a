//! The API with something of everything, and its operations as the document has them.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

use crate::build::new_upstream;
use crate::rules::{RulesApi, attempt, request_of_attempt};
use crate::test_api::ADMIN;

/// The API with one of everything that has an id.
pub(crate) struct Filled {
    pub(crate) api: RulesApi,
    pub(crate) document: Value,
    /// The id that stands in a path, by the beginning of the path.
    pub(crate) ids: BTreeMap<&'static str, String>,
}

/// An operation of the document.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// As the document has it.
    pub(crate) template: String,
    /// With ids in it.
    pub(crate) path: String,
    pub(crate) value: Value,
}

impl Filled {
    pub(crate) async fn new() -> Self {
        let api = RulesApi::new().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let upstream = api.upstream("openai-main", "openai").await;
        let (_, key) = api.created("/api/admin/keys", &json!({"name": "key"})).await;
        let (_, token) = api
            .created("/api/admin/tokens", &json!({"name": "grace", "role": "viewer"}))
            .await;
        let price = json!({"model": "own", "input_usd_per_mtok": "1"});
        let (_, own) = api.created("/api/admin/billing/overrides", &price).await;
        let (_, alias) = api
            .created(
                "/api/admin/billing/aliases",
                &json!({"alias": "house", "target": "gpt-4o"}),
            )
            .await;
        api.traffic(vec![attempt(1, 2, &upstream, "nobody-prices-this")])
            .await;
        let queue = api.get("/api/admin/billing/attention").await.json();
        let ids = BTreeMap::from([
            ("/api/admin/upstreams/", upstream.clone()),
            ("/api/admin/billing/upstream-multipliers/", upstream),
            ("/api/admin/keys/", text(&key["key"]["id"])),
            ("/api/admin/tokens/", text(&token["admin_token"]["id"])),
            ("/api/admin/billing/overrides/", text(&own["override"]["id"])),
            ("/api/admin/billing/aliases/", text(&alias["alias"]["id"])),
            ("/api/admin/billing/attention/", text(&queue["items"][0]["id"])),
            (
                "/api/admin/billing/prices/releases/",
                "00000000-0000-0000-0000-000000000009".to_owned(),
            ),
            ("/api/admin/billing/requests/", request_of_attempt(1).to_string()),
            ("/api/admin/system/jobs/", "sweep".to_owned()),
            ("/api/admin/audit-log/", "1".to_owned()),
        ]);
        let document = serde_json::to_value(tollgate_admin_api::openapi()).unwrap();
        Self { api, document, ids }
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            let item = item.as_object().unwrap();
            item.iter().map(|(method, value)| Operation {
                id: value["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                template: path.clone(),
                path: self.called(path),
                value: value.clone(),
            })
        });
        operations
            .filter(|operation| operation.path.starts_with("/api/admin/"))
            .collect()
    }

    /// A path with an id that is there, where one was made.
    pub(crate) fn called(&self, template: &str) -> String {
        let parts: Vec<&str> = template.split('/').collect();
        let known = self
            .ids
            .iter()
            .find(|(beginning, _)| template.starts_with(**beginning));
        let id = known.map_or("00000000-0000-0000-0000-000000000001", |(_, id)| id.as_str());
        let parts: Vec<&str> = parts
            .into_iter()
            .map(|part| if part.starts_with('{') { id } else { part })
            .collect();
        parts.join("/")
    }

    /// A schema with what it refers to in its place; of alternatives, the one that is not null.
    pub(crate) fn resolved(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            return self.resolved(&self.document["components"]["schemas"][name]);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let chosen = choices.iter().find(|choice| choice["type"] != "null").unwrap();
            return self.resolved(chosen);
        }
        schema.clone()
    }

    /// Status of the answer, and the fields at fault.
    pub(crate) async fn faults(
        &self,
        operation: &Operation,
        query: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Vec<String>) {
        let mut request = Request::builder()
            .method(operation.method.clone())
            .uri(format!("{}{query}", operation.path))
            .header("authorization", format!("Bearer {ADMIN}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.api.respond(request.body(body).unwrap()).await;
        let status = response.status();
        if status != StatusCode::UNPROCESSABLE_ENTITY {
            return (status, Vec::new());
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let problem: Value = serde_json::from_slice(&bytes).unwrap();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let fields = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned());
        (status, fields.collect())
    }
}

/// The least that an operation takes.
pub(crate) fn minimal(operation: &Operation, schema: &Value) -> Map<String, Value> {
    let example = schema["examples"][0].as_object().cloned().unwrap_or_default();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut body: Map<String, Value> = example
        .into_iter()
        .filter(|(name, _)| required.iter().any(|required| required == name))
        .collect();
    if operation.id == "create_upstream" {
        body = new_upstream("bounds").as_object().cloned().unwrap();
    }
    for name in required.iter().filter_map(Value::as_str) {
        assert!(body.contains_key(name), "{} needs {name}", operation.id);
    }
    body
}

/// A body that an operation takes, where it takes one.
pub(crate) fn body_of(filled: &Filled, operation: &Operation) -> Option<Value> {
    let content = &operation.value["requestBody"]["content"]["application/json"]["schema"];
    if content.is_null() {
        return None;
    }
    let schema = filled.resolved(content);
    let mut body = minimal(operation, &schema);
    if operation.path.contains("/prices/releases/") {
        body.insert("all".to_owned(), json!(true));
    }
    Some(Value::Object(body))
}
