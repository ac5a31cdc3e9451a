//! Requests that nothing prices.

use billing_core::PriceBook;
use serde_json::json;
use tollgate_domain::{ErrorOrigin, ModelName, ModelRule, OnUnpriced, ReportedCostPolicy};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::Simulator;

use crate::support::{Client, Gateway, anthropic, chat, gemini, of};

fn refusing() -> ProxyConfig {
    ProxyConfig {
        on_unpriced: OnUnpriced::Refuse,
        ..ProxyConfig::default()
    }
}

fn nothing_priced() -> PriceBook {
    PriceBook::from_litellm_json(
        r#"{"other-model": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}}"#,
    )
    .unwrap()
}

#[tokio::test]
async fn by_default_a_request_without_a_price_is_served_and_left_unbilled() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::priced(vec![of(&simulator, 0)], ProxyConfig::default(), nothing_priced()).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 200);
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["unbilled (price_not_found), completed"]);
}

#[tokio::test]
async fn a_refusal_speaks_the_callers_dialect_and_sends_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::priced(vec![of(&simulator, 0)], refusing(), nothing_priced()).await;
    let client = Client::of(&gateway);
    let refused = client.send(chat(&json!({}))).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("x-tollgate-error")),
        (400, Some("model_unpriced"))
    );
    let error = refused.json()["error"].clone();
    assert_eq!(
        (&error["type"], &error["code"], &error["param"]),
        (
            &json!("invalid_request_error"),
            &json!("model_unpriced"),
            &json!("model")
        )
    );
    let message = error["message"].as_str().unwrap();
    for part in [
        "\"gpt-4o\"",
        "openai/gpt-4o",
        "upstream-0",
        "/api/admin/billing/overrides",
        "on_unpriced = serve",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let refused = client.send(anthropic(&json!({}))).await.json();
    assert_eq!(
        (&refused["type"], &refused["error"]["type"]),
        (&json!("error"), &json!("invalid_request_error"))
    );
    let refused = client.send(gemini("generateContent")).await.json();
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["status"]),
        (&json!(400), &json!("INVALID_ARGUMENT"))
    );

    let books = gateway.finish().await;
    assert!(books.entries.is_empty() && books.notes.is_empty(), "{books:#?}");
    let logs: Vec<_> = books.logs().collect();
    assert_eq!(logs.len(), 3);
    for log in logs {
        assert_eq!(
            (log.http_status, log.attempts, log.error_origin),
            (400, 0, Some(ErrorOrigin::Gateway))
        );
        assert!(
            log.error.as_deref().unwrap().contains("no price is known"),
            "{:?}",
            log.error
        );
    }
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn an_upstream_without_a_price_is_passed_over_for_one_that_has() {
    let simulator = Simulator::start().await.unwrap();
    let (mut first, mut second) = (of(&simulator, 0), of(&simulator, 1));
    let renamed = |name: &str| {
        vec![ModelRule {
            model: ModelName::new("gpt-4o"),
            send_as: Some(ModelName::new(name)),
        }]
    };
    first.upstream.models = renamed("deployment-7");
    second.upstream.models = renamed("other-model");
    let gateway = Gateway::priced(vec![first, second], refusing(), nothing_priced()).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 200);
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, completed"]);
    assert_eq!(&*books.entry().attempt.upstream.name, "upstream-1");
}

#[tokio::test]
async fn an_upstreams_own_word_stands_before_the_installations() {
    let simulator = Simulator::start().await.unwrap();
    let (mut strict, mut easy) = (of(&simulator, 0), of(&simulator, 1));
    strict.upstream.on_unpriced = Some(OnUnpriced::Refuse);
    easy.upstream.on_unpriced = Some(OnUnpriced::Serve);
    let upstreams = vec![strict.clone(), easy];
    let gateway = Gateway::priced(upstreams, refusing(), nothing_priced()).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 200);
    assert_eq!(
        &*gateway.finish().await.entry().attempt.upstream.name,
        "upstream-1"
    );
    let gateway = Gateway::priced(vec![strict], ProxyConfig::default(), nothing_priced()).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 400);
}

#[tokio::test]
async fn a_tier_the_price_does_not_know_is_refused_and_a_provider_that_reports_its_cost_is_not() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::configured(vec![of(&simulator, 0)], refusing()).await;
    let client = Client::of(&gateway);
    assert_eq!(
        client.send(chat(&json!({"service_tier": "auto"}))).await.status,
        200
    );
    let refused = client.send(chat(&json!({"service_tier": "flex"}))).await;
    assert_eq!(refused.status, 400);
    let message = refused.json()["error"]["message"].to_string();
    assert!(message.contains("no prices for service tier flex"), "{message}");

    let mut reporting = of(&simulator, 0);
    reporting.upstream.reported_cost = ReportedCostPolicy::Fallback;
    let gateway = Gateway::priced(vec![reporting], refusing(), nothing_priced()).await;
    assert_eq!(Client::of(&gateway).send(chat(&json!({}))).await.status, 200);
}
