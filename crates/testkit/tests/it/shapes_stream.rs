use serde_json::{Value, json};
use tollgate_testkit::{Counts, Ending, Meter, Report, Script, Simulator};

use crate::client::{CHAT, GENERATE, MESSAGES, RESPONSES, STREAM_ARRAY, STREAM_SSE, ask, body, post};

fn counts() -> Counts {
    Counts::text(1, 2)
        .with(Meter::CacheRead, 10)
        .with(Meter::CacheWrite5m, 100)
        .with(Meter::CacheWrite1h, 1_000)
        .with(Meter::Reasoning, 20)
}

async fn scripted(script: Script) -> Simulator {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(script);
    simulator
}

fn joined(events: &[Value], pointer: &str) -> String {
    events
        .iter()
        .filter_map(|event| event.pointer(pointer))
        .filter_map(Value::as_str)
        .collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["type"].as_str()).collect()
}

#[tokio::test]
async fn chat_usage_comes_in_an_extra_chunk_without_choices() {
    let simulator = scripted(Script::usage(counts())).await;
    let answer = ask(&simulator, CHAT, true).await;
    assert!(answer.text().ends_with("data: [DONE]\n\n"));
    let events = answer.events();
    let (last, others) = events.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["prompt_tokens"], 111);
    assert!(
        others
            .iter()
            .all(|event| event.get("usage") == Some(&Value::Null))
    );
    assert!(joined(&events, "/choices/0/delta/content").contains("世界你好"));
}

#[tokio::test]
async fn chat_without_include_usage_has_no_usage_field_at_all() {
    let simulator = scripted(Script::tokens(1, 1)).await;
    let mut request = body(CHAT, true);
    request.as_object_mut().unwrap().remove("stream_options");
    let answer = post(&simulator, CHAT, &request).await.unwrap();
    assert!(!answer.text().contains("usage"));
    let line = &simulator.invoice()[0];
    assert!(line.billed && !line.usage_reported);
}

#[tokio::test]
async fn responses_events_are_numbered_and_end_with_the_usage() {
    let simulator = scripted(Script {
        chunks: 2,
        ..Script::usage(counts().with(Meter::WebSearch, 1))
    })
    .await;
    let events = ask(&simulator, RESPONSES, true).await.events();
    let expected = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_item.done",
        "response.output_item.added",
        "response.web_search_call.in_progress",
        "response.web_search_call.searching",
        "response.web_search_call.completed",
        "response.output_item.done",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ];
    assert_eq!(types(&events), expected);
    let numbers: Vec<_> = events
        .iter()
        .map(|event| event["sequence_number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (0..17).collect::<Vec<_>>());
    assert_eq!(events[16]["response"]["usage"]["total_tokens"], 111 + 22);
    assert_eq!(events[0]["response"]["usage"], Value::Null);
}

#[tokio::test]
async fn incomplete_and_failed_responses_carry_usage_too() {
    for (ending, name) in [(Ending::Incomplete, "incomplete"), (Ending::Failed, "failed")] {
        let simulator = scripted(Script {
            ending,
            ..Script::tokens(3, 4)
        })
        .await;
        let events = ask(&simulator, RESPONSES, true).await.events();
        let last = events.last().unwrap();
        assert_eq!(last["type"], format!("response.{name}"));
        assert_eq!(last["response"]["status"], name);
        assert_eq!(last["response"]["usage"]["output_tokens"], 4);
    }
}

#[tokio::test]
async fn anthropic_reports_input_first_and_output_last() {
    let simulator = scripted(Script {
        chunks: 1,
        ..Script::usage(counts())
    })
    .await;
    let events = ask(&simulator, MESSAGES, true).await.events();
    let expected = [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    assert_eq!(types(&events), expected);
    let start = &events[0]["message"]["usage"];
    assert_eq!(start["input_tokens"], 1);
    assert_eq!(start["cache_creation"]["ephemeral_1h_input_tokens"], 1_000);
    assert_eq!(start["output_tokens"], 1);
    assert_eq!(
        events[10]["usage"],
        json!({
            "input_tokens": 1, "cache_creation_input_tokens": 1_100, "cache_read_input_tokens": 10,
            "output_tokens": 22, "output_tokens_details": {"thinking_tokens": 20},
        })
    );
}

#[tokio::test]
async fn an_anthropic_delta_may_carry_output_tokens_only() {
    let simulator = scripted(Script {
        report: Report::DeltaOutputOnly,
        ..Script::usage(counts())
    })
    .await;
    let events = ask(&simulator, MESSAGES, true).await.events();
    let delta = events
        .iter()
        .find(|event| event["type"] == "message_delta")
        .unwrap();
    assert_eq!(delta["usage"], json!({"output_tokens": 22}));
    assert_eq!(events[0]["message"]["usage"]["cache_read_input_tokens"], 10);
    let billed = &simulator.invoice()[0].counts;
    assert_eq!((billed.get(Meter::Output), billed.get(Meter::Reasoning)), (22, 0));
}

#[tokio::test]
async fn gemini_counters_run_and_the_last_chunk_equals_the_whole_answer() {
    let simulator = scripted(Script::usage(counts().with(Meter::Output, 60))).await;
    let events = ask(&simulator, STREAM_SSE, true).await.events();
    assert_eq!(events.len(), 6);
    let running: Vec<_> = events
        .iter()
        .map(|event| event["usageMetadata"]["candidatesTokenCount"].clone())
        .collect();
    assert_eq!(running, [10, 20, 30, 40, 50, 60]);
    let whole = ask(&simulator, GENERATE, false).await.json();
    assert_eq!(events[5]["usageMetadata"], whole["usageMetadata"]);
    assert_eq!(events[4]["candidates"][0].get("finishReason"), None);
}

#[tokio::test]
async fn gemini_without_sse_streams_one_json_array() {
    let simulator = scripted(Script::usage(counts())).await;
    let answer = ask(&simulator, STREAM_ARRAY, true).await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    let chunks = answer.json();
    assert_eq!(chunks.as_array().unwrap().len(), 6);
    assert_eq!(chunks[5]["usageMetadata"]["thoughtsTokenCount"], 20);
    assert!(simulator.invoice()[0].stream);
}
