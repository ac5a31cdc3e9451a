//! An orderly stop.

use std::time::Duration;

use serde_json::json;
use tollgate_domain::Verdict;
use tollgate_testkit::{HoldPoint, Script};

use crate::support::{Backend, Setup, both, compare_with_invoice};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_lets_a_stream_finish_and_settles_it() {
    both(stopped).await;
}

async fn stopped(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    setup.simulator.script_all(Script {
        hold: Some(HoldPoint::AfterFrames(2)),
        ..Script::default()
    });
    let body = json!({"model": "gpt-4o", "stream": true, "messages": [{"role": "user", "content": "hello"}]});
    let request = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
        .bearer_auth(&setup.key)
        .json(&body);
    let answer = tokio::spawn(async move { request.send().await.unwrap().text().await.unwrap() });
    setup.simulator.wait_until_held(1).await;
    let simulator = &setup.simulator;
    let release = async {
        // The signal is on its way while the stream is still held.
        tokio::time::sleep(Duration::from_millis(300)).await;
        simulator.release();
    };
    tokio::join!(setup.gateway.stop(), release);
    assert!(answer.await.unwrap().trim_end().ends_with("data: [DONE]"));
    let entries = setup.books().await.wait_for(1).await;
    assert_eq!(entries[0].journaled.entry.verdict, Verdict::Billed);
    compare_with_invoice(&entries, &setup.simulator.invoice());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_outlasts_the_grace_period_is_interrupted_at_the_next_start() {
    let settings =
        |builder: crate::support::GatewayBuilder| builder.env("TOLLGATE_SHUTDOWN_GRACE_SECONDS", "1");
    let mut setup = Setup::with(Backend::Sqlite, settings).await;
    setup.simulator.script_all(Script {
        hold: Some(HoldPoint::AfterFrames(2)),
        ..Script::default()
    });
    let body = json!({"model": "gpt-4o", "stream": true, "messages": [{"role": "user", "content": "hello"}]});
    let request = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
        .bearer_auth(&setup.key)
        .json(&body);
    let answer = tokio::spawn(async move { request.send().await.unwrap().text().await });
    setup.simulator.wait_until_held(1).await;
    setup.gateway.stop().await;
    assert!(answer.await.unwrap().is_err(), "the stream was cut");
    setup.restart().await;
    let entries = setup.books().await.wait_for(1).await;
    let entry = &entries[0].journaled.entry;
    assert_eq!((entries.len(), entry.verdict.reason()), (1, Some("interrupted")));
    setup.gateway.stop().await;
}
