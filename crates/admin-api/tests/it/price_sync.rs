use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;
use tollgate_domain::ReleaseState;
use tollgate_domain::ports::SyncStart;

use crate::price_releases::{release, release_id};
use crate::test_api::TestApi;

const SYNC: &str = "/api/admin/billing/prices/sync";

fn ready() -> TestApi {
    let api = TestApi::new();
    let mut running = release(1);
    running.state = ReleaseState::Running;
    running.finished_at = None;
    api.store.shelves().releases.push(running);
    *api.runtime.sync.lock().unwrap() = SyncStart::Started(release_id(1));
    api
}

#[tokio::test]
async fn a_sync_answers_with_the_run_to_follow() {
    let api = ready();
    let begun = api.call(Method::POST, SYNC, &[], None).await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    let location = format!("/api/admin/billing/prices/releases/{}", release_id(1));
    assert_eq!(begun.header("location"), location);
    assert_eq!(
        (&begun.json()["state"], &begun.json()["finished_at"]),
        (&json!("running"), &json!(null))
    );
    assert_eq!(api.get(&location).await.json(), begun.json());
    let forced = api.post(SYNC, &json!({"source": "litellm", "force": true})).await;
    assert_eq!(forced.status, 202);
    let asked = api.runtime.asked_syncs.lock().unwrap().clone();
    assert_eq!(asked, [("ada".to_owned(), false), ("ada".to_owned(), true)]);
}

#[tokio::test]
async fn one_sync_at_a_time() {
    let api = ready();
    *api.runtime.sync.lock().unwrap() = SyncStart::Busy(Some(release_id(1)));
    let problem = api.post(SYNC, &json!({})).await.problem(409, "sync_running");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(&release_id(1).to_string())
    );
    *api.runtime.sync.lock().unwrap() = SyncStart::Busy(None);
    api.post(SYNC, &json!({})).await.problem(409, "sync_running");
}

#[tokio::test]
async fn another_source_is_refused_naming_the_values() {
    let api = ready();
    for (body, field) in [
        (json!({"source": "openrouter"}), "source"),
        (json!({"source": "manual"}), "source"),
        (json!({"source": null}), "source"),
        (json!({"force": "yes"}), "force"),
        (json!({"url": "http://localhost"}), "url"),
    ] {
        let faults = api.post(SYNC, &body).await.faults(&[field]);
        if body["source"].is_string() {
            assert!(faults[0].contains("litellm"), "{faults:?}");
        }
    }
    api.call(Method::POST, SYNC, &[("content-type", "application/json")], None)
        .await
        .json();
    assert!(api.runtime.asked_syncs.lock().unwrap().len() == 1);
}

#[tokio::test]
async fn a_sync_needs_a_token() {
    let api = ready();
    let request = Request::builder()
        .method("POST")
        .uri(SYNC)
        .body(Body::empty())
        .unwrap();
    api.send(request).await.problem(401, "unauthenticated");
    assert!(api.runtime.asked_syncs.lock().unwrap().is_empty());
}
