use std::collections::{BTreeMap, BTreeSet};

use tollgate_testkit::load::{self, Endpoint, LoadPlan, Traffic};
use tollgate_testkit::{Fault, Protocol, Script, Simulator};

#[tokio::test]
async fn every_request_of_mixed_traffic_is_on_the_invoice_once() {
    let simulator = Simulator::start().await.unwrap();
    let plan = LoadPlan::new(simulator.base_url(), simulator.credential()).requests(300);
    let report = load::run(plan).await.unwrap();
    assert_eq!(report.by_status(), BTreeMap::from([(200, 300)]));
    assert_eq!(report.succeeded(), 300);
    simulator.wait_until_idle().await;
    let lines = simulator.invoice();
    assert_eq!(lines.len(), 300);
    assert!(
        lines
            .iter()
            .all(|line| line.completed && line.amount_pico_usd > Some(0))
    );
    let of_chat = |id: &&String| id.starts_with("chatcmpl-");
    let sent: BTreeSet<_> = report
        .outcomes
        .iter()
        .filter_map(|o| o.response_id.as_ref())
        .filter(of_chat)
        .collect();
    let billed: BTreeSet<_> = lines.iter().map(|line| &line.id).filter(of_chat).collect();
    assert_eq!(sent, billed);
    let protocols: BTreeSet<Protocol> = lines.iter().map(|line| line.protocol).collect();
    assert_eq!(protocols.len(), 5);
    assert!(lines.iter().any(|line| line.stream) && lines.iter().any(|line| !line.stream));
}

#[tokio::test]
async fn the_same_seed_sends_the_same_requests() {
    let mut totals = BTreeSet::new();
    for _ in 0..2 {
        let simulator = Simulator::start().await.unwrap();
        load::run(LoadPlan::new(simulator.base_url(), simulator.credential()).requests(40))
            .await
            .unwrap();
        totals.insert(tollgate_testkit::total_pico_usd(&simulator.invoice()));
    }
    assert_eq!(totals.len(), 1);
}

#[tokio::test]
async fn failures_are_reported_with_their_reason() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script("gpt-4o", Script::fault(Fault::Cut { after: 2 }));
    simulator.script_next("gpt-4o", Script::status(503));
    let traffic = vec![Traffic::new(Endpoint::OpenAiChat, "gpt-4o", 1).streamed()];
    let plan = LoadPlan::new(simulator.base_url(), simulator.credential())
        .traffic(traffic)
        .requests(2)
        .concurrency(1);
    let report = load::run(plan).await.unwrap();
    let failures: Vec<_> = report.failures().map(|o| (o.status, o.error.is_some())).collect();
    assert_eq!(failures, [(Some(503), false), (Some(200), true)]);
    assert_eq!(report.succeeded(), 0);
}

#[tokio::test]
async fn a_plan_that_cannot_send_anything_is_refused() {
    assert!(load::run(LoadPlan::new("127.0.0.1:1", "k")).await.is_err());
    assert!(
        load::run(LoadPlan::new("http://127.0.0.1:1", "k").traffic(Vec::new()))
            .await
            .is_err()
    );
}
