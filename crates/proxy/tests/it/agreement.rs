//! Under concurrent load the books equal the provider's invoice.

use billing_core::PriceBook;
use tollgate_domain::{Protocol, ProviderName};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::load::{self, LoadPlan};
use tollgate_testkit::{Simulator, usd_text};

use crate::support::{CLIENT_KEY, Gateway, of};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_entry_of_mixed_concurrent_traffic_equals_a_line_of_the_invoice() {
    let simulator = Simulator::start().await.unwrap();
    let upstreams = [
        (
            "openai",
            [
                Protocol::OpenaiChat,
                Protocol::OpenaiResponses,
                Protocol::OpenaiEmbeddings,
            ]
            .to_vec(),
        ),
        ("anthropic", vec![Protocol::AnthropicMessages]),
        ("gemini", vec![Protocol::GeminiGenerate]),
    ];
    let upstreams = upstreams.map(|(provider, protocols)| {
        let mut upstream = of(&simulator, 0);
        upstream.upstream.provider = ProviderName::new(provider);
        upstream.upstream.protocols = protocols.into_iter().collect();
        upstream
    });
    let gateway = Gateway::priced(
        upstreams.to_vec(),
        ProxyConfig::default(),
        PriceBook::bundled().unwrap(),
    )
    .await;
    let plan = LoadPlan::new(format!("http://{}", gateway.address), CLIENT_KEY)
        .requests(400)
        .concurrency(32);
    let report = load::run(plan).await.unwrap();
    assert_eq!(report.succeeded(), 400, "{:?}", report.failures().next());

    let books = gateway.finish().await;
    let mut booked: Vec<_> = books
        .entries
        .iter()
        .map(|entry| {
            let cost = entry.amounts.as_ref().map(|amounts| amounts.cost.to_string());
            let model = entry.outcome.model_served.as_ref().map(ToString::to_string);
            (entry.attempt.protocol.as_str().to_owned(), model, cost)
        })
        .collect();
    let mut invoiced: Vec<_> = simulator
        .invoice()
        .iter()
        .map(|line| {
            let protocol = serde_json::to_value(line.protocol)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned();
            (
                protocol,
                Some(line.model.clone()),
                line.amount_pico_usd.map(usd_text),
            )
        })
        .collect();
    booked.sort();
    invoiced.sort();
    assert_eq!(booked, invoiced);
    assert_eq!(books.logs().count(), 400);
}
