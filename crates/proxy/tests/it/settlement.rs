//! What ends up in the journal.

use serde_json::json;
use tollgate_domain::UsageSource;
use tollgate_testkit::{Report, Script, Simulator};

use crate::support::{Client, Gateway, anthropic, chat, chat_stream, embeddings, gemini, of, responses};

#[tokio::test]
async fn every_protocol_is_billed_streamed_or_not() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::tokens(1000, 100));
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let requests = [
        chat(&json!({})),
        chat_stream(),
        responses(&json!({})),
        responses(&json!({"stream": true})),
        anthropic(&json!({})),
        anthropic(&json!({"stream": true})),
        gemini("generateContent"),
        gemini("streamGenerateContent?alt=sse"),
        gemini("streamGenerateContent"),
    ];
    let count = requests.len();
    for request in requests {
        let answered = client.send(request).await;
        assert_eq!(answered.status, 200, "{}", answered.text());
    }
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), vec!["billed, completed"; count]);
    for entry in &books.entries {
        assert_eq!(
            entry.amounts.as_ref().unwrap().cost.to_string(),
            "0.0035",
            "{:?}",
            entry.attempt.protocol
        );
        assert_eq!(entry.usage_source, UsageSource::Reported);
        assert_eq!(entry.accounting_period, "2026-11");
    }
    assert_eq!(
        books.opened().count(),
        count,
        "each was opened before it was sent"
    );
    assert_eq!(books.logs().count(), count);
}

#[tokio::test]
async fn statuses_and_reasons_follow_from_what_is_known() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script(
        "silent",
        Script {
            report: Report::Missing,
            ..Script::default()
        },
    );
    simulator.script(
        "gpt-4o",
        Script {
            tier_served: Some("scale".to_owned()),
            ..Script::tokens(10, 5)
        },
    );
    simulator.script("refused", Script::status(400));
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let mut seen = Vec::new();
    for model in ["silent", "unpriced", "gpt-4o", "refused"] {
        for stream in [false, true] {
            let answered = client
                .send(chat(&json!({"model": model, "stream": stream})))
                .await;
            seen.push(
                answered
                    .header("x-tollgate-billing-status")
                    .unwrap_or("streamed")
                    .to_owned(),
            );
            if !stream && model != "refused" {
                assert_eq!(answered.header("x-tollgate-cost"), None);
            }
        }
    }
    assert_eq!(
        seen,
        [
            "unbilled",
            "streamed",
            "unbilled",
            "streamed",
            "unbilled",
            "streamed",
            "no_charge",
            "no_charge"
        ]
    );
    assert_eq!(
        gateway.finish().await.verdicts(),
        [
            "unbilled (usage_missing), completed",
            "unbilled (usage_missing), completed",
            "unbilled (price_not_found), completed",
            "unbilled (price_not_found), completed",
            "unbilled (price_not_found), completed",
            "unbilled (price_not_found), completed",
            "no_charge (rejected), upstream_error",
            "no_charge (rejected), upstream_error",
        ]
    );
}

#[tokio::test]
async fn embeddings_are_billed_by_their_input() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::tokens(1_000_000, 0));
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let answered = Client::of(&gateway).send(embeddings()).await;
    assert_eq!(answered.header("x-tollgate-cost"), Some("0.02"));
    gateway.finish().await.entry();
}

#[tokio::test]
async fn a_log_tells_when_the_first_content_came() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    Client::of(&gateway).send(chat_stream()).await;
    let books = gateway.finish().await;
    let (log, entry) = (books.log(), books.entry());
    assert!(log.stream && log.http_status == 200 && log.attempts == 1);
    assert_eq!(log.request_id, entry.attempt.request_id);
    assert_eq!(log.occurred_at.to_rfc3339(), "2026-11-22T10:00:00+00:00");
    let (first, whole) = (log.ttft_us.unwrap(), log.duration_us);
    assert!(entry.outcome.ttft_us.unwrap() <= first && first <= whole);
}
