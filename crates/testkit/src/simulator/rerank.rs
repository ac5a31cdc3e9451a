//! `POST /v1/rerank` and `/v2/rerank`: Cohere counts search units, Jina counts tokens.

use serde_json::{Value, json};

use crate::counts::Meter::{Input, Queries};

use super::reply::{Exchange, Reply};

pub(super) fn reply(exchange: &Exchange, second_version: bool) -> Reply {
    let wanted = exchange.facts.top_n.unwrap_or(exchange.facts.documents);
    let scores = [0.875, 0.5, 0.25, 0.125];
    let results: Vec<Value> = (0..wanted.min(exchange.facts.documents))
        .map(|index| json!({"index": index, "relevance_score": scores.get(index).copied().unwrap_or(0.0625)}))
        .collect();
    let (queries, tokens) = (exchange.counts.get(Queries), exchange.counts.get(Input));
    if exchange.model.starts_with("jina") {
        let mut body = json!({"model": exchange.model, "object": "list", "results": results});
        if exchange.reports_usage() {
            put(&mut body, "usage", json!({"total_tokens": tokens}));
        }
        return Reply::Json(body);
    }
    let mut body = json!({"id": exchange.unique, "results": results});
    if exchange.reports_usage() {
        let version = if second_version { "2" } else { "1" };
        put(
            &mut body,
            "meta",
            json!({"api_version": {"version": version}, "billed_units": {"search_units": queries}}),
        );
    }
    Reply::Json(body)
}

fn put(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
