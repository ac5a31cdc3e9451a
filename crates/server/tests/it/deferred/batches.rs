//! Batches and the files they are made of.

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_domain::Verdict;
use tollgate_testkit::Script;

use super::{Caller, billed, deferred, eager, endless, patient, settled, setup, told};
use crate::support::{Admin, Backend, GatewayBuilder, Setup, both, compare_with_invoice};

pub(super) fn line(number: usize, model: &str) -> Value {
    json!({
        "custom_id": format!("item-{number}"), "method": "POST", "url": "/v1/chat/completions",
        "body": {"model": model, "messages": [{"role": "user", "content": format!("hello {number}")}]},
    })
}

/// Makes a batch of chat completions; its id.
pub(super) async fn make(caller: &Caller, lines: &[Value]) -> String {
    let file = caller.store_file(lines).await.ok();
    let body = json!({
        "input_file_id": file["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h",
    });
    let batch = caller.post("/v1/batches", body).await.ok();
    assert_eq!(batch["status"], "validating");
    batch["id"].as_str().unwrap().to_owned()
}

/// Every item the provider invoiced has its entry, in the batch tier; the batch around them costs nothing.
#[track_caller]
pub(super) fn check(setup: &Setup, entries: &[tollgate_domain::ports::RecordedEntry], items: usize) {
    compare_with_invoice(entries, &setup.simulator.invoice());
    assert_eq!(told(entries).len(), billed(&setup.simulator.invoice()));
    let entries = deferred(entries);
    let (item, whole): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.is_item());
    assert_eq!(item.len(), items);
    assert!(
        item.iter()
            .all(|entry| entry.attempt.tier_requested.as_deref() == Some("batch"))
    );
    assert!(
        whole
            .iter()
            .all(|entry| entry.verdict.reason() == Some("free_endpoint")),
        "{whole:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_of_a_batch_is_billed_once_whoever_downloads_it() {
    both(downloaded).await;
}

async fn downloaded(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    setup.simulator.script_next("gpt-4o-mini", Script::status(500));
    let lines: Vec<_> = (0..5)
        .map(|number| line(number, if number == 2 { "gpt-4o-mini" } else { "gpt-4o" }))
        .collect();
    let id = make(&caller, &lines).await;
    let path = format!("/v1/batches/{id}");
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    stranger.get(&path).await.refused(404, "object_unknown");
    assert_eq!(caller.get(&path).await.ok()["status"], "in_progress");
    setup.simulator.end_deferred();
    let batch = caller.get(&path).await.ok();
    assert_eq!(batch["status"], "completed");
    let output = batch["output_file_id"].as_str().unwrap();
    for _ in 0..2 {
        let content = caller.get(&format!("/v1/files/{output}/content")).await;
        assert_eq!(content.status, 200, "{}", content.text);
        assert_eq!(content.text.lines().count(), 4);
    }
    stranger
        .get(&format!("/v1/files/{output}/content"))
        .await
        .refused(404, "object_unknown");
    let entries = settled(&setup).await;
    check(&setup, &entries, 5);
    // 1000 x 1.25 + 200 x 5 USD per million, four times.
    let whole = deferred(&entries)
        .into_iter()
        .find(|entry| !entry.is_item())
        .unwrap();
    let log = setup.admin.log(whole.attempt.request_id).await;
    assert_eq!(
        (&log["billing_status"], &log["cost"], &log["attempts"]),
        (&json!("billed"), &json!("0.009"), &json!(1))
    );
    caller
        .send(Method::DELETE, &format!("/v1/files/{output}"), None)
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_while_items_are_settled_doubles_and_loses_none() {
    both(killed).await;
}

async fn killed(backend: Backend) {
    let mut setup = setup(backend, patient).await;
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let lines: Vec<_> = (0..1_700).map(|number| line(number, "gpt-4o")).collect();
    let caller = Caller::of(&setup);
    let id = make(&caller, &lines).await;
    setup.simulator.end_deferred();
    // Seeing the end has the gateway read the results; it is killed at it, twice.
    let url = setup.backend.url(setup.data_dir.path());
    for round in 0..3 {
        let caller = Caller::of(&setup);
        caller.get(&format!("/v1/batches/{id}")).await.ok();
        setup
            .books()
            .await
            .wait_for(if round == 0 { 300 } else { 900 })
            .await;
        setup.gateway.kill().await;
        setup.gateway = eager(GatewayBuilder::new(setup.data_dir.path(), &url))
            .start()
            .await;
        setup.admin = Admin::new(setup.gateway.admin_url());
    }
    let entries = settled(&setup).await;
    check(&setup, &entries, 1_700);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_of_a_message_batch_is_billed_once() {
    both(messages).await;
}

async fn messages(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script::tokens(1_000, 200));
    let request = |number: u32| {
        json!({"custom_id": format!("m-{number}"), "params": {
            "model": "claude-sonnet-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": format!("{number}")}],
        }})
    };
    setup
        .simulator
        .script_next("claude-sonnet-4-5", Script::status(529));
    let requests: Vec<_> = (0..4).map(request).collect();
    let batch = caller
        .post("/v1/messages/batches", json!({"requests": requests}))
        .await
        .ok();
    let path = format!("/v1/messages/batches/{}", batch["id"].as_str().unwrap());
    let unknown = caller.get("/v1/messages/batches/msgbatch_none").await;
    unknown.refused(404, "object_unknown");
    let error: Value = serde_json::from_str(&unknown.text).unwrap();
    assert_eq!(
        (&error["type"], &error["error"]["type"]),
        (&json!("error"), &json!("not_found_error"))
    );
    assert_eq!(caller.get(&path).await.ok()["processing_status"], "ended");
    let results = caller.get(&format!("{path}/results")).await;
    assert_eq!(results.text.lines().count(), 4, "{}", results.text);
    let entries = settled(&setup).await;
    check(&setup, &entries, 4);
    assert!(
        deferred(&entries)
            .iter()
            .any(|entry| entry.detail.as_deref() == Some("the item ended as overloaded_error"))
    );
    let deleted = caller.send(Method::DELETE, &path, None).await;
    assert_eq!(deleted.ok()["deleted"], true);
    let left: Vec<_> = deferred(&setup.books().await.entries().await)
        .len()
        .checked_sub(5)
        .into_iter()
        .collect();
    assert_eq!(left, [0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_deleted_before_it_is_billed_and_only_files_for_batches_are_stored() {
    let setup = setup(Backend::Sqlite, patient).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let body = json!({"requests": [{"custom_id": "a", "params": {
        "model": "claude-sonnet-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": "hello"}],
    }}]});
    let batch = caller.post("/v1/messages/batches", body).await.ok();
    let path = format!("/v1/messages/batches/{}", batch["id"].as_str().unwrap());
    caller
        .send(Method::DELETE, &path, None)
        .await
        .refused(409, "object_unbilled");
    setup.simulator.end_deferred();
    // Now it has ended, and is billed on the way.
    caller.send(Method::DELETE, &path, None).await.ok();
    let entries = settled(&setup).await;
    check(&setup, &entries, 1);
    assert!(
        told(&entries)
            .iter()
            .all(|entry| entry.verdict == Verdict::Billed)
    );

    let response = caller
        .http
        .post(format!("{}/v1/files", caller.base_url))
        .bearer_auth(&caller.key)
        .header("content-type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nvision\r\n--b--\r\n")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    let unknown =
        json!({"input_file_id": "file-none", "endpoint": "/v1/chat/completions", "completion_window": "24h"});
    caller
        .post("/v1/batches", unknown)
        .await
        .refused(404, "object_unknown");
    let speech =
        json!({"input_file_id": "file-none", "endpoint": "/v1/audio/speech", "completion_window": "24h"});
    caller
        .post("/v1/batches", speech)
        .await
        .refused(400, "body_invalid");
}
