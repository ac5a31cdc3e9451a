//! Background responses.

use serde_json::json;
use tollgate_domain::Verdict;
use tollgate_testkit::Script;

use super::{Caller, ask, billed, deferred, eager, endless, log_of, patient, settled, setup, told};
use crate::support::{Admin, Backend, GatewayBuilder, both, compare_with_invoice};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fetching_a_response_bills_it_once_however_often_and_by_whomever() {
    both(fetched).await;
}

async fn fetched(backend: Backend) {
    let setup = setup(backend, patient).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let id = ask(&caller).await;
    let path = format!("/v1/responses/{id}");
    assert_eq!(caller.get(&path).await.ok()["status"], "in_progress");
    // What is not known yet is not free.
    let made = log_of(&setup, "/v1/responses").await;
    assert_eq!(made["billing_status"], "unbilled", "{made}");
    // Another key's object is as unknown as none.
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    stranger.get(&path).await.refused(404, "object_unknown");
    stranger
        .post(&format!("{path}/cancel"), json!({}))
        .await
        .refused(404, "object_unknown");
    caller
        .get("/v1/responses/resp_none")
        .await
        .refused(404, "object_unknown");

    setup.simulator.end_deferred();
    let fetches = (0..8).map(|_| caller.get(&path));
    for answer in futures_util::future::join_all(fetches).await {
        assert_eq!(answer.ok()["status"], "completed");
    }
    let items = caller.get(&format!("{path}/input_items")).await;
    assert_eq!(items.ok()["object"], "list");
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 1);
    let entry = deferred(&entries)[0];
    assert_eq!(entry.verdict, Verdict::Billed);
    assert_eq!(entry.attempt.facts.deferred.as_ref().unwrap().object_id, id);
    let log = setup.admin.log(entry.attempt.request_id).await;
    assert_eq!(
        (&log["billing_status"], &log["cost"]),
        (&json!("billed"), &json!("0.00045")),
        "{log}"
    );
    // Long after it costs nothing more.
    caller.get(&path).await.ok();
    caller.send(reqwest::Method::DELETE, &path, None).await.ok();
    let list = setup.admin.get("/deferred-operations?kind=response").await;
    assert_eq!(list["items"][0]["state"], "settled", "{list}");
    assert_eq!(told(&setup.books().await.entries().await).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_asking_and_fetching_loses_nothing() {
    both(killed).await;
}

async fn killed(backend: Backend) {
    let mut setup = setup(backend, patient).await;
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let (first, second) = {
        let caller = Caller::of(&setup);
        (ask(&caller).await, ask(&caller).await)
    };
    setup.gateway.kill().await;
    let url = setup.backend.url(setup.data_dir.path());
    setup.gateway = patient(GatewayBuilder::new(setup.data_dir.path(), &url))
        .start()
        .await;
    setup.admin = Admin::new(setup.gateway.admin_url());
    setup.simulator.end_deferred();
    let caller = Caller::of(&setup);
    caller.get(&format!("/v1/responses/{first}")).await.ok();
    // The second was never fetched by the killed process either: a stream that resumes it bills it, too.
    let resumed = caller.get(&format!("/v1/responses/{second}?stream=true")).await;
    assert!(resumed.text.contains("response.completed"), "{}", resumed.text);
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 2);
    let interrupted = entries
        .iter()
        .filter(|entry| entry.journaled.entry.verdict.reason() == Some("interrupted"));
    assert_eq!(interrupted.count(), 0);
    // A kill right after the end was seen: the journal holds the entry, the database may not.
    setup.simulator.script_all(Script::tokens(7, 3));
    let third = ask(&caller).await;
    caller.get(&format!("/v1/responses/{third}")).await.ok();
    setup.gateway.kill().await;
    setup.gateway = eager(GatewayBuilder::new(setup.data_dir.path(), &url))
        .start()
        .await;
    setup.admin = Admin::new(setup.gateway.admin_url());
    // Killed before it was claimed, it waits for its regular look, or for the next who asks.
    Caller::of(&setup)
        .get(&format!("/v1/responses/{third}"))
        .await
        .ok();
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_needs_to_fetch_a_response_for_it_to_be_billed() {
    both(polled).await;
}

async fn polled(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script {
        pending_looks: 3,
        ..Script::tokens(100, 20)
    });
    for _ in 0..3 {
        ask(&caller).await;
    }
    let metrics = reqwest::get(format!("{}/metrics", setup.gateway.admin_url()))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("tollgate_deferred_operations_open 3"),
        "{metrics}"
    );
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), billed(&setup.simulator.invoice()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_in_the_background_is_billed_by_its_end_or_when_it_is_seen() {
    let setup = setup(Backend::Sqlite, eager).await;
    let caller = Caller::of(&setup);
    let body = json!({"model": "gpt-4o", "input": "hello", "background": true, "stream": true});
    setup.simulator.script_all(Script::tokens(100, 20));
    let whole = caller.post("/v1/responses", body.clone()).await;
    assert!(whole.text.contains("response.completed"));
    // The connection breaks; the response goes on all the same.
    setup.simulator.script_all(Script {
        fault: Some(tollgate_testkit::Fault::Cut { after: 3 }),
        billed: Some(true),
        ..Script::tokens(50, 10)
    });
    let cut = caller
        .http
        .post(format!("{}/v1/responses", caller.base_url))
        .bearer_auth(&caller.key)
        .json(&body);
    let cut = cut.send().await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.text().await.is_err(), "the stream was to break");
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 2);
    assert!(
        deferred(&entries)
            .iter()
            .all(|entry| entry.verdict == Verdict::Billed)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_response_is_settled_by_the_cancelling() {
    let setup = setup(Backend::Sqlite, patient).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let id = ask(&caller).await;
    let deleted = caller
        .send(reqwest::Method::DELETE, &format!("/v1/responses/{id}"), None)
        .await;
    deleted.refused(409, "object_unbilled");
    let cancelled = caller
        .post(&format!("/v1/responses/{id}/cancel"), json!({}))
        .await;
    assert_eq!(cancelled.ok()["status"], "cancelled");
    let entries = settled(&setup).await;
    let entry = deferred(&entries)[0];
    // Nobody says what it used until then.
    assert_eq!(entry.verdict.reason(), Some("usage_missing"));
    assert_eq!(entry.detail.as_deref(), Some("it ended as cancelled"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_upstreams_keep_their_own_responses() {
    let setup = setup(Backend::Sqlite, patient).await;
    let other = tollgate_testkit::Simulator::start().await.unwrap();
    let known = setup.admin.get("/upstreams").await;
    let known = known["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|upstream| upstream["name"] == "openai");
    let path = format!("/upstreams/{}", known.unwrap()["id"].as_str().unwrap());
    let (status, _) = setup
        .admin
        .call(reqwest::Method::PATCH, &path, Some(json!({"priority": 5})))
        .await;
    assert_eq!(status, 200);
    setup
        .admin
        .create_upstream(json!({
            "name": "other", "provider": "openai", "protocols": ["openai_responses"], "base_url": other.base_url(),
            "credential": other.credential(), "models": [{"model": "gpt-4o-mini"}],
        }))
        .await;
    let caller = Caller::of(&setup);
    let here = ask(&caller).await;
    let body = json!({"model": "gpt-4o-mini", "input": "hello", "background": true});
    let there = caller.post("/v1/responses", body).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(other.invoice().len(), 1);
    for id in [here, there] {
        assert_eq!(
            caller.get(&format!("/v1/responses/{id}")).await.ok()["status"],
            "completed"
        );
    }
    let entries = settled(&setup).await;
    let lines: Vec<_> = setup
        .simulator
        .invoice()
        .into_iter()
        .chain(other.invoice())
        .collect();
    compare_with_invoice(&entries, &lines);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_before_its_end_was_seen_is_unbilled_and_what_is_not_allowed_is_refused() {
    let setup = setup(Backend::Sqlite, |builder| builder).await;
    let caller = Caller::of(&setup);
    let refused = caller
        .post(
            "/v1/responses",
            json!({"model": "gpt-4o", "input": "hello", "background": true}),
        )
        .await;
    refused.refused(400, "background_unsupported");
    assert!(refused.text.contains("proxy.deferred"), "{}", refused.text);
    caller
        .get("/v1/responses/resp_1")
        .await
        .refused(400, "not_metered_yet");
    caller
        .get("/v1/files/file-1")
        .await
        .refused(400, "not_metered_yet");
    caller
        .post("/v1/messages/batches", json!({"requests": []}))
        .await
        .refused(400, "not_metered_yet");
}
