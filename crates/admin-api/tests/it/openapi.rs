use std::collections::BTreeSet;

use serde_json::Value;

use crate::test_api::TestApi;

fn document() -> Value {
    serde_json::to_value(tollgate_admin_api::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    operations.collect()
}

#[test]
fn every_operation_and_its_answers_are_documented() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let lines: Vec<String> = operations(&document)
        .iter()
        .map(|(method, path, operation)| {
            let statuses: Vec<&str> = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|summary| !summary.is_empty()),
                "{id}"
            );
            let role = operation["x-required-role"]
                .as_str()
                .unwrap_or("nobody in particular");
            format!("{method} {path} {id} ({role}): {}", statuses.join(" "))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn admin_operations_ask_for_a_token_and_errors_are_problems() {
    for (_, path, operation) in operations(&document()) {
        let signs_in = operation["operationId"] == "create_session";
        let is_admin = path.starts_with("/api/admin/") && !signs_in;
        assert_eq!(operation.get("security").is_some(), is_admin, "{path}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.starts_with(['4', '5']) {
                let content = &response["content"]["application/problem+json"];
                assert_eq!(
                    content["schema"]["$ref"], "#/components/schemas/Problem",
                    "{path} {status}"
                );
                assert_eq!(content["example"]["status"].to_string(), *status, "{path}");
            }
        }
    }
}

/// What an operation can refuse follows from what it takes.
#[test]
fn each_operation_documents_the_errors_it_can_answer_with() {
    let mut checked = 0;
    for (method, path, operation) in operations(&document()) {
        if !path.starts_with("/api/admin/") {
            continue;
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let takes = |place: &str, name: Option<&str>| {
            parameters.iter().any(|parameter| {
                parameter["in"] == place && name.is_none_or(|name| parameter["name"] == name)
            })
        };
        let mut errors = vec!["401", "500", "503"];
        if takes("path", None) {
            errors.push("404");
        }
        if takes("query", None) {
            errors.push("422");
        }
        if takes("header", Some("If-Match")) {
            errors.push("412");
        }
        if operation.get("requestBody").is_some() {
            errors.extend(["400", "413", "415", "422"]);
        }
        let documented = operation["responses"].as_object().unwrap();
        for status in errors {
            assert!(
                documented.contains_key(status),
                "{method} {path} says nothing of {status}"
            );
        }
        assert!(
            documented.keys().any(|status| status.starts_with('2')),
            "{method} {path} documents no success"
        );
        checked += 1;
    }
    assert!(checked >= 40, "{checked} operations");
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_has_an_example() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut wanted = BTreeSet::new();
    references(&document, &mut wanted);
    for reference in &wanted {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to and not there");
    }
    for (name, schema) in schemas {
        assert!(
            wanted.contains(&format!("#/components/schemas/{name}")),
            "{name} is never used"
        );
        let examples = schema["examples"].as_array();
        assert!(
            examples.is_some_and(|examples| !examples.is_empty()),
            "{name} has no example"
        );
        assert!(
            schema["description"].as_str().is_some(),
            "{name} has no description"
        );
    }
}

/// The examples hold exactly the fields the schemas promise, so a renamed field cannot leave them behind.
#[test]
fn examples_of_answers_have_exactly_the_promised_fields() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let (Some(properties), Some(required)) =
            (schema["properties"].as_object(), schema["required"].as_array())
        else {
            continue;
        };
        let known: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        for example in schema["examples"].as_array().unwrap() {
            let fields: BTreeSet<&str> = example.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(fields.is_subset(&known), "{name}: {fields:?} against {known:?}");
            for field in required {
                assert!(fields.contains(field.as_str().unwrap()), "{name} lacks {field}");
            }
        }
    }
}

#[test]
fn requests_allow_no_other_fields_and_credentials_are_write_only() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in [
        "CreateUpstreamRequest",
        "UpdateUpstreamRequest",
        "CreateKeyRequest",
        "UpdateKeyRequest",
    ] {
        assert_eq!(schemas[name]["additionalProperties"], false, "{name}");
    }
    assert_eq!(
        schemas["CreateUpstreamRequest"]["properties"]["credential"]["writeOnly"],
        true
    );
    assert!(schemas["Upstream"]["properties"].get("credential").is_none());
}

/// Answers that the API gives must have the fields its document promises, no more and no fewer.
#[tokio::test]
async fn a_served_answer_has_the_documented_fields() {
    let api = TestApi::new();
    let answer = api
        .post("/api/admin/upstreams", &crate::build::new_upstream("a"))
        .await
        .json();
    let document = document();
    let properties = document["components"]["schemas"]["Upstream"]["properties"]
        .as_object()
        .unwrap();
    let promised: BTreeSet<&String> = properties.keys().collect();
    assert_eq!(
        answer.as_object().unwrap().keys().collect::<BTreeSet<_>>(),
        promised
    );
}

#[tokio::test]
async fn the_document_and_its_page_are_served_without_anything_from_elsewhere() {
    let api = TestApi::new();
    let served = api.get("/api/openapi.json").await;
    assert_eq!(served.header("content-type"), "application/json");
    assert_eq!(served.json(), document());
    let page = api.get("/api/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    for (method, path, operation) in operations(&document()) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            page.text.contains(&format!("<article id=\"{id}\">")),
            "{method} {path} is not on the page"
        );
    }
    for foreign in ["src=", "<script", "<link", "@import", "url("] {
        assert!(!page.text.contains(foreign), "{foreign} in the page");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(target) if key == "$ref" => {
                        found.insert(target.clone());
                    }
                    value => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
