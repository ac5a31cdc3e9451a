//! Usage that an answer does not tell, estimated where the operator wants it.

use std::time::Duration;

use serde_json::json;
use tollgate_domain::{Meter, UsageSource};
use tollgate_proxy::{ClientGone, ProxyConfig};
use tollgate_testkit::{Fault, HoldPoint, Report, Script, Simulator};

use crate::support::{Books, Client, Gateway, anthropic, chat, chat_stream, of};

async fn estimating(simulator: &Simulator) -> Gateway {
    let config = ProxyConfig {
        estimate_missing_usage: true,
        ..ProxyConfig::default()
    };
    Gateway::configured(vec![of(simulator, 0)], config).await
}

fn silent() -> Script {
    Script {
        report: Report::Missing,
        text: Some("one two three four five six seven eight".to_owned()),
        ..Script::default()
    }
}

#[tokio::test]
async fn missing_usage_is_estimated_marked_and_billed() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(silent());
    let gateway = estimating(&simulator).await;
    let client = Client::of(&gateway);
    let whole = client.send(chat(&json!({}))).await;
    assert_eq!(whole.status, 200);
    // The estimate follows the answer, which therefore names no cost.
    assert_eq!(whole.header("x-tollgate-cost"), None);
    assert_eq!(whole.header("x-tollgate-billing-status"), None);
    assert_eq!(client.send(chat_stream()).await.status, 200);
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, completed"; 2]);
    for entry in &books.entries {
        assert_eq!(entry.usage_source, UsageSource::Estimated);
        let usage = entry.usage.as_ref().unwrap();
        assert_eq!(usage.get(Meter::Output).get(), 8);
        assert!((4..20).contains(&usage.get(Meter::Input).get()), "{usage:?}");
        let detail = entry.detail.as_deref().unwrap();
        assert!(detail.contains("estimated with o200k_base"), "{detail}");
        assert_eq!(entry.provider_usage, None);
    }
}

#[tokio::test]
async fn a_stream_cut_before_its_usage_is_estimated_from_what_came() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        chunks: 8,
        fault: Some(Fault::Cut { after: 5 }),
        ..silent()
    });
    let gateway = estimating(&simulator).await;
    assert!(Client::of(&gateway).send(chat_stream()).await.broken);
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, cut"]);
    let output = books.entry().usage.as_ref().unwrap().get(Meter::Output).get();
    assert!((2..8).contains(&output), "{output}");
    assert_eq!(books.entry().usage_source, UsageSource::Estimated);
}

/// The request without its answer: the prompt is known, and nothing else.
#[track_caller]
fn assert_prompt_alone(books: &Books, outcome: &str) {
    assert_eq!(books.verdicts(), [format!("billed, {outcome}")]);
    let entry = books.entry();
    assert_eq!(entry.usage_source, UsageSource::Estimated);
    let usage = entry.usage.as_ref().unwrap();
    assert!((4..20).contains(&usage.get(Meter::Input).get()), "{usage:?}");
    assert_eq!(usage.get(Meter::Output).get(), 0);
    let detail = entry.detail.as_deref().unwrap();
    assert!(detail.ends_with("only the prompt is counted"), "{detail}");
}

#[tokio::test]
async fn a_request_that_was_sent_and_not_answered_in_time_is_estimated_by_its_prompt() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        hold: Some(HoldPoint::BeforeHeaders),
        ..Script::default()
    });
    let config = ProxyConfig {
        estimate_missing_usage: true,
        response_timeout: Duration::from_millis(200),
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 504);
    assert_eq!(answered.header("x-tollgate-billing-status"), None);
    simulator.release();
    assert_prompt_alone(&gateway.finish().await, "timed_out");
}

#[tokio::test]
async fn with_cancel_a_caller_that_leaves_before_the_headers_leaves_an_estimate() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        hold: Some(HoldPoint::BeforeHeaders),
        ..Script::default()
    });
    let config = ProxyConfig {
        estimate_missing_usage: true,
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
    assert_prompt_alone(&gateway.finish().await, "client_gone");
}

#[tokio::test]
async fn an_intermediary_that_gave_up_waiting_leaves_an_estimate_of_the_prompt() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::status(504));
    let gateway = estimating(&simulator).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 504);
    assert_prompt_alone(&gateway.finish().await, "upstream_error");
}

#[tokio::test]
async fn an_upstream_says_for_itself_whether_it_is_estimated() {
    for (installation, own, verdict) in [
        (false, Some(true), "billed, completed"),
        (true, Some(false), "unbilled (usage_missing), completed"),
        (true, None, "billed, completed"),
        (false, None, "unbilled (usage_missing), completed"),
    ] {
        let simulator = Simulator::start().await.unwrap();
        simulator.script_all(silent());
        let config = ProxyConfig {
            estimate_missing_usage: installation,
            ..ProxyConfig::default()
        };
        let mut upstream = of(&simulator, 0);
        upstream.upstream.estimate_missing_usage = own;
        let gateway = Gateway::configured(vec![upstream], config).await;
        assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 200);
        assert_eq!(
            gateway.finish().await.verdicts(),
            [verdict],
            "{installation} {own:?}"
        );
    }
}

#[tokio::test]
async fn counters_that_were_reported_in_part_are_never_replaced_by_an_estimate() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::fault(Fault::Cut { after: 4 }));
    let gateway = estimating(&simulator).await;
    assert!(
        Client::of(&gateway)
            .send(anthropic(&json!({"stream": true})))
            .await
            .broken
    );
    let books = gateway.finish().await;
    assert_eq!(books.entry().usage_source, UsageSource::Partial);
}

#[tokio::test]
async fn nothing_is_estimated_unless_the_operator_wants_it_or_where_nothing_was_used() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(silent());
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 200);
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["unbilled (usage_missing), completed"]
    );

    simulator.script_all(Script::status(500));
    let gateway = estimating(&simulator).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 500);
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["no_charge (rejected), upstream_error"]
    );
}
