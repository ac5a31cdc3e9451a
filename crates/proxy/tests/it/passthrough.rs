//! The caller's bytes are the upstream's.

use tollgate_domain::{OutcomeKind, Verdict};

use crate::support::{Canned, Client, Gateway, Reply, anthropic, at_url, chat, chat_stream, gemini};

const STREAM: &str = "data: {\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"Grüße 世界 🚀\"}}],\"usage\":null}\n\n";
const USAGE: &str = "data: {\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}}\n\n";
const DONE: &str = "data: [DONE]\n\n";

#[tokio::test]
async fn a_crlf_stream_split_inside_characters_comes_through_byte_by_byte() {
    let whole = format!(
        "event: message_start\r\ndata: {}\r\n\r\nevent: content_block_delta\r\ndata: {}\r\n\r\n: ping\r\n\r\n\
         event: message_delta\r\ndata: {}\r\n\r\nevent: message_stop\r\ndata: {}\r\n\r\n",
        r#"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"gpt-4o","content":[],"usage":{"input_tokens":9,"cache_read_input_tokens":3,"output_tokens":1}}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße 世界 🚀"}}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#,
        r#"{"type":"message_stop"}"#,
    );
    let pieces: Vec<&[u8]> = whole.as_bytes().chunks(1).collect();
    let upstream = Canned::start(vec![Reply::chunked("text/event-stream", &pieces)]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let answered = Client::of(&gateway)
        .send(anthropic(&serde_json::json!({"stream": true})))
        .await;
    assert_eq!(answered.body, whole.as_bytes());
    assert!(!answered.broken);

    let books = gateway.finish().await;
    assert_eq!(books.entry().verdict, Verdict::Billed);
    let usage = books.entry().usage.clone().unwrap();
    assert_eq!(usage.context_tokens(), 12);
}

#[tokio::test]
async fn the_usage_event_that_was_not_asked_for_is_removed_and_nothing_else() {
    let sent = [STREAM, USAGE, DONE].concat();
    let upstream = Canned::start(vec![Reply::chunked("text/event-stream", &[sent.as_bytes()])]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let answered = Client::of(&gateway).send(chat_stream()).await;
    assert_eq!(answered.text(), [STREAM, DONE].concat());

    let asked = &upstream.requests()[0];
    assert!(
        asked.contains(r#""stream_options":{"include_usage":true}"#),
        "{asked}"
    );
    let books = gateway.finish().await;
    assert_eq!(books.entry().verdict, Verdict::Billed);
    assert_eq!(books.entry().outcome.kind, OutcomeKind::Completed);
}

#[tokio::test]
async fn the_usage_event_stays_for_a_caller_who_asked() {
    let sent = [STREAM, USAGE, DONE].concat();
    let upstream = Canned::start(vec![Reply::chunked("text/event-stream", &[sent.as_bytes()])]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let body = serde_json::json!({"stream": true, "stream_options": {"include_usage": true}});
    let answered = Client::of(&gateway).send(chat(&body)).await;
    assert_eq!(answered.text(), sent);
    gateway.finish().await.entry();
}

#[tokio::test]
async fn a_json_answer_of_announced_length_carries_its_cost_and_keeps_its_bytes() {
    let body = "{\n  \"id\": \"c1\", \"model\": \"gpt-4o\",  \"choices\": [{\"message\": {\"content\": \"世界\"}}],\
         \n  \"usage\": {\"prompt_tokens\": 1000, \"completion_tokens\": 100, \"total_tokens\": 1100}\n}\n";
    let upstream = Canned::start(vec![Reply::sized("200 OK", "application/json", body.as_bytes())]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
    assert_eq!(answered.text(), body);
    // 1000 x 2.5e-6 + 100 x 1e-5
    assert_eq!(answered.header("x-tollgate-cost"), Some("0.0035"));
    assert_eq!(answered.header("x-tollgate-billing-status"), Some("billed"));
    assert_eq!(
        answered.header("content-length"),
        Some(body.len().to_string().as_str())
    );
    gateway.finish().await.entry();
}

#[tokio::test]
async fn a_json_answer_too_long_to_hold_is_settled_before_its_last_byte() {
    let filler = "x".repeat(300_000);
    let body = format!(
        "{{\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{{\"message\":{{\"content\":\"{filler}\"}}}}],\
         \"usage\":{{\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100}}}}"
    );
    for reply in [
        Reply::sized("200 OK", "application/json", body.as_bytes()),
        Reply::chunked(
            "application/json",
            &body.as_bytes().chunks(10_000).collect::<Vec<_>>(),
        ),
    ] {
        let upstream = Canned::start(vec![reply]).await;
        let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
        let answered = Client::of(&gateway).send(chat(&serde_json::json!({}))).await;
        assert_eq!(answered.body, body.as_bytes());
        assert_eq!(answered.header("x-tollgate-cost"), None);
        let books = gateway.finish().await;
        assert_eq!(books.verdicts(), ["billed, completed"]);
    }
}

#[tokio::test]
async fn answers_without_a_body_pass() {
    let upstream = Canned::start(vec![Reply::sized("200 OK", "application/json", b"")]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let answered = Client::of(&gateway)
        .send(gemini("streamGenerateContent?alt=sse"))
        .await;
    assert_eq!((answered.status.as_u16(), answered.body.len()), (200, 0));
    assert_eq!(gateway.finish().await.entry().outcome.http_status, Some(200));
}

#[tokio::test]
async fn a_stream_of_announced_length_is_settled_at_its_last_byte() {
    let reply = Reply::sized("200 OK", "text/event-stream", STREAM.as_bytes());
    let upstream = Canned::start(vec![reply]).await;
    let gateway = Gateway::start(vec![at_url(&upstream.base_url, 0)]).await;
    let body = serde_json::json!({"stream": true, "stream_options": {"include_usage": true}});
    let answered = Client::of(&gateway).send(chat(&body)).await;
    assert_eq!(answered.text(), STREAM);
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["unbilled (usage_missing), cut"]);
    assert_eq!(books.log().error, None, "the caller took all of it");
}
