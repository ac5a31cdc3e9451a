//! Every bound of an upstream, on creation and on edit.

use serde_json::{Value, json};

use crate::build::new_upstream;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/upstreams";

fn with(name: &str, change: &Value) -> Value {
    let mut body = new_upstream(name);
    body.as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    body
}

/// Sends the change to both writing endpoints; both name the field, and the bound or value.
async fn refused(changes: Vec<(Value, &str, &str)>) {
    let api = TestApi::new();
    let path = api
        .post(PATH, &new_upstream("living"))
        .await
        .header("location")
        .to_owned();
    for (change, field, says) in changes {
        for answer in [
            api.post(PATH, &with("new", &change)).await,
            api.patch(&path, &change).await,
        ] {
            let messages = answer.faults(&[field]);
            assert!(messages[0].contains(says), "{says:?} in {}", answer.text);
        }
    }
    assert_eq!(api.store.shelves().upstreams.len(), 1);
    assert_eq!(api.store.shelves().upstreams[0].revision, 1);
}

#[tokio::test]
async fn names_and_addresses_have_bounds() {
    refused(vec![
        (json!({"name": ""}), "name", "1..=100"),
        (json!({"name": "x".repeat(101)}), "name", "101"),
        (json!({"name": "x "}), "name", "blank"),
        (json!({"provider": ""}), "provider", "1..=64"),
        (json!({"provider": "x".repeat(65)}), "provider", "65"),
        (json!({"provider": "OpenAI"}), "provider", "a-z"),
        (json!({"protocols": []}), "protocols", "at least one"),
        (json!({"protocols": ["smtp"]}), "protocols[0]", "openai_chat"),
        (
            json!({"base_url": "api.openai.com"}),
            "base_url",
            "https://api.openai.com",
        ),
        (json!({"base_url": "ftp://example.com"}), "base_url", "ftp"),
        (
            json!({"base_url": "https://u:p@example.com"}),
            "base_url",
            "credential",
        ),
        (
            json!({"base_url": "https://example.com?a=b"}),
            "base_url",
            "query",
        ),
        (json!({"base_url": "https://example.com/v1"}), "base_url", "/v1"),
        (
            json!({"base_url": format!("https://example.com/{}", "x".repeat(2048))}),
            "base_url",
            "2048",
        ),
        (json!({"account_label": ""}), "account_label", "1..=200"),
        (json!({"account_label": "x".repeat(201)}), "account_label", "201"),
    ])
    .await;
}

#[tokio::test]
async fn numbers_and_closed_sets_have_bounds() {
    refused(vec![
        (json!({"priority": -1}), "priority", "0..=1000"),
        (json!({"priority": 1001}), "priority", "1001"),
        (json!({"priority": 1.5}), "priority", "1.5"),
        (json!({"weight": 0}), "weight", "1..=1000"),
        (json!({"weight": 1001}), "weight", "1001"),
        (json!({"bill_by": "luck"}), "bill_by", "served"),
        (json!({"bill_by": null}), "bill_by", "type"),
        (json!({"reported_cost": "maybe"}), "reported_cost", "fallback"),
        (json!({"enabled": "yes"}), "enabled", "boolean"),
        (
            json!({"input_multiplier": "100.000001"}),
            "input_multiplier",
            "0..=100",
        ),
        (json!({"input_multiplier": "-0.5"}), "input_multiplier", "-0.5"),
        (
            json!({"input_multiplier": "0.1234567"}),
            "input_multiplier",
            "6 decimals",
        ),
        (json!({"input_multiplier": "much"}), "input_multiplier", "much"),
        (json!({"input_multiplier": 0.5}), "input_multiplier", "string"),
        (json!({"input_multiplier": null}), "input_multiplier", "string"),
        (json!({"output_multiplier": "101"}), "output_multiplier", "101"),
        (
            json!({"output_multiplier": "0"}),
            "output_multiplier",
            "allow_free",
        ),
        (
            json!({"input_multiplier": "0.000000"}),
            "input_multiplier",
            "allow_free",
        ),
    ])
    .await;
}

#[tokio::test]
async fn model_rules_have_bounds() {
    let many: Vec<Value> = (0..1001)
        .map(|model| json!({"model": model.to_string()}))
        .collect();
    refused(vec![
        (json!({"models": many}), "models", "0..=1000"),
        (json!({"models": [{"model": ""}]}), "models[0].model", "1..=256"),
        (
            json!({"models": [{"model": "x".repeat(257)}]}),
            "models[0].model",
            "257",
        ),
        (
            json!({"models": [{"model": "a*b"}]}),
            "models[0].model",
            "last character",
        ),
        (
            json!({"models": [{"model": "a"}, {"model": "a"}]}),
            "models[1].model",
            "twice",
        ),
        (
            json!({"models": [{"model": "a", "send_as": ""}]}),
            "models[0].send_as",
            "1..=256",
        ),
        (
            json!({"models": [{"model": "a", "as": "b"}]}),
            "models[0].as",
            "unknown field",
        ),
        (json!({"models": [{"send_as": "b"}]}), "models[0]", "model"),
    ])
    .await;
}

#[tokio::test]
async fn a_refused_credential_is_never_repeated() {
    let api = TestApi::new();
    for (credential, says) in [
        (json!(""), "1..=4096"),
        (json!("s3cret".repeat(700)), "4200"),
        (json!("s3cret with blanks"), "visible ASCII"),
        (json!("s3cret\r\n"), "visible ASCII"),
        (json!({"s3cret": "s3cret"}), "string"),
        (json!(55_555_555), "string"),
    ] {
        let answer = api
            .post(PATH, &with("a", &json!({"credential": credential})))
            .await;
        assert!(
            answer.faults(&["credential"])[0].contains(says),
            "{}",
            answer.text
        );
        assert!(
            !answer.text.contains("s3cret") && !answer.text.contains("5555"),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn all_faults_are_named_at_once() {
    let api = TestApi::new();
    let change = json!({"name": "", "weight": 0, "output_multiplier": "0", "base_url": "x"});
    let answer = api.post(PATH, &with("a", &change)).await;
    answer.faults(&["name", "base_url", "weight", "output_multiplier"]);
}

#[tokio::test]
async fn values_at_the_bounds_are_accepted() {
    let api = TestApi::new();
    for (index, change) in [
        json!({"priority": 0, "weight": 1, "input_multiplier": "0.000001"}),
        json!({"priority": 1000, "weight": 1000, "output_multiplier": "100"}),
        json!({"input_multiplier": "0", "output_multiplier": "0", "allow_free": true}),
        json!({"account_label": "x".repeat(200), "credential": "x".repeat(4096)}),
        json!({"provider": "vertex_ai-language-models", "models": [{"model": "*"}]}),
    ]
    .iter()
    .enumerate()
    {
        let answer = api.post(PATH, &with(&format!("u{index}"), change)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}

#[tokio::test]
async fn taking_the_permission_back_from_a_free_upstream_is_refused() {
    let api = TestApi::new();
    let free = with("a", &json!({"input_multiplier": "0", "allow_free": true}));
    let path = api.post(PATH, &free).await.header("location").to_owned();
    api.patch(&path, &json!({"allow_free": false}))
        .await
        .faults(&["input_multiplier"]);
    let both = json!({"allow_free": false, "input_multiplier": "1", "confirm": true});
    assert_eq!(api.patch(&path, &both).await.status, 200);
}
