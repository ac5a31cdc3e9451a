//! A request log says which upstreams came into question.

use billing_core::PriceBook;
use serde_json::json;
use tollgate_domain::{KeyGrants, ModelName, ModelRule, OnUnpriced, Protocol, RequestLog};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Script, Simulator};

use crate::support::{Client, Gateway, at_url, chat, dead, of};

/// Each upstream's name, what came of it, and its status or error.
fn told(log: &RequestLog) -> Vec<(String, &'static str, String)> {
    let candidates = log.routing.candidates().iter();
    let told = candidates.map(|candidate| {
        let status = candidate.http_status.map(|status| status.to_string());
        let how = status.or_else(|| candidate.error.as_deref().map(str::to_owned));
        (
            candidate.name.to_string(),
            candidate.result.as_str(),
            how.unwrap_or_default(),
        )
    });
    told.collect()
}

fn expected(rows: &[(&str, &'static str, &str)]) -> Vec<(String, &'static str, String)> {
    let rows = rows.iter();
    rows.map(|(name, result, how)| ((*name).to_owned(), *result, (*how).to_owned()))
        .collect()
}

#[tokio::test]
async fn upstreams_that_were_passed_over_are_told_with_the_reason() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_next_any(Script::status(503));
    let (mut claude, mut other_model, mut off, mut broken) = (
        at_url("http://h", 10),
        at_url("http://h", 11),
        at_url("http://h", 12),
        at_url("nowhere", 13),
    );
    claude.upstream.protocols = [Protocol::AnthropicMessages].into();
    other_model.upstream.models = vec![ModelRule {
        model: ModelName::new("o3"),
        send_as: None,
    }];
    off.upstream.enabled = false;
    broken.upstream.weight = 7;
    let ungranted = at_url("http://h", 14);
    let not_for_it = ungranted.upstream.id;
    let upstreams = vec![
        claude,
        other_model,
        off,
        broken,
        ungranted,
        of(&simulator, 3),
        of(&simulator, 2),
        of(&simulator, 1),
        dead(0),
    ];
    let others = upstreams.iter().map(|with| with.upstream.id);
    let granted: Vec<_> = others.filter(|id| *id != not_for_it).collect();
    let gateway = Gateway::with_key(upstreams, move |key| {
        key.grants = KeyGrants {
            upstreams: Some(granted),
            models: None,
        };
    })
    .await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let books = gateway.finish().await;
    assert_eq!(
        told(books.log()),
        expected(&[
            ("upstream-0", "failed", "upstream_unreachable"),
            ("upstream-1", "answered", "503"),
            ("upstream-2", "answered", "200"),
            ("upstream-3", "not_reached", ""),
            ("upstream-14", "not_granted", ""),
            ("upstream-11", "model_not_served", ""),
            ("upstream-12", "disabled", ""),
            ("upstream-13", "unusable", ""),
            ("upstream-10", "wrong_protocol", ""),
        ])
    );
    let last = &books.log().routing.candidates()[7];
    assert_eq!((last.priority, last.weight), (13, 7));
}

#[tokio::test]
async fn a_request_that_nobody_could_take_says_who_was_asked() {
    let mut off = at_url("http://h", 0);
    off.upstream.enabled = false;
    let gateway = Gateway::start(vec![off]).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 404);
    let books = gateway.finish().await;
    assert_eq!(told(books.log()), expected(&[("upstream-0", "disabled", "")]));
}

#[tokio::test]
async fn an_upstream_without_a_price_is_passed_over_and_told() {
    let simulator = Simulator::start().await.unwrap();
    let book = PriceBook::from_litellm_json(
        r#"{"priced": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}}"#,
    );
    let (unpriced, mut priced) = (of(&simulator, 0), of(&simulator, 1));
    priced.upstream.models = vec![ModelRule {
        model: ModelName::new("gpt-4o"),
        send_as: Some(ModelName::new("priced")),
    }];
    let config = ProxyConfig {
        on_unpriced: OnUnpriced::Refuse,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::priced(vec![unpriced, priced], config, book.unwrap()).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let books = gateway.finish().await;
    assert_eq!(
        told(books.log()),
        expected(&[("upstream-1", "answered", "200"), ("upstream-0", "no_price", "")])
    );
}
