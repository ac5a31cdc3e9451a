use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::build::new_upstream;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/upstreams";

async fn create(api: &TestApi, body: &Value) -> String {
    let answer = api.post(PATH, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_new_upstream_shows_everything_but_its_credential() {
    let api = TestApi::new();
    let body = json!({
        "name": "openai-main",
        "provider": "openai",
        "protocols": ["openai_responses", "openai_chat", "openai_chat"],
        "base_url": "https://api.openai.com/",
        "credential": "sk-very-secret",
        "account_label": "org-acme",
        "priority": 10,
        "weight": 3,
        "models": [{"model": "gpt-*"}, {"model": "fast", "send_as": "gpt-5-mini"}],
        "bill_by": "sent",
        "reported_cost": "fallback",
        "input_multiplier": "0.85",
        "output_multiplier": "1.250000",
        "enabled": false,
    });
    let answer = api.post(PATH, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_json_snapshot!(answer.json());
    assert!(!answer.text.contains("very-secret"));
    let mut read = api.get(answer.header("location")).await.json();
    // What it did is shown where one upstream is read.
    assert_eq!(read["activity"].take()["month"]["attempts"], 0);
    assert_eq!(read, answer.json());
    let shelves = api.store.shelves();
    assert_eq!(shelves.credentials[0].1, "sk-very-secret");
    assert_eq!(shelves.authors, ["ada"]);
    drop(shelves);
    assert_eq!(api.refreshes(), 1);
}

#[tokio::test]
async fn what_is_not_said_has_a_default() {
    let api = TestApi::new();
    let answer = api.post(PATH, &new_upstream("a")).await;
    assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn an_edit_changes_what_it_names_and_nothing_else() {
    let api = TestApi::new();
    let mut body = new_upstream("a");
    body["credential"] = json!("sk-1");
    body["account_label"] = json!("acme");
    let path = create(&api, &body).await;
    let before = api.get(&path).await.json();

    let answer = api
        .patch(&path, &json!({"output_multiplier": "0.9", "priority": 7}))
        .await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"2\""));
    let mut expected = before.clone();
    expected["activity"] = Value::Null;
    expected["output_multiplier"] = json!("0.9");
    expected["priority"] = json!(7);
    expected["revision"] = json!(2);
    assert_eq!(answer.json(), expected);

    let replaced = api
        .patch(&path, &json!({"credential": "sk-2", "account_label": null}))
        .await
        .json();
    assert_eq!(replaced["account_label"], Value::Null);
    assert_ne!(
        replaced["credential_fingerprint"],
        before["credential_fingerprint"]
    );
    assert_eq!(api.store.shelves().credentials[0].1, "sk-2");

    let removed = api.patch(&path, &json!({"credential": null})).await.json();
    assert_eq!(
        (&removed["has_credential"], &removed["credential_fingerprint"]),
        (&json!(false), &Value::Null)
    );
    assert!(api.store.shelves().credentials.is_empty());
    // Four changes, and fresh prices for the guard to compare multipliers with.
    assert_eq!(api.refreshes(), 5);
}

#[tokio::test]
async fn a_taken_name_is_a_conflict() {
    let api = TestApi::new();
    create(&api, &new_upstream("a")).await;
    let second = create(&api, &new_upstream("b")).await;
    let problem = api
        .post(PATH, &new_upstream("a"))
        .await
        .problem(409, "name_taken");
    assert!(problem["detail"].as_str().unwrap().contains("\"a\""));
    api.patch(&second, &json!({"name": "a"}))
        .await
        .problem(409, "name_taken");
    assert_eq!(api.refreshes(), 2, "a refused change puts nothing into force");
}

#[tokio::test]
async fn a_stale_edit_is_refused_and_changes_nothing() {
    let api = TestApi::new();
    let path = create(&api, &new_upstream("a")).await;
    assert_eq!(
        api.patch_if(&path, "\"1\"", &json!({"weight": 2})).await.status,
        200
    );
    for stale in ["\"1\"", "W/\"2\"", "2", "\"x\""] {
        api.patch_if(&path, stale, &json!({"weight": 3}))
            .await
            .problem(412, "stale");
        let removal = api
            .call(Method::DELETE, &path, &[("if-match", stale)], None)
            .await;
        removal.problem(412, "stale");
    }
    assert_eq!(api.get(&path).await.json()["weight"], 2);
    for fresh in ["*", "\"1\", \"3\""] {
        assert_eq!(
            api.patch_if(&path, fresh, &json!({"weight": 4})).await.status,
            200,
            "{fresh}"
        );
    }
}

#[tokio::test]
async fn a_conditional_edit_that_loses_a_race_is_stale_and_an_unconditional_one_is_repeated() {
    let api = TestApi::new();
    let path = create(&api, &new_upstream("a")).await;
    api.store.shelves().lost_races = 1;
    api.patch_if(&path, "\"1\"", &json!({"weight": 2}))
        .await
        .problem(412, "stale");
    api.store.shelves().lost_races = 1;
    assert_eq!(api.patch(&path, &json!({"weight": 5})).await.json()["weight"], 5);
}

#[tokio::test]
async fn what_is_removed_is_gone_and_frees_its_name() {
    let api = TestApi::new();
    let path = create(&api, &new_upstream("a")).await;
    let removal = api.delete(&path).await;
    assert_eq!((removal.status.as_u16(), removal.text.as_str()), (204, ""));
    assert_eq!(api.refreshes(), 2);
    let nobody = format!("{PATH}/00000000-0000-0000-0000-000000000009");
    for path in [path.as_str(), &nobody, "/api/admin/upstreams/x"] {
        api.get(path).await.problem(404, "not_found");
        api.patch(path, &json!({"weight": 2}))
            .await
            .problem(404, "not_found");
        api.delete(path).await.problem(404, "not_found");
    }
    create(&api, &new_upstream("a")).await;
}

#[tokio::test]
async fn the_list_is_by_priority_and_name_and_pages_join() {
    let api = TestApi::new();
    for (name, priority) in [("c", 0), ("a", 5), ("b", 0)] {
        let mut body = new_upstream(name);
        body["priority"] = json!(priority);
        create(&api, &body).await;
    }
    let (mut names, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        names.push(page["items"][0]["name"].as_str().unwrap().to_owned());
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(names, ["b", "c", "a"]);
    let all = api.get(PATH).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    api.get(&format!("{PATH}?limit=201")).await.faults(&["limit"]);
    api.get(&format!("{PATH}?page=2")).await.faults(&["page"]);
}
