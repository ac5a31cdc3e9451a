use serde_json::json;
use tollgate_domain::ports::Health;

use crate::test_api::TestApi;

#[tokio::test]
async fn the_process_is_live_whatever_else_is_broken() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(crate::fake::Failure::Unavailable);
    let answer = api.get("/healthz").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"status": "live"}));
}

#[tokio::test]
async fn degraded_is_said_but_still_answered_with_200() {
    let api = TestApi::new();
    let ready = api.get("/readyz").await;
    assert_eq!(ready.json(), json!({"status": "ready", "journal_full": false}));
    *api.runtime.health.lock().unwrap() = Health::Degraded;
    let degraded = api.get("/readyz").await;
    assert_eq!(degraded.status, 200);
    assert_eq!(degraded.json()["status"], "degraded");
}
