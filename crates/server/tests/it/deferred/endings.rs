//! Ends that are never seen, objects made twice, and more than one who looks.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tollgate_domain::ports::{DeferredFilter, DeferredStore as _, RecordedEntry};
use tollgate_domain::{DeferredOperation, EventId, LedgerEntry};
use tollgate_testkit::Script;
use tollgate_testkit::postgres::PgCluster;
use uuid::Uuid;

use super::{Caller, Setup, ask, batches, billed, deferred, eager, endless, patient, settled, setup, told};
use crate::support::{Backend, GatewayBuilder, both, compare_with_invoice};

const JOB: &str = "/system/jobs/deferred_usage";
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// The operation of a response, as it is stored.
async fn operation(setup: &Setup, object: &str) -> DeferredOperation {
    let filter = DeferredFilter {
        object_id: Some(object.to_owned()),
        ..DeferredFilter::default()
    };
    let books = setup.books().await;
    for _ in 0..100 {
        let found = books
            .database()
            .deferred_operations(filter.clone(), None, 1)
            .await;
        if let Some(row) = found.unwrap().pop() {
            return row.operation;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{object} is not handed over");
}

/// What another request would have made, had it been sent earlier.
async fn made_earlier(
    setup: &Setup,
    like: &DeferredOperation,
    object: &str,
    earlier: Duration,
    lasts: Duration,
) -> EventId {
    let mut made = like.clone();
    let (time, rest) = like.attempt.event_id.uuid().as_u64_pair();
    let other = rest ^ (object.len() as u64 + 1);
    let event = EventId::new(Uuid::from_u64_pair(time, other));
    Arc::make_mut(&mut made.attempt).event_id = event;
    made.object_id = object.to_owned();
    made.created_at -= earlier;
    made.expires_at = made.created_at + lasts;
    let at = made.created_at;
    let books = setup.books().await;
    books.database().open_deferred(vec![made], at).await.unwrap();
    event
}

/// The entry of an event, once it is there.
async fn entry_of(setup: &Setup, event: EventId) -> LedgerEntry {
    let books = setup.books().await;
    for _ in 0..300 {
        let found = books.entries().await.into_iter();
        let mut found = found.map(|recorded| recorded.journaled.entry);
        if let Some(entry) = found.find(|entry| entry.attempt.event_id == event) {
            return entry;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{event} is not settled");
}

async fn row_of(setup: &Setup, object: &str) -> Value {
    let rows = setup
        .admin
        .get(&format!("/deferred-operations?object_id={object}"))
        .await;
    rows["items"][0].clone()
}

/// The row once the gateway has looked at its object.
async fn looked_at(setup: &Setup, object: &str) -> Value {
    for _ in 0..300 {
        let row = row_of(setup, object).await;
        if row["looks"].as_u64().unwrap() > 0 {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody looks at {object}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_never_seen_ending_is_unbilled_once_its_time_is_over() {
    both(expired).await;
}

async fn expired(backend: Backend) {
    let setup = setup(backend, eager).await;
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let like = operation(&setup, &ask(&Caller::of(&setup)).await).await;
    // A response that goes on and on, made without this gateway's knowledge.
    let asked = Client::new()
        .post(format!("{}/v1/responses", setup.simulator.base_url()))
        .bearer_auth(setup.simulator.credential())
        .json(&json!({"model": "gpt-4o", "input": "hello", "background": true}));
    let asked: Value = asked.send().await.unwrap().json().await.unwrap();
    let object = asked["id"].as_str().unwrap();
    let event = made_earlier(&setup, &like, object, 73 * HOUR, 72 * HOUR).await;
    let entry = entry_of(&setup, event).await;
    assert_eq!(entry.verdict.reason(), Some("usage_missing"));
    assert_eq!(
        entry.detail.as_deref(),
        Some("its end was not seen in time; the last that was seen: in_progress")
    );
    // What still has time is still waited for.
    let open = looked_at(&setup, &like.object_id).await;
    assert_eq!(
        (&open["state"], &open["provider_state"]),
        (&json!("open"), &json!("in_progress"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_that_is_gone_is_unbilled_after_ten_minutes_and_not_before() {
    both(gone).await;
}

async fn gone(backend: Backend) {
    let setup = setup(backend, eager).await;
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let like = operation(&setup, &ask(&Caller::of(&setup)).await).await;
    made_earlier(&setup, &like, "resp_about_to_appear", 9 * MINUTE, HOUR).await;
    let event = made_earlier(&setup, &like, "resp_gone", 11 * MINUTE, HOUR).await;
    let entry = entry_of(&setup, event).await;
    assert_eq!(entry.verdict.reason(), Some("usage_missing"));
    assert_eq!(
        entry.detail.as_deref(),
        Some("the upstream does not know it any more, and its end was never seen")
    );
    let waiting = looked_at(&setup, "resp_about_to_appear").await;
    assert_eq!(
        (&waiting["state"], &waiting["problem"]),
        (&json!("open"), &json!("the upstream does not know it"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_that_two_requests_made_is_billed_by_the_first_alone() {
    both(twice).await;
}

async fn twice(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(endless(Script::tokens(100, 20)));
    let object = ask(&caller).await;
    let like = operation(&setup, &object).await;
    let second = made_earlier(&setup, &like, &object, Duration::ZERO, HOUR).await;
    let entry = entry_of(&setup, second).await;
    assert_eq!(entry.verdict.reason(), Some("free_endpoint"));
    assert_eq!(
        entry.detail.as_deref(),
        Some("another request made the same object and is billed for it")
    );
    setup.simulator.end_deferred();
    caller.get(&format!("/v1/responses/{object}")).await.ok();
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 1);
    assert_eq!(told(&entries)[0].attempt.event_id, like.attempt.event_id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_on_one_database_bill_what_both_see_ending_once() {
    let cluster = PgCluster::shared().unwrap();
    let setup = setup(Backend::postgres(cluster).await, eager).await;
    let other_dir = tempfile::tempdir().unwrap();
    let url = setup.backend.url(setup.data_dir.path());
    let other = eager(GatewayBuilder::new(other_dir.path(), &url)).start().await;
    let caller = Caller::of(&setup);
    let elsewhere = Caller {
        base_url: other.base_url().to_owned(),
        ..Caller::of(&setup)
    };
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let lines: Vec<_> = (0..300).map(|number| batches::line(number, "gpt-4o")).collect();
    let batch = format!("/v1/batches/{}", batches::make(&caller, &lines).await);
    let mut responses = Vec::new();
    for number in 0..6 {
        let asked = if number % 2 == 0 { &caller } else { &elsewhere };
        responses.push(format!("/v1/responses/{}", ask(asked).await));
    }
    // What one has made the other finds.
    for path in &responses {
        elsewhere.get(path).await.ok();
    }
    setup.simulator.end_deferred();
    let everywhere = responses
        .iter()
        .chain([&batch])
        .flat_map(|path| [&caller, &elsewhere, &caller, &elsewhere].map(|caller| caller.get(path)));
    for answer in futures_util::future::join_all(everywhere).await {
        answer.ok();
    }
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), billed(&setup.simulator.invoice()));
    assert_eq!(told(&entries).len(), 306);
    let journals: std::collections::BTreeSet<_> = deferred(&entries)
        .iter()
        .map(|entry| entry.attempt.event_id)
        .collect();
    assert_eq!(journals.len(), deferred(&entries).len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_whose_own_looks_meet_bill_once() {
    let cluster = PgCluster::shared().unwrap();
    let mut setup = setup(Backend::postgres(cluster).await, eager).await;
    let other_dir = tempfile::tempdir().unwrap();
    let url = setup.backend.url(setup.data_dir.path());
    let other = eager(GatewayBuilder::new(other_dir.path(), &url)).start().await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script {
        pending_looks: 2,
        ..Script::tokens(1_000, 200)
    });
    for _ in 0..10 {
        ask(&caller).await;
    }
    let lines: Vec<_> = (0..1_200).map(|number| batches::line(number, "gpt-4o")).collect();
    batches::make(&caller, &lines).await;
    // One of them is killed at it; the other goes on where the claim has run out.
    setup.books().await.wait_for(100).await;
    setup.gateway.kill().await;
    setup.gateway = eager(GatewayBuilder::new(setup.data_dir.path(), &url))
        .start()
        .await;
    setup.admin = crate::support::Admin::new(other.admin_url());
    let entries: Vec<RecordedEntry> = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert_eq!(told(&entries).len(), 1_210);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateways_own_look_is_a_job_that_can_be_run_and_paused() {
    both(as_a_job).await;
}

async fn as_a_job(backend: Backend) {
    let setup = setup(backend, patient).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script::tokens(100, 20));
    let act = |verb: &str| {
        let path = format!("{JOB}/{verb}");
        let admin = setup.admin.clone();
        async move { admin.call(Method::POST, &path, None).await }
    };
    let (status, paused) = act("pause").await;
    assert_eq!((status, &paused["state"]), (StatusCode::OK, &json!("paused")));
    let object = ask(&caller).await;
    operation(&setup, &object).await;
    assert_eq!(row_of(&setup, &object).await["looks"], 0);
    // Run by hand, it looks at what is not due either.
    let (status, _) = act("run").await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let entries = settled(&setup).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    let run = loop {
        let job = setup.admin.get(JOB).await;
        if job["runs"][0]["outcome"].is_string() {
            break job["runs"][0].clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        (&run["outcome"], &run["trigger"]),
        (&json!("done"), &json!("manual"))
    );
    let detail = run["detail"].as_str().unwrap();
    assert!(detail.starts_with("1 settled"), "{detail}");
    let (_, resumed) = act("resume").await;
    assert_eq!(resumed["state"], "idle");
}
