//! Usage that an answer does not tell, estimated where the operator wants it.

use serde_json::json;
use tollgate_domain::{Meter, UsageSource};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Fault, Report, Script, Simulator};

use crate::support::{Client, Gateway, anthropic, chat, chat_stream, of};

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
