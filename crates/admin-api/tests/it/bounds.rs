//! Every bound that the document promises is kept by the operation, on both sides. Made from the document: whoever adds a
//! parameter or a field has it tried.

use serde_json::{Map, Value, json};

use crate::filled::{Filled, body_of, minimal};

/// Parameters that any text may be, each with the reason.
const FREE: &[(&str, &str)] = &[
    // Empty for what nobody looks after.
    ("list_attention", "owner"),
    // Empty for keys without a team, and for attempts of no known model.
    ("get_billing_timeseries", "team"),
    ("get_billing_timeseries", "model"),
];

/// Fields of which not every documented value fits everything that is there.
const DEPENDENT: &[(&str, &str)] = &[
    // Only what the upstream speaks.
    ("test_upstream", "protocol"),
];

/// Operations whose body is a table: its faults are those of rows, and have tests of their own.
const TABLES: &[&str] = &["import_aliases", "import_overrides"];

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Texts that a schema of a text forbids, and the longest one it allows.
fn texts(schema: &Value) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut right) = (Vec::new(), Vec::new());
    let length = |name: &str| {
        schema[name]
            .as_u64()
            .map(|length| usize::try_from(length).unwrap())
    };
    if length("minLength").is_some_and(|least| least > 0) {
        wrong.push(String::new());
    }
    if let Some(most) = length("maxLength") {
        wrong.push("x".repeat(most + 1));
        if schema["format"] != "uri" {
            right.push("x".repeat(most));
        }
    }
    let is_closed = schema["enum"].is_array() || schema["pattern"].is_string();
    if is_closed || matches!(schema["format"].as_str(), Some("uuid" | "date-time" | "uri")) {
        wrong.push("no such thing!".to_owned());
    }
    right.extend(
        schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned),
    );
    (wrong, right)
}

