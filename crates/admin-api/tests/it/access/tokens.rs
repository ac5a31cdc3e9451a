use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::api::{AccessApi, Call};
use crate::test_api::ADMIN;

const NOBODY: &str = "/api/admin/tokens/00000000-0000-0000-0000-0000000000ff";

#[tokio::test]
async fn a_token_is_shown_once_and_may_do_what_its_role_says() {
    let api = AccessApi::new().await;
    let body = json!({"name": "fritz", "role": "finance", "expires_at": "2027-01-01T00:00:00Z"});
    let answer = api.post("/api/admin/tokens", &body).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (201, "\"1\""));
    let path = answer.header("location").to_owned();
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("tga-"), "{token}");

    let shown = api.get(&path).await;
    assert_eq!((shown.status.as_u16(), shown.header("etag")), (200, "\"1\""));
    assert!(!shown.text.contains(&token) && !shown.text.contains("hash"));
    let shown = shown.json();
    assert_eq!(
        (
            &shown["name"],
            &shown["role"],
            &shown["token_hint"],
            &shown["expires_at"]
        ),
        (
            &json!("fritz"),
            &json!("finance"),
            &json!("0000"),
            &json!("2027-01-01T00:00:00Z")
        )
    );
    let listed = api.get("/api/admin/tokens?limit=1").await.json();
    assert_eq!(listed["items"][0]["name"], "ada");
    let cursor = listed["next_cursor"].as_str().unwrap();
    let rest = api
        .get(&format!("/api/admin/tokens?cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (&rest["items"][0]["name"], &rest["next_cursor"]),
        (&json!("fritz"), &Value::Null)
    );

    let sync = Call::get("/api/admin/billing/overrides").bearer(&token);
    assert_eq!(api.run(sync).await.status, 200);
    let refused = Call::post("/api/admin/keys", &json!({"name": "k"})).bearer(&token);
    api.run(refused).await.problem(403, "forbidden");
}

