//! `POST /v1/moderations`: free.

use serde_json::{Value, json};

use super::reply::{Exchange, Reply};

const CATEGORIES: [&str; 13] = [
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
];

pub(super) fn reply(exchange: &Exchange) -> Reply {
    let each = |value: Value| -> Value {
        let members = CATEGORIES.iter().map(|name| ((*name).to_owned(), value.clone()));
        Value::Object(members.collect())
    };
    let result = json!({
        "flagged": false,
        "categories": each(json!(false)),
        "category_scores": each(json!(0.125)),
        "category_applied_input_types": each(json!(["text"])),
    });
    let results: Vec<Value> = (0..exchange.facts.inputs).map(|_| result.clone()).collect();
    Reply::Json(json!({
        "id": format!("modr-{}", exchange.unique),
        "model": exchange.model,
        "results": results,
    }))
}
