//! Callers that go away.

use http_body_util::BodyExt as _;
use serde_json::json;
use std::time::Duration;

use tollgate_domain::{ErrorOrigin, UsageSource};
use tollgate_proxy::{ClientGone, ProxyConfig};
use tollgate_testkit::{HoldPoint, Script, Simulator};

use crate::support::{Client, Gateway, anthropic, chat, of};

fn held_stream() -> Script {
    Script {
        hold: Some(HoldPoint::AfterFrames(3)),
        ..Script::tokens(1000, 100)
    }
}

/// Reads the beginning of a stream and goes away; returns once the gateway has noticed.
async fn leave_mid_stream(gateway: &Gateway) {
    let client = Client::of(gateway);
    let mut response = client.begin(anthropic(&json!({"stream": true}))).await;
    response.body_mut().frame().await.unwrap().unwrap();
    drop(response);
    drop(client);
    gateway.wait_for_log().await;
}

#[tokio::test]
async fn a_stream_is_read_on_and_billed_with_its_real_usage() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(held_stream());
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    leave_mid_stream(&gateway).await;
    simulator.release();
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, completed"]);
    assert_eq!(books.entry().usage_source, UsageSource::Reported);
    assert_eq!(books.entry().amounts.as_ref().unwrap().cost.to_string(), "0.0035");
    assert_eq!(books.log().error_origin, Some(ErrorOrigin::Client));
}

#[tokio::test]
async fn reading_on_ends_at_its_limit() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(held_stream());
    let client_gone = ClientGone::Drain {
        max_time: Duration::from_millis(50),
        max_bytes: 1 << 20,
    };
    let gateway = Gateway::configured(
        vec![of(&simulator, 0)],
        ProxyConfig {
            client_gone,
            ..ProxyConfig::default()
        },
    )
    .await;
    leave_mid_stream(&gateway).await;
    let books = gateway.finish().await;
    assert_eq!(books.entry().outcome.kind.as_str(), "client_gone");
    assert_eq!(books.entry().usage_source, UsageSource::Partial);
}

#[tokio::test]
async fn with_cancel_the_upstream_is_let_go_at_once() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(held_stream());
    let config = ProxyConfig {
        client_gone: ClientGone::Cancel,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    leave_mid_stream(&gateway).await;
    let books = gateway.finish().await;
    assert_eq!(books.entry().outcome.kind.as_str(), "client_gone");
    simulator.wait_until_idle().await;
}

#[tokio::test]
async fn a_request_outlives_a_caller_that_leaves_before_the_headers() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        hold: Some(HoldPoint::BeforeHeaders),
        ..Script::tokens(1000, 100)
    });
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    tokio::select! {
        _ = client.begin(chat(&json!({}))) => panic!("the answer is held"),
        () = simulator.wait_until_held(1) => {}
    }
    drop(client);
    simulator.release();
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, completed"]);
    assert_eq!(books.log().attempts, 1);
}

#[tokio::test]
async fn with_cancel_a_caller_that_leaves_before_the_headers_ends_the_attempt() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        hold: Some(HoldPoint::BeforeHeaders),
        ..Script::default()
    });
    let config = ProxyConfig {
        client_gone: ClientGone::Cancel,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let client = Client::of(&gateway);
    tokio::select! {
        _ = client.begin(chat(&json!({}))) => panic!("the answer is held"),
        () = simulator.wait_until_held(1) => {}
    }
    drop(client);
    gateway.wait_for_log().await;
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["unbilled (usage_missing), client_gone"]);
    assert_eq!(
        (books.log().http_status, books.log().error_origin),
        (499, Some(ErrorOrigin::Client))
    );
}