#[tokio::test]
async fn an_edit_takes_effect_at_once_and_respects_the_etag() {
    let api = AccessApi::new().await;
    let (id, token) = api.token("vera", "viewer").await;
    let path = format!("/api/admin/tokens/{id}");
    api.run(Call::get("/api/admin/tokens").bearer(&token))
        .await
        .problem(403, "forbidden");
    let edit = json!({"role": "admin", "name": "vera@example.com"});
    let answer = api.patch_if(&path, "\"1\"", &edit).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"2\""));
    assert_eq!(
        api.run(Call::get("/api/admin/tokens").bearer(&token))
            .await
            .status,
        200
    );
    api.patch_if(&path, "\"1\"", &json!({"role": "viewer"}))
        .await
        .problem(412, "stale");
    let stale = api
        .call(Method::DELETE, &path, &[("if-match", "\"1\"")], None)
        .await;
    stale.problem(412, "stale");
    let rotate = format!("{path}/rotate");
    let stale = api
        .call(Method::POST, &rotate, &[("if-match", "\"1\"")], None)
        .await;
    stale.problem(412, "stale");
    let gone = api
        .call(Method::DELETE, &path, &[("if-match", "\"2\"")], None)
        .await;
    assert_eq!(gone.status, 204);
    api.run(Call::get("/api/admin/keys").bearer(&token))
        .await
        .problem(401, "unauthenticated");
    api.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn every_bound_is_named() {
    let api = AccessApi::new().await;
    let create = async |body: Value| api.post("/api/admin/tokens", &body).await;
    let long = "x".repeat(101);
    for name in ["", " a", "a\n", &long] {
        create(json!({"name": name, "role": "viewer"}))
            .await
            .faults(&["name"]);
    }
    let whole = "x".repeat(100);
    assert_eq!(create(json!({"name": whole, "role": "viewer"})).await.status, 201);
    let faults = create(json!({"name": "a", "role": "root"}))
        .await
        .faults(&["role"]);
    assert!(faults[0].contains("admin, finance, viewer"), "{faults:?}");
    create(json!({"name": "a"})).await.faults(&["body"]);
    create(json!({"name": "a", "role": "viewer", "more": 1}))
        .await
        .faults(&["more"]);
    let past = json!({"name": "a", "role": "viewer", "expires_at": "2026-11-05T08:00:00Z"});
    create(past).await.faults(&["expires_at"]);
    create(json!({"name": "ada", "role": "viewer"}))
        .await
        .problem(409, "name_taken");

    let (id, _) = api.token("vera", "viewer").await;
    let path = format!("/api/admin/tokens/{id}");
    let edit = async |body: Value| api.patch(&path, &body).await;
    edit(json!({"name": ""})).await.faults(&["name"]);
    edit(json!({"role": null})).await.faults(&["role"]);
    edit(json!({"expires_at": "2020-01-01T00:00:00Z"}))
        .await
        .faults(&["expires_at"]);
    edit(json!({"name": "ada"})).await.problem(409, "name_taken");
    let rotate = async |body: Value| api.post(&format!("{path}/rotate"), &body).await;
    for grace in [-1, 604_801] {
        rotate(json!({"grace_seconds": grace}))
            .await
            .faults(&["grace_seconds"]);
    }
    rotate(json!({"expires_at": "2020-01-01T00:00:00Z"}))
        .await
        .faults(&["expires_at"]);
    api.get("/api/admin/tokens?limit=0").await.faults(&["limit"]);
    api.get("/api/admin/tokens?role=admin").await.faults(&["role"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let api = AccessApi::new().await;
    api.get(NOBODY).await.problem(404, "not_found");
    api.patch(NOBODY, &json!({"role": "viewer"}))
        .await
        .problem(404, "not_found");
    api.delete(NOBODY).await.problem(404, "not_found");
    api.call(Method::POST, &format!("{NOBODY}/rotate"), &[], None)
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn the_last_living_admin_stays_one() {
    let api = AccessApi::new().await;
    let me = api.get("/api/admin/session").await.json()["token_id"].clone();
    let path = format!("/api/admin/tokens/{}", me.as_str().unwrap());
    api.delete(&path).await.problem(409, "last_admin");
    for edit in [
        json!({"role": "finance"}),
        json!({"expires_at": "2027-01-01T00:00:00Z"}),
    ] {
        api.patch(&path, &edit).await.problem(409, "last_admin");
    }
    let expiring = json!({"expires_at": "2027-01-01T00:00:00Z"});
    api.post(&format!("{path}/rotate"), &expiring)
        .await
        .problem(409, "last_admin");
    // Another that has expired does not count, one that lives does.
    let other = json!({"name": "bob", "role": "admin", "expires_at": "2026-11-05T09:00:00Z"});
    assert_eq!(api.post("/api/admin/tokens", &other).await.status, 201);
    assert_eq!(api.patch(&path, &json!({"name": "ada b"})).await.status, 200);
    api.clock.forward(TimeDelta::hours(2));
    api.delete(&path).await.problem(409, "last_admin");
    api.token("eve", "admin").await;
    assert_eq!(api.delete(&path).await.status, 204);
    api.get("/api/admin/keys").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_rotated_token_is_replaced_at_once_or_after_a_grace() {
    let api = AccessApi::new().await;
    let (id, first) = api.token("vera", "viewer").await;
    let path = format!("/api/admin/tokens/{id}/rotate");
    let status = async |token: &str| {
        let call = Call::get("/api/admin/keys").bearer(token);
        api.run(call).await.status.as_u16()
    };
    let answer = api.post(&path, &json!({"grace_seconds": 60})).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"2\""));
    let issued = answer.json();
    let second = issued["token"].as_str().unwrap().to_owned();
    assert_eq!(issued["admin_token"]["previous_until"], "2026-11-05T08:01:00Z");
    assert_eq!((status(&first).await, status(&second).await), (200, 200));
    api.clock.forward(TimeDelta::seconds(60));
    assert_eq!((status(&first).await, status(&second).await), (401, 200));
    let third = api.call(Method::POST, &path, &[], None).await.json();
    let third = third["token"].as_str().unwrap();
    assert_eq!((status(&second).await, status(third).await), (401, 200));
}

#[tokio::test]
async fn an_expired_token_is_refused_and_a_rotation_must_say_until_when_the_next_holds() {
    let api = AccessApi::new().await;
    let body = json!({"name": "vera", "role": "viewer", "expires_at": "2026-11-05T09:00:00Z"});
    let issued = api.post("/api/admin/tokens", &body).await.json();
    let token = issued["token"].as_str().unwrap();
    let keys = || Call::get("/api/admin/keys").bearer(token);
    assert_eq!(api.run(keys()).await.status, 200);
    api.clock.forward(TimeDelta::hours(1));
    api.run(keys()).await.problem(401, "unauthenticated");
    let path = format!(
        "/api/admin/tokens/{}/rotate",
        issued["admin_token"]["id"].as_str().unwrap()
    );
    api.call(Method::POST, &path, &[], None)
        .await
        .faults(&["expires_at"]);
    let renewed = api.post(&path, &json!({"expires_at": null})).await.json();
    let keys = Call::get("/api/admin/keys").bearer(renewed["token"].as_str().unwrap());
    assert_eq!(api.run(keys).await.status, 200);
}

#[tokio::test]
async fn the_last_use_is_kept_to_the_minute() {
    let api = AccessApi::new().await;
    let (id, token) = api.token("vera", "viewer").await;
    let path = format!("/api/admin/tokens/{id}");
    let used = async || api.get(&path).await.json()["last_used_at"].clone();
    assert_eq!(used().await, Value::Null);
    let mut seen = Vec::new();
    for seconds in [0, 59, 1] {
        api.clock.forward(TimeDelta::seconds(seconds));
        api.run(Call::get("/api/admin/keys").bearer(&token)).await;
        seen.push(used().await);
    }
    assert_eq!(
        seen,
        [
            json!("2026-11-05T08:00:00Z"),
            json!("2026-11-05T08:00:00Z"),
            json!("2026-11-05T08:01:00Z")
        ]
    );
}

#[tokio::test]
async fn no_answer_and_no_log_repeats_a_token() {
    let api = AccessApi::new().await;
    let (id, token) = api.token("vera", "viewer").await;
    let rotated = api
        .post(&format!("/api/admin/tokens/{id}/rotate"), &json!({}))
        .await
        .json();
    let next = rotated["token"].as_str().unwrap();
    let log = api.get("/api/admin/audit-log").await.json();
    for entry in log["items"].as_array().unwrap() {
        let detail = api
            .get(&format!("/api/admin/audit-log/{}", entry["id"]))
            .await
            .text;
        for secret in [&*token, next, ADMIN] {
            assert!(!detail.contains(secret), "{detail}");
        }
    }
}
