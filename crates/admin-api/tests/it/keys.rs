use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::TokenHash;

use crate::test_api::{KEY_TOKEN, TestApi};

const PATH: &str = "/api/admin/keys";
const NOBODY: &str = "/api/admin/keys/00000000-0000-0000-0000-000000000009";

async fn create(api: &TestApi, body: &Value) -> String {
    let answer = api.post(PATH, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_new_key_shows_its_token_once_and_keeps_only_the_hash() {
    let api = TestApi::new();
    let body = json!({
        "name": "search-backend", "owner": "ada@example.com", "team": "search", "tags": ["production", "eu"],
        "expires_at": "2027-01-01T01:00:00+01:00",
    });
    let answer = api.post(PATH, &body).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_json_snapshot!(answer.json());
    let shown = api.get(answer.header("location")).await;
    let mut read = shown.json();
    // What it did is shown where one key is read.
    assert_eq!(read["activity"].take()["month"]["attempts"], 0);
    assert_eq!(read, answer.json()["key"]);
    assert!(!shown.text.contains(KEY_TOKEN));
    let shelves = api.store.shelves();
    assert_eq!(shelves.keys[0].token_hash, TokenHash::of(KEY_TOKEN));
    assert_eq!(shelves.authors, ["ada"]);
    drop(shelves);
    assert_eq!(api.refreshes(), 1);
}

#[tokio::test]
async fn absent_stays_and_null_empties() {
    let api = TestApi::new();
    let body = json!({"name": "a", "owner": "o", "team": "t", "expires_at": "2027-01-01T00:00:00Z"});
    let path = create(&api, &body).await;
    let patched = api
        .patch(&path, &json!({"owner": null, "tags": ["x"], "enabled": false}))
        .await;
    assert_eq!(patched.status, 200);
    assert_eq!(patched.header("etag"), "\"2\"");
    let key = patched.json();
    assert_eq!((&key["owner"], &key["team"]), (&Value::Null, &json!("t")));
    assert_eq!((&key["tags"], &key["enabled"]), (&json!(["x"]), &json!(false)));
    assert_eq!(key["expires_at"], "2027-01-01T00:00:00Z");
    let forever = api.patch(&path, &json!({"expires_at": null})).await;
    assert_eq!(forever.json()["expires_at"], Value::Null);
    assert_eq!(api.refreshes(), 3);
}

#[tokio::test]
async fn every_bound_of_a_key_is_named() {
    let api = TestApi::new();
    let path = create(&api, &json!({"name": "a"})).await;
    let (long, longer) = ("x".repeat(101), "x".repeat(201));
    let too_many: Vec<String> = (0..51).map(|tag| tag.to_string()).collect();
    let past = "2026-11-05T08:00:00Z";
    for (change, field, says) in [
        (json!({"name": ""}), "name", "1..=100"),
        (json!({"name": long}), "name", "101"),
        (json!({"name": " a"}), "name", "blank"),
        (json!({"name": "a\nb"}), "name", "control"),
        (json!({"owner": ""}), "owner", "1..=200"),
        (json!({"owner": longer}), "owner", "201"),
        (json!({"team": longer}), "team", "201"),
        (json!({"tags": too_many}), "tags", "0..=50"),
        (json!({"tags": ["a", "a"]}), "tags[1]", "twice"),
        (json!({"tags": ["a", long]}), "tags[1]", "101"),
        (json!({"expires_at": past}), "expires_at", past),
        (json!({"expires_at": "tomorrow"}), "expires_at", "RFC 3339"),
    ] {
        let patched = api.patch(&path, &change).await;
        assert!(patched.faults(&[field])[0].contains(says), "{}", patched.text);
        let mut body = json!({"name": "b"});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let created = api.post(PATH, &body).await;
        assert!(created.faults(&[field])[0].contains(says), "{}", created.text);
    }
    assert_eq!(api.store.shelves().keys.len(), 1);
    let edges = json!({"name": "x".repeat(100), "owner": "o".repeat(200), "expires_at": "2026-11-05T08:00:00.000001Z"});
    create(&api, &edges).await;
}

#[tokio::test]
async fn a_passed_expiry_does_not_block_other_edits() {
    let api = TestApi::new();
    let path = create(&api, &json!({"name": "a"})).await;
    api.store.shelves().keys[0].expires_at = Some("2026-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(api.patch(&path, &json!({"team": "t"})).await.status, 200);
}

#[tokio::test]
async fn a_taken_name_is_a_conflict_until_its_key_is_gone() {
    let api = TestApi::new();
    let first = create(&api, &json!({"name": "a"})).await;
    let second = create(&api, &json!({"name": "b"})).await;
    api.post(PATH, &json!({"name": "a"}))
        .await
        .problem(409, "name_taken");
    api.patch(&second, &json!({"name": "a"}))
        .await
        .problem(409, "name_taken");
    assert_eq!(api.delete(&first).await.status, 204);
    assert_eq!(api.patch(&second, &json!({"name": "a"})).await.status, 200);
}

#[tokio::test]
async fn a_stale_edit_is_refused_and_changes_nothing() {
    let api = TestApi::new();
    let path = create(&api, &json!({"name": "a"})).await;
    let fresh = api.patch_if(&path, "\"1\"", &json!({"team": "t"})).await;
    assert_eq!(fresh.status, 200);
    let stale = api.patch_if(&path, "\"1\"", &json!({"team": "u"})).await;
    assert!(
        stale.problem(412, "stale")["detail"]
            .as_str()
            .unwrap()
            .contains("revision 2")
    );
    let removal = api
        .call(Method::DELETE, &path, &[("if-match", "\"1\"")], None)
        .await;
    removal.problem(412, "stale");
    assert_eq!(api.get(&path).await.json()["team"], "t");
    let removal = api
        .call(Method::DELETE, &path, &[("if-match", "\"2\"")], None)
        .await;
    assert_eq!(removal.status, 204);
}

#[tokio::test]
async fn what_is_not_there_is_a_404() {
    let api = TestApi::new();
    let gone = create(&api, &json!({"name": "a"})).await;
    assert_eq!(api.delete(&gone).await.status, 204);
    for path in [
        gone.as_str(),
        NOBODY,
        "/api/admin/keys/not-a-uuid",
        "/api/admin/keys/%ff",
    ] {
        api.get(path).await.problem(404, "not_found");
        api.patch(path, &json!({})).await.problem(404, "not_found");
        api.delete(path).await.problem(404, "not_found");
        let conditional = api
            .call(Method::DELETE, path, &[("if-match", "\"1\"")], None)
            .await;
        conditional.problem(404, "not_found");
    }
}

#[tokio::test]
async fn the_list_is_by_name_and_pages_join() {
    let api = TestApi::new();
    for name in ["c", "a", "b"] {
        create(&api, &json!({"name": name})).await;
    }
    let names = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap();
        items
            .iter()
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = api.get("/api/admin/keys?limit=2").await.json();
    assert_eq!(names(&first), ["a", "b"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = api
        .get(&format!("/api/admin/keys?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(names(&second), ["c"]);
    assert_eq!(second["next_cursor"], Value::Null);
    api.get("/api/admin/keys?limit=0&cursor=x&colour=a")
        .await
        .faults(&["cursor", "limit", "colour"]);
}

#[tokio::test]
async fn an_unconditional_edit_survives_a_lost_race_but_not_endless_ones() {
    let api = TestApi::new();
    let path = create(&api, &json!({"name": "a"})).await;
    api.store.shelves().lost_races = 2;
    assert_eq!(api.patch(&path, &json!({"team": "t"})).await.status, 200);
    api.store.shelves().lost_races = 100;
    api.patch(&path, &json!({"team": "u"}))
        .await
        .problem(412, "stale");
}
