use chrono::TimeDelta;
use serde_json::json;
use tollgate_admin_api::AccessPolicy;
use tollgate_domain::ports::{AdminTokenStore, AuditFilter, AuditStore};

use super::api::{AccessApi, Call};
use crate::test_api::ADMIN;

fn guess(n: u32) -> Call {
    Call::get("/api/admin/keys").bearer(&format!("tga-guess-{n}"))
}

#[tokio::test]
async fn who_guesses_has_to_wait_longer_each_time() {
    let api = AccessApi::new().await;
    for n in 0..5 {
        api.run(guess(n)).await.problem(401, "unauthenticated");
    }
    for wait in [1, 2, 4] {
        let answer = api.run(guess(9)).await;
        answer.problem(429, "too_many_attempts");
        assert_eq!(answer.header("retry-after"), wait.to_string());
        let sign_in = Call::post("/api/admin/session", &json!({"token": "tga-guess"}));
        api.run(sign_in).await.problem(429, "too_many_attempts");
        api.clock.forward(TimeDelta::seconds(wait));
        api.run(guess(9)).await.problem(401, "unauthenticated");
    }
    let elsewhere = guess(9).from("192.0.2.8");
    api.run(elsewhere).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn failed_sign_ins_count_as_failed_tokens_do() {
    let api = AccessApi::new().await;
    for n in 0..5 {
        let body = json!({"token": format!("tga-guess-{n}")});
        api.run(Call::post("/api/admin/session", &body))
            .await
            .problem(401, "unauthenticated");
    }
    let right = Call::post("/api/admin/session", &json!({"token": ADMIN}));
    api.run(right).await.problem(429, "too_many_attempts");
}

#[tokio::test]
async fn somebody_elses_guessing_does_not_lock_out_who_was_let_in() {
    let api = AccessApi::new().await;
    let keys = || Call::get("/api/admin/keys").bearer(ADMIN);
    assert_eq!(api.run(keys()).await.status, 200);
    let browser = api.sign_in(ADMIN).await;
    for n in 0..5 {
        api.run(guess(n)).await;
    }
    api.run(guess(9)).await.problem(429, "too_many_attempts");
    assert_eq!(api.run(keys()).await.status, 200);
    let session = Call::get("/api/admin/session").cookie(&browser);
    assert_eq!(api.run(session).await.status, 200);
}

#[tokio::test]
async fn failures_leave_nothing_in_the_database() {
    let api = AccessApi::new().await;
    let rows = async || {
        let log = api.store.audit_log(AuditFilter::default(), None, 200).await;
        (log.unwrap(), api.store.admin_tokens().await.unwrap())
    };
    let before = rows().await;
    for n in 0..20 {
        api.run(guess(n)).await;
    }
    assert_eq!(rows().await, before);
}

/// With a reverse proxy at 10.1.0.1 that is believed.
async fn behind_a_proxy() -> AccessApi {
    AccessApi::with(AccessPolicy {
        trusted_proxies: ["10.1.0.0/16".parse().unwrap()].into(),
        ..AccessPolicy::default()
    })
    .await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_caller_waits_alone() {
    let api = behind_a_proxy().await;
    let guess_of = |n, caller: &str| guess(n).from("10.1.0.1").header("x-forwarded-for", caller);
    for n in 0..5 {
        api.run(guess_of(n, "192.0.2.7"))
            .await
            .problem(401, "unauthenticated");
    }
    api.run(guess_of(9, "192.0.2.7"))
        .await
        .problem(429, "too_many_attempts");
    let sign_in = Call::post("/api/admin/session", &json!({"token": "tga-guess"})).from("10.1.0.1");
    let sign_in = sign_in.header("x-forwarded-for", "192.0.2.7");
    api.run(sign_in).await.problem(429, "too_many_attempts");
    api.run(guess_of(9, "192.0.2.8"))
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn made_up_forwarding_helps_nobody_past_the_wait() {
    let api = behind_a_proxy().await;
    // What the caller writes stands before what the proxy appends.
    let spoofed = |n: u32| {
        let list = format!("198.51.100.{n}, 192.0.2.7");
        guess(n).from("10.1.0.1").header("x-forwarded-for", &list)
    };
    for n in 0..5 {
        api.run(spoofed(n)).await.problem(401, "unauthenticated");
    }
    api.run(spoofed(9)).await.problem(429, "too_many_attempts");
    // Nor does it help who comes past the proxy.
    let direct = |n: u32| {
        guess(n)
            .from("192.0.2.9")
            .header("x-forwarded-for", &format!("198.51.100.{n}"))
    };
    for n in 0..5 {
        api.run(direct(n)).await.problem(401, "unauthenticated");
    }
    api.run(direct(9)).await.problem(429, "too_many_attempts");
}

#[tokio::test]
async fn without_trusted_proxies_nobody_is_believed() {
    let api = AccessApi::new().await;
    for n in 0..5 {
        let list = format!("198.51.100.{n}");
        api.run(guess(n).header("x-forwarded-for", &list)).await;
    }
    let next = guess(9).header("x-forwarded-for", "198.51.100.99");
    api.run(next).await.problem(429, "too_many_attempts");
}

#[tokio::test]
async fn the_audit_log_has_the_callers_own_address() {
    let api = behind_a_proxy().await;
    let key = |name: &str| Call::post("/api/admin/keys", &json!({"name": name})).bearer(ADMIN);
    let through = key("a")
        .from("10.1.0.1")
        .header("x-forwarded-for", "10.1.0.9, 192.0.2.7");
    let past = key("b")
        .from("192.0.2.9")
        .header("x-forwarded-for", "198.51.100.1");
    for call in [through, past] {
        assert_eq!(api.run(call).await.status, 201);
    }
    let log = Call::get("/api/admin/audit-log?action=key.create").bearer(ADMIN);
    let log = api.run(log).await.json();
    let addresses = [&log["items"][1]["address"], &log["items"][0]["address"]];
    assert_eq!(addresses, [&json!("192.0.2.7"), &json!("192.0.2.9")]);
}
