//! Whether an answer is one that the document promises. Every test that sends a request has its answer checked.

use std::sync::LazyLock;

use axum::http::Method;
use serde_json::Value;

use crate::test_api::Answer;

static OPERATIONS: LazyLock<Vec<Described>> = LazyLock::new(described);

struct Described {
    method: Method,
    segments: Vec<String>,
    responses: Value,
}

fn described() -> Vec<Described> {
    let document = serde_json::to_value(tollgate_admin_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        let methods = item.as_object().unwrap().clone();
        methods.into_iter().map(move |(method, operation)| Described {
            method: method.to_uppercase().parse().unwrap(),
            segments: segments.clone(),
            responses: operation["responses"].clone(),
        })
    });
    operations.collect()
}

/// The problems that an operation's description names for a status.
pub(crate) fn problems(response: &Value) -> Vec<String> {
    let description = response["description"].as_str().unwrap_or_default();
    let named = description.split("(`").skip(1);
    named
        .filter_map(|part| Some(part.split_once("`)")?.0.to_owned()))
        .collect()
}

/// Checks status and problem of an answer against the description of the operation it came from, if it came from one.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let response = &operation.responses[answer.status.as_str()];
    assert!(
        response.is_object(),
        "{method} {path} answers {}, of which its description says nothing: {}",
        answer.status,
        answer.text
    );
    if answer.header("content-type") != "application/problem+json" {
        return;
    }
    let kind = answer.json()["type"].as_str().unwrap().to_owned();
    let name = kind.rsplit(':').next().unwrap();
    assert!(
        problems(response).iter().any(|known| known == name),
        "{method} {path} answers {name}, of which its description says nothing"
    );
}

/// The operation at a path. What stands there literally goes before what stands for any id.
fn operation(method: &Method, path: &str) -> Option<&'static Described> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits =
        |operation: &&Described| {
            operation.segments.len() == asked.len()
                && operation.segments.iter().zip(&asked).all(|(segment, asked)| {
                    segment == asked || (segment.starts_with('{') && !asked.is_empty())
                })
        };
    let literal = |operation: &Described| {
        let segments = operation.segments.iter();
        segments.filter(|segment| !segment.starts_with('{')).count()
    };
    let most = OPERATIONS.iter().filter(fits).map(literal).max()?;
    let mut there = OPERATIONS.iter().filter(fits);
    there.find(|operation| literal(operation) == most && operation.method == *method)
}
