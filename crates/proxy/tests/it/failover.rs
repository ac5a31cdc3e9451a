//! The next upstream is tried before the caller has seen a byte, never on the caller's own fault.

use std::time::Duration;

use tollgate_domain::ErrorOrigin;
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Fault, Script, Simulator};

use crate::support::{Canned, Client, Gateway, Reply, anthropic, at_url, chat, chat_stream, dead, of};

async fn two() -> (Simulator, Simulator) {
    (
        Simulator::start().await.unwrap(),
        Simulator::start().await.unwrap(),
    )
}

#[tokio::test]
async fn overloaded_and_broken_upstreams_are_passed_over_in_order() {
    let (first, second) = two().await;
    for fault in [
        Script::status(429),
        Script::status(503),
        Script::fault(Fault::Drop),
    ] {
        first.script_next_any(fault);
    }
    let gateway = Gateway::start(vec![of(&second, 1), of(&first, 0), dead(-1)]).await;
    let client = Client::of(&gateway);
    for _ in 0..3 {
        let answered = client.send(chat_stream()).await;
        assert_eq!(answered.status, 200);
        assert!(answered.text().ends_with("data: [DONE]\n\n"));
    }
    let books = gateway.finish().await;
    assert_eq!(
        books.verdicts(),
        [
            "no_charge (rejected), upstream_error",
            "billed, completed",
            "no_charge (rejected), upstream_error",
            "billed, completed",
            "unbilled (usage_missing), connection_lost",
            "billed, completed",
        ]
    );
    assert_eq!(books.not_sent(), 3);
    let tries: Vec<_> = books.entries.iter().map(|entry| entry.attempt.attempt).collect();
    assert_eq!(tries, [2, 3, 2, 3, 2, 3]);
    assert!(books.logs().all(|log| log.attempts == 2 && log.error.is_none()));
}

#[tokio::test]
async fn the_callers_own_fault_is_not_tried_elsewhere() {
    let (first, second) = two().await;
    let gateway = Gateway::start(vec![of(&first, 0), of(&second, 1)]).await;
    let client = Client::of(&gateway);
    for code in [400, 401, 403, 404, 413, 422] {
        first.script_next_any(Script::status(code));
        let answered = client.send(anthropic(&serde_json::json!({}))).await;
        assert_eq!(answered.status.as_u16(), code);
        assert_eq!(answered.json()["type"], "error");
        assert_eq!(answered.header("x-tollgate-error"), None);
        assert_eq!(answered.header("x-tollgate-billing-status"), Some("no_charge"));
    }
    assert_eq!(second.stats().received, 0);
    let books = gateway.finish().await;
    assert!(
        books
            .logs()
            .all(|log| log.error_origin == Some(ErrorOrigin::Upstream))
    );
}

#[tokio::test]
async fn when_all_fail_the_last_upstreams_error_passes_as_it_came() {
    let (first, second) = two().await;
    first.script_all(Script::status(500));
    second.script_all(Script::fault(Fault::Status {
        code: 429,
        retry_after: Some(7),
    }));
    // The one after it cannot be reached and has nothing to say.
    let gateway = Gateway::start(vec![of(&first, 0), of(&second, 1), dead(2)]).await;
    let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("retry-after")),
        (429, Some("7"))
    );
    assert_eq!(answered.json()["error"]["code"], "rate_limit_exceeded");
    let books = gateway.finish().await;
    assert_eq!((books.log().attempts, books.log().http_status), (2, 429));
    assert_eq!(
        books.log().upstream.as_ref().map(|(_, name)| &**name),
        Some("upstream-1")
    );
}

#[tokio::test]
async fn unreachable_upstreams_leave_no_entry() {
    let gateway = Gateway::start(vec![dead(0), dead(1)]).await;
    let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("x-tollgate-error")),
        (502, Some("upstream_unreachable"))
    );
    let books = gateway.finish().await;
    assert!(books.entries.is_empty());
    assert_eq!((books.not_sent(), books.log().attempts), (2, 0));
}

#[tokio::test]
async fn an_upstream_that_never_answers_may_have_cost_money() {
    let (first, second) = two().await;
    first.script_all(Script::fault(Fault::Hang));
    let config = ProxyConfig {
        response_timeout: Duration::from_millis(100),
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&first, 0)], config.clone()).await;
    let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("x-tollgate-error")),
        (504, Some("upstream_timed_out"))
    );
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["unbilled (usage_missing), timed_out"]
    );

    let config = ProxyConfig {
        response_timeout: Duration::from_secs(1),
        ..config
    };
    let gateway = Gateway::configured(vec![of(&first, 0), of(&second, 1)], config).await;
    assert_eq!(
        Client::of(&gateway)
            .send(chat(&serde_json::json!({})))
            .await
            .status,
        200
    );
    let verdicts = gateway.finish().await.verdicts();
    assert_eq!(
        verdicts,
        ["unbilled (usage_missing), timed_out", "billed, completed"]
    );
}

#[tokio::test]
async fn an_upstream_that_refuses_the_gateways_addition_is_asked_without_it() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        refuse_stream_options: true,
        ..Script::default()
    });
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    for _ in 0..2 {
        assert_eq!(client.send(chat_stream()).await.status, 200);
    }
    assert_eq!(simulator.stats().received, 3, "the refusal is remembered");
    let asked = chat(&serde_json::json!({"stream": true, "stream_options": {"include_usage": true}}));
    assert_eq!(
        client.send(asked).await.status,
        400,
        "what the caller asks for itself is not taken away"
    );
    gateway.finish().await;
}

#[tokio::test]
async fn a_caller_whose_own_options_are_refused_changes_nothing_for_others() {
    let simulator = Simulator::start().await.unwrap();
    let refusal = Script {
        refuse_stream_options: true,
        ..Script::default()
    };
    simulator.script_next_any(refusal.clone());
    simulator.script_next_any(refusal);
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let odd = chat(&serde_json::json!({"stream": true, "stream_options": {"foo": 1}}));
    assert_eq!(client.send(odd).await.status, 400);
    assert_eq!(client.send(chat_stream()).await.status, 200);
    let verdicts = gateway.finish().await.verdicts();
    assert_eq!(verdicts.last().map(String::as_str), Some("billed, completed"));
}

#[tokio::test]
async fn a_long_answer_that_is_given_up_counts_in_what_the_request_is_said_to_have_cost() {
    // An intermediary gave up; the model behind it may have answered.
    let page = Reply::sized("504 Gateway Timeout", "text/html", &vec![b'x'; 200 << 10]);
    let first = Canned::start(vec![page]).await;
    let second = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![at_url(&first.base_url, 0), of(&second, 1)]).await;
    let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
    assert_eq!(answered.status, 200);
    assert_eq!(
        answered.header("x-tollgate-billing-status"),
        Some("partly_billed")
    );
    assert_eq!(answered.header("x-tollgate-cost"), None);
    let books = gateway.finish().await;
    assert_eq!(books.entries.len(), 2);
}
