use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tollgate_admin_api::AccessPolicy;

use super::api::{AccessApi, Call};
use crate::test_api::ADMIN;

const SESSION: &str = "/api/admin/session";

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie_no_page_can_read() {
    let api = AccessApi::new().await;
    let answer = api.run(Call::post(SESSION, &json!({"token": ADMIN}))).await;
    assert_eq!(answer.status, 201);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("tollgate-session=tg-"), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(!answer.text.contains(secret));
    let body = answer.json();
    assert_eq!(
        (&body["name"], &body["role"], &body["origin"], &body["expires_at"]),
        (
            &json!("ada"),
            &json!("admin"),
            &json!("session"),
            &json!("2026-11-05T20:00:00Z")
        )
    );
    let https = Call::post(SESSION, &json!({"token": ADMIN})).header("x-forwarded-proto", "https");
    let cookie = api.run(https).await;
    let cookie = cookie.header("set-cookie");
    assert!(cookie.starts_with("__Host-tollgate-session=") && cookie.ends_with("; Secure"));
}

#[tokio::test]
async fn a_page_reads_with_the_cookie_and_writes_with_the_csrf_token() {
    let api = AccessApi::new().await;
    let browser = api.sign_in(ADMIN).await;
    let me = api.run(Call::get(SESSION).cookie(&browser)).await.json();
    assert_eq!(
        (&me["csrf_token"], &me["idle_seconds"]),
        (&json!(browser.csrf), &json!(7200))
    );
    let body = json!({"name": "k"});
    let write = || Call::post("/api/admin/keys", &body);
    let with_token = || write().cookie(&browser).header("x-csrf-token", &browser.csrf);
    for refused in [
        write().cookie(&browser),
        write().cookie(&browser).header("x-csrf-token", "wrong"),
        with_token().header("sec-fetch-site", "cross-site"),
        with_token().header("sec-fetch-site", "same-site"),
        with_token()
            .header("host", "gateway.example")
            .header("origin", "https://evil.example"),
    ] {
        api.run(refused).await.problem(403, "cross_site");
    }
    let keys = async || {
        api.run(Call::get("/api/admin/keys").cookie(&browser))
            .await
            .json()
    };
    assert_eq!(keys().await["items"], json!([]));
    assert_eq!(api.run(write().page(&browser)).await.status, 201);
    assert_eq!(keys().await["items"][0]["name"], "k");
}

#[tokio::test]
async fn a_bearer_needs_no_csrf_token_and_learns_who_it_is() {
    let api = AccessApi::new().await;
    let me = api.run(Call::get(SESSION).bearer(ADMIN)).await.json();
    assert_eq!(
        (&me["origin"], &me["csrf_token"], &me["expires_at"]),
        (&json!("bearer"), &Value::Null, &Value::Null)
    );
    let write = Call::post("/api/admin/keys", &json!({"name": "k"})).bearer(ADMIN);
    assert_eq!(
        api.run(write.header("sec-fetch-site", "cross-site")).await.status,
        201
    );
    let out = Call::new(Method::DELETE, SESSION).bearer(ADMIN);
    api.run(out).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_no_living_token_opens_no_session() {
    let api = AccessApi::new().await;
    let wrong = api.run(Call::post(SESSION, &json!({"token": "tga-wrong"}))).await;
    wrong.problem(401, "unauthenticated");
    assert_eq!(wrong.header("set-cookie"), "");
    let long = "x".repeat(4_097);
    for token in ["", &long] {
        api.run(Call::post(SESSION, &json!({"token": token})))
            .await
            .faults(&["token"]);
    }
    api.run(Call::post(SESSION, &json!({"token": ADMIN, "more": 1})))
        .await
        .faults(&["more"]);
    let elsewhere = Call::post(SESSION, &json!({"token": ADMIN})).header("sec-fetch-site", "cross-site");
    api.run(elsewhere).await.problem(403, "cross_site");
    let made_up = Call::get("/api/admin/keys").header("cookie", "tollgate-session=tg-made-up");
    api.run(made_up).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let api = AccessApi::new().await;
    let browser = api.sign_in(ADMIN).await;
    let other = api.sign_in(ADMIN).await;
    let out = || Call::new(Method::DELETE, SESSION);
    api.run(out().cookie(&browser)).await.problem(403, "cross_site");
    let answer = api.run(out().page(&browser)).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    api.run(Call::get(SESSION).cookie(&browser))
        .await
        .problem(401, "unauthenticated");
    assert_eq!(api.run(Call::get(SESSION).cookie(&other)).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_its_time_is_over() {
    let api = AccessApi::new().await;
    let browser = api.sign_in(ADMIN).await;
    let get = || Call::get(SESSION).cookie(&browser);
    for _ in 0..6 {
        api.clock.forward(TimeDelta::minutes(119));
        assert_eq!(api.run(get()).await.status, 200);
    }
    api.clock.forward(TimeDelta::minutes(6));
    api.run(get()).await.problem(401, "unauthenticated");
    let idle = api.sign_in(ADMIN).await;
    api.clock.forward(TimeDelta::hours(2));
    let answer = api.run(Call::get(SESSION).cookie(&idle)).await;
    answer.problem(401, "unauthenticated");
}

#[tokio::test]
async fn how_long_a_session_lasts_is_the_operators_to_say() {
    let api = AccessApi::with(AccessPolicy {
        session_idle: TimeDelta::minutes(10),
        session_length: TimeDelta::minutes(15),
        ..AccessPolicy::default()
    })
    .await;
    let answer = api.run(Call::post(SESSION, &json!({"token": ADMIN}))).await;
    assert!(answer.header("set-cookie").contains("Max-Age=900"));
    let body = answer.json();
    assert_eq!(
        (&body["idle_seconds"], &body["expires_at"]),
        (&json!(600), &json!("2026-11-05T08:15:00Z"))
    );
    let (used, idle) = (api.sign_in(ADMIN).await, api.sign_in(ADMIN).await);
    let get = |browser| Call::get(SESSION).cookie(browser);
    api.clock.forward(TimeDelta::minutes(9));
    assert_eq!(api.run(get(&used)).await.status, 200);
    api.clock.forward(TimeDelta::minutes(1));
    api.run(get(&idle)).await.problem(401, "unauthenticated");
    assert_eq!(api.run(get(&used)).await.json()["idle_seconds"], json!(600));
    api.clock.forward(TimeDelta::minutes(5));
    api.run(get(&used)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_follows_its_token() {
    let api = AccessApi::new().await;
    let (id, token) = api.token("vera", "viewer").await;
    let path = format!("/api/admin/tokens/{id}");
    let browser = api.sign_in(&token).await;
    let write = || Call::post("/api/admin/keys", &json!({"name": "k"})).page(&browser);
    api.run(write()).await.problem(403, "forbidden");
    api.patch(&path, &json!({"role": "admin"})).await;
    assert_eq!(api.run(write()).await.status, 201);
    let read = |browser| Call::get("/api/admin/keys").cookie(browser);
    api.post(&format!("{path}/rotate"), &json!({"grace_seconds": 60}))
        .await;
    assert_eq!(api.run(read(&browser)).await.status, 200, "within the grace");
    api.clock.forward(TimeDelta::seconds(60));
    api.run(read(&browser)).await.problem(401, "unauthenticated");
    let next = api.post(&format!("{path}/rotate"), &json!({})).await.json();
    let browser = api.sign_in(next["token"].as_str().unwrap()).await;
    assert_eq!(api.run(read(&browser)).await.status, 200);
    assert_eq!(api.delete(&path).await.status, 204);
    api.run(read(&browser)).await.problem(401, "unauthenticated");
}