/// Numbers beyond both bounds, and the bounds.
fn numbers(schema: &Value) -> (Vec<i64>, Vec<i64>) {
    let bounds = [(&schema["minimum"], -1), (&schema["maximum"], 1)];
    let bounds: Vec<(i64, i64)> = bounds
        .into_iter()
        .filter_map(|(bound, beyond)| Some((bound.as_i64()?, beyond)))
        .collect();
    let wrong = bounds.iter().map(|(bound, beyond)| bound + beyond).collect();
    (wrong, bounds.iter().map(|(bound, _)| *bound).collect())
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn every_query_parameter_keeps_its_bounds() {
    let filled = Filled::new().await;
    let (mut tried, mut broken) = (0, Vec::new());
    for operation in filled.operations() {
        let body = body_of(&filled, &operation);
        let body = body.as_ref();
        let parameters = operation.value["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let schema = filled.resolved(&parameter["schema"]);
            let (mut wrong, mut right) = (Vec::new(), Vec::new());
            match types(&schema).as_slice() {
                ["string", ..] => (wrong, right) = texts(&schema),
                ["boolean", ..] => {
                    (wrong, right) = (vec!["perhaps".into(), String::new()], vec!["true".into()]);
                }
                ["integer", ..] => {
                    let (beyond, bounds) = numbers(&schema);
                    wrong.extend(beyond.iter().map(i64::to_string));
                    wrong.extend(["many".to_owned(), String::new()]);
                    right.extend(bounds.iter().map(i64::to_string));
                }
                other => panic!("{}: {name} is {other:?}", operation.id),
            }
            match name {
                "cursor" => wrong.push("no cursor".to_owned()),
                "zone" => wrong.push("Nowhere/Else".to_owned()),
                _ => {}
            }
            // The size of a page says nothing without its number.
            let beside = if name == "page_size" { "&page=1" } else { "" };
            assert!(
                !wrong.is_empty() || FREE.contains(&(operation.id.as_str(), name)),
                "{}: nothing can be wrong with {name}; say in its schema what it may be",
                operation.id
            );
            for value in wrong {
                let query = format!("?{name}={}", encoded(&value));
                let (status, fields) = filled.faults(&operation, &query, body).await;
                if status != 422 || !fields.iter().any(|field| field == name) {
                    broken.push(format!(
                        "{} takes {name}={value:?}: {status} {fields:?}",
                        operation.id
                    ));
                }
                tried += 1;
            }
            for value in right {
                let query = format!("?{name}={}{beside}", encoded(&value));
                let (_, fields) = filled.faults(&operation, &query, body).await;
                if fields.iter().any(|field| field == name) {
                    broken.push(format!("{} refuses {name}={value:?}: {fields:?}", operation.id));
                }
            }
            let twice = format!("?{name}=1&{name}=2");
            let (status, _) = filled.faults(&operation, &twice, body).await;
            if status != 422 {
                broken.push(format!("{} takes {name} twice", operation.id));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(tried >= 200, "{tried}");
}

#[tokio::test]
async fn no_operation_takes_a_parameter_that_nobody_knows() {
    let filled = Filled::new().await;
    for operation in filled.operations() {
        // Signing in is for whoever is not let in yet.
        if operation.id == "create_session" {
            continue;
        }
        let (status, fields) = filled.faults(&operation, "?unheard_of=1", None).await;
        // Where a body is needed its absence may be told first.
        let bodiless = operation.value["requestBody"]["required"] == true && status.is_client_error();
        assert!(
            (status == 422 && fields.contains(&"unheard_of".to_owned())) || bodiless,
            "{} takes any parameter: {status} {fields:?}",
            operation.id
        );
    }
}

/// An array of one thing too many, or none at all.
fn arrays(filled: &Filled, schema: &Value) -> Vec<Value> {
    let items = filled.resolved(&schema["items"]);
    let one = |n: u64| match (items["format"].as_str(), items["examples"].get(0)) {
        (Some("uuid"), _) => json!(uuid::Uuid::from_u128(u128::from(n))),
        (_, Some(example)) => example.clone(),
        _ => json!(format!("x{n}")),
    };
    let mut wrong = Vec::new();
    if let Some(most) = schema["maxItems"].as_u64() {
        wrong.push(Value::Array((0..=most).map(one).collect()));
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        wrong.push(json!([]));
    }
    wrong
}

#[tokio::test]
async fn every_field_of_a_body_keeps_its_bounds() {
    let filled = Filled::new().await;
    let (mut tried, mut broken) = (0, Vec::new());
    for operation in filled.operations() {
        let content = &operation.value["requestBody"]["content"]["application/json"]["schema"];
        if content.is_null() || TABLES.contains(&operation.id.as_str()) {
            continue;
        }
        let schema = filled.resolved(content);
        let least = minimal(&operation, &schema);
        let (status, fields) = filled
            .faults(&operation, "", Some(&with(&least, "unheard_of", json!(1))))
            .await;
        if status != 422 || !fields.iter().any(|field| field.ends_with("unheard_of")) {
            broken.push(format!("{} takes any field: {status} {fields:?}", operation.id));
        }
        for (name, property) in schema["properties"].as_object().unwrap() {
            let property = filled.resolved(property);
            let (mut wrong, mut right) = (Vec::new(), Vec::new());
            match types(&property).as_slice() {
                ["string", ..] => {
                    let (beyond, bounds) = texts(&property);
                    wrong.extend(beyond.into_iter().map(Value::from));
                    wrong.push(json!(7));
                    right.extend(bounds.into_iter().map(Value::from));
                }
                ["boolean", ..] => wrong.push(json!("perhaps")),
                ["integer", ..] => {
                    let (beyond, bounds) = numbers(&property);
                    wrong.extend(beyond.into_iter().map(Value::from));
                    wrong.push(json!("7"));
                    right.extend(bounds.into_iter().map(Value::from));
                }
                ["array", ..] => {
                    wrong.extend(arrays(&filled, &property));
                    wrong.push(json!("x"));
                }
                ["object", ..] => wrong.push(json!([])),
                other => panic!("{}: {name} is {other:?}", operation.id),
            }
            for value in wrong {
                let body = with(&least, name, value.clone());
                let (status, fields) = filled.faults(&operation, "", Some(&body)).await;
                let shown: String = value.to_string().chars().take(60).collect();
                if status != 422 || !fields.iter().any(|field| is_of(field, name)) {
                    broken.push(format!(
                        "{} takes {name} = {shown}: {status} {fields:?}",
                        operation.id
                    ));
                }
                tried += 1;
            }
            if DEPENDENT.contains(&(operation.id.as_str(), name.as_str())) {
                right.clear();
            }
            for value in right {
                let body = with(&least, name, value.clone());
                let (_, fields) = filled.faults(&operation, "", Some(&body)).await;
                let shown: String = value.to_string().chars().take(60).collect();
                if fields.iter().any(|field| is_of(field, name)) {
                    broken.push(format!("{} refuses {name} = {shown}: {fields:?}", operation.id));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(tried >= 200, "{tried}");
}

#[tokio::test]
async fn an_id_that_leads_nowhere_is_not_found() {
    let filled = Filled::new().await;
    let mut tried = 0;
    for operation in filled.operations() {
        let Some((beginning, ending)) = operation.template.split_once('{') else {
            continue;
        };
        let ending = ending.split_once('}').unwrap().1;
        let body = body_of(&filled, &operation);
        for id in [
            "00000000-0000-0000-0000-00000000dead",
            "unpriced-00000000deadbeef",
            "x",
        ] {
            let path = format!("{beginning}{id}{ending}");
            let answer = filled
                .api
                .call(operation.method.clone(), &path, &[], body.as_ref())
                .await;
            assert_eq!(answer.status, 404, "{} {path}: {}", operation.method, answer.text);
            answer.problem(404, "not_found");
            tried += 1;
        }
    }
    assert!(tried >= 60, "{tried}");
}

#[tokio::test]
async fn a_condition_that_does_not_hold_changes_nothing() {
    let filled = Filled::new().await;
    let mut tried = 0;
    for operation in filled.operations() {
        let parameters = operation.value["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if !parameters.iter().any(|parameter| parameter["name"] == "If-Match") {
            continue;
        }
        let body = body_of(&filled, &operation);
        for tag in ["\"77\"", "W/\"1\"", "77"] {
            let headers = [("if-match", tag)];
            let answer = filled
                .api
                .call(operation.method.clone(), &operation.path, &headers, body.as_ref())
                .await;
            assert_eq!(answer.status, 412, "{} with {tag}: {}", operation.id, answer.text);
            answer.problem(412, "stale");
        }
        tried += 1;
    }
    assert!(tried >= 12, "{tried}");
}

fn with(body: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body.insert(name.to_owned(), value);
    Value::Object(body)
}

/// Whether a fault is one of a field or of something in it.
fn is_of(fault: &str, field: &str) -> bool {
    let rest = fault.strip_prefix(field);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
