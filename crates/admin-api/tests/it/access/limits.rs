use chrono::TimeDelta;
use serde_json::json;
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
