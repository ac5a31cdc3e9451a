//! Streams that do not end well, and compressed ones.

use serde_json::json;
use std::time::Duration;

use tollgate_domain::{ErrorOrigin, UsageSource};
use tollgate_proxy::{ClientGone, ProxyConfig};
use tollgate_testkit::{Compression, Fault, HoldPoint, Script, Simulator};

use crate::support::Canned;
use crate::support::{
    Client, Gateway, Reply, anthropic, at_url, chat, chat_stream, gemini, of, openai, responses,
};

#[tokio::test]
async fn a_cut_stream_reaches_the_caller_as_cut() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::fault(Fault::Cut { after: 3 }));
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let answered = Client::of(&gateway)
        .send(anthropic(&json!({"stream": true})))
        .await;
    assert!(answered.broken);
    assert!(answered.text().contains("message_start"));
    let books = gateway.finish().await;
    assert_eq!(books.entry().outcome.kind.as_str(), "cut");
    assert_eq!(books.entry().usage_source, UsageSource::Partial);
    assert_eq!(books.log().error_origin, Some(ErrorOrigin::Upstream));
}

#[tokio::test]
async fn a_cut_json_answer_reaches_the_caller_as_cut() {
    let body = br#"{"id":"c1","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":1}}"#;
    let reply = Reply::sized("200 OK", "application/json", body).cut();
    let upstream = Canned::start(vec![reply]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert!(answered.broken);
    assert_eq!(answered.body, body[..body.len() - 1]);
    assert_eq!(gateway.finish().await.entry().outcome.kind.as_str(), "cut");
}

#[tokio::test]
async fn an_error_event_inside_a_stream_passes_and_settles() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::fault(Fault::ErrorEvent { after: 0 }));
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let answered = Client::of(&gateway).send(chat_stream()).await;
    assert!(
        answered.text().contains("overloaded") && !answered.broken,
        "{}",
        answered.text()
    );
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["no_charge (rejected), stream_error"]
    );
}

#[tokio::test]
async fn a_silent_stream_is_given_up() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        hold: Some(HoldPoint::AfterFrames(2)),
        ..Script::default()
    });
    let config = ProxyConfig {
        idle_timeout: Duration::from_millis(100),
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let answered = Client::of(&gateway)
        .send(responses(&json!({"stream": true})))
        .await;
    assert!(answered.broken && !answered.body.is_empty());
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["unbilled (usage_missing), timed_out"]
    );
}

#[tokio::test]
async fn compressed_replies_are_metered_and_pass_as_they_are() {
    let simulator = Simulator::start().await.unwrap();
    for compression in [Compression::Gzip, Compression::Deflate] {
        simulator.script_all(Script {
            compression: Some(compression),
            ..Script::tokens(1000, 100)
        });
        let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
        let client = Client::of(&gateway);
        for request in [
            chat(&json!({})),
            chat_stream(),
            anthropic(&json!({"stream": true})),
            gemini("generateContent"),
        ] {
            let answered = client.send(request).await;
            assert!(answered.header("content-encoding").is_some());
            assert!(std::str::from_utf8(&answered.body).is_err(), "still compressed");
        }
        let books = gateway.finish().await;
        assert_eq!(books.verdicts(), ["billed, completed"; 4]);
        for entry in &books.entries {
            // 1000 x 2.5e-6 + 100 x 1e-5
            assert_eq!(entry.amounts.as_ref().unwrap().cost.to_string(), "0.0035");
        }
    }
}

#[tokio::test]
async fn the_drain_limit_does_not_touch_callers_who_stay() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        chunks: 200,
        text: Some("text ".repeat(2000)),
        ..Script::default()
    });
    let client_gone = ClientGone::Drain {
        max_time: Duration::from_millis(1),
        max_bytes: 1,
    };
    let config = ProxyConfig {
        client_gone,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let answered = Client::of(&gateway).send(chat_stream()).await;
    assert!(answered.text().ends_with("data: [DONE]\n\n"));
    assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"]);
}

/// Azure begins with an event about the prompt, which has no choices either.
#[tokio::test]
async fn only_the_event_with_usage_is_taken_out_not_every_one_without_choices() {
    let events: [&[u8]; 5] = [
        b"data: {\"choices\":[],\"model\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n",
        b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"model\":\"gpt-4o\",\"usage\":null}\n\n",
        b"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}],\"model\":\"gpt-4o\"}\n\n",
        b"data: {\"choices\":[],\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n",
        b"data: [DONE]\n\n",
    ];
    for path in ["/v1/chat/completions", "/v1/completions"] {
        let canned = Canned::start(vec![Reply::chunked("text/event-stream", &events)]).await;
        let gateway = Gateway::start(vec![at_url(&canned.base_url, 0)]).await;
        let body = serde_json::json!({
            "model": "gpt-4o", "stream": true, "n": 2, "stream_options": {"include_usage": false},
        });
        let answered = Client::of(&gateway).send(openai(path, &body)).await;
        let expected = [events[0], events[1], events[2], events[4]].concat();
        assert_eq!(answered.body, expected, "{path}");
        let sent = canned.requests().pop().unwrap();
        assert!(sent.contains("\"include_usage\":true"), "{path}: {sent}");
        let books = gateway.finish().await;
        assert_eq!(books.verdicts(), ["billed, completed"], "{path}");
        let usage = books.entry().usage.as_ref().unwrap();
        assert_eq!(usage.get(tollgate_domain::Meter::Output).get(), 2, "{path}");
    }
}
