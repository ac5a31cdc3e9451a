use http::StatusCode;
use serde_json::json;
use tollgate_testkit::{Counts, Ending, Meter, Report, Script, Simulator};

use crate::client::{CHAT, GENERATE, MESSAGES, RESPONSES, ask, get, post};

fn everything() -> Counts {
    ALL.iter().fold(Counts::new(), |counts, (meter, count)| {
        counts.with(*meter, *count)
    })
}

/// Powers of ten, so that every sum shows its parts.
const ALL: &[(Meter, u64)] = &[
    (Meter::Input, 1),
    (Meter::CacheRead, 10),
    (Meter::CacheWrite5m, 100),
    (Meter::CacheWrite1h, 1_000),
    (Meter::AudioInput, 10_000),
    (Meter::Output, 2),
    (Meter::Reasoning, 20),
    (Meter::AudioOutput, 200),
    (Meter::WebSearch, 3),
];

async fn simulator() -> Simulator {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script::usage(everything()));
    simulator
}

#[tokio::test]
async fn chat_counts_cache_and_audio_inside_the_prompt_and_reasoning_inside_the_completion() {
    let simulator = simulator().await;
    let answer = ask(&simulator, CHAT, false).await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = answer.json();
    assert_eq!(
        body["usage"],
        json!({
            "prompt_tokens": 10_111, "completion_tokens": 222, "total_tokens": 10_333,
            "prompt_tokens_details": {"cached_tokens": 10, "audio_tokens": 10_000, "cache_write_tokens": 100},
            "completion_tokens_details": {
                "reasoning_tokens": 20, "audio_tokens": 200,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
            },
        })
    );
    assert_eq!(body["model"], "gpt-4o");
    assert_eq!(body["service_tier"], "default");
    assert_eq!(body["id"], simulator.invoice()[0].id.as_str());
    let request_id = answer.header("x-request-id").unwrap();
    assert!(request_id.starts_with("req_"));
}

#[tokio::test]
async fn responses_count_cache_inside_the_input_and_have_one_item_per_search() {
    let simulator = simulator().await;
    let body = ask(&simulator, RESPONSES, false).await.json();
    assert_eq!(
        body["usage"],
        json!({
            "input_tokens": 111, "input_tokens_details": {"cached_tokens": 10, "cache_write_tokens": 100},
            "output_tokens": 22, "output_tokens_details": {"reasoning_tokens": 20}, "total_tokens": 133,
        })
    );
    let types: Vec<_> = body["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].clone())
        .collect();
    assert_eq!(
        types,
        [
            "reasoning",
            "web_search_call",
            "web_search_call",
            "web_search_call",
            "message"
        ]
    );
    assert_eq!(body["status"], "completed");
}

#[tokio::test]
async fn a_response_that_ran_out_of_tokens_says_so_and_still_reports_usage() {
    let simulator = simulator().await;
    simulator.script(
        "gpt-5",
        Script {
            ending: Ending::Incomplete,
            ..Script::tokens(5, 6)
        },
    );
    let body = ask(&simulator, RESPONSES, false).await.json();
    assert_eq!(body["status"], "incomplete");
    assert_eq!(body["incomplete_details"]["reason"], "max_output_tokens");
    assert_eq!(body["usage"]["total_tokens"], 11);
}

#[tokio::test]
async fn anthropic_counters_are_disjoint_and_cache_writes_are_split_by_lifetime() {
    let simulator = simulator().await;
    let body = ask(&simulator, MESSAGES, false).await.json();
    assert_eq!(
        body["usage"],
        json!({
            "input_tokens": 1, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 1_100,
            "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 1_000},
            "output_tokens": 22, "output_tokens_details": {"thinking_tokens": 20},
            "server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 0}, "service_tier": "standard",
        })
    );
    assert_eq!(body["content"][0]["type"], "thinking");
    assert_eq!(body["stop_reason"], "end_turn");
}

#[tokio::test]
async fn gemini_counts_thoughts_and_tool_prompts_beside_the_rest() {
    let simulator = simulator().await;
    let counts = everything().with(Meter::Input, 8);
    simulator.script_all(Script {
        tool_use_prompt_tokens: 7,
        ..Script::usage(counts)
    });
    let body = ask(&simulator, GENERATE, false).await.json();
    let usage = &body["usageMetadata"];
    assert_eq!(usage["promptTokenCount"], 10_011);
    assert_eq!(usage["cachedContentTokenCount"], 10);
    assert_eq!(usage["toolUsePromptTokenCount"], 7);
    assert_eq!(usage["candidatesTokenCount"], 202);
    assert_eq!(usage["thoughtsTokenCount"], 20);
    assert_eq!(usage["totalTokenCount"], 10_011 + 7 + 202 + 20);
    let prompt = json!([
        {"modality": "TEXT", "tokenCount": 11}, {"modality": "AUDIO", "tokenCount": 10_000},
    ]);
    assert_eq!(usage["promptTokensDetails"], prompt);
    assert_eq!(body["modelVersion"], "gemini-2.5-flash");
    assert_eq!(body["candidates"][0]["finishReason"], "STOP");
}

#[tokio::test]
async fn embeddings_answer_every_input_in_the_encoding_asked_for() {
    let simulator = simulator().await;
    let floats = ask(&simulator, "/v1/embeddings", false).await.json();
    assert_eq!(floats["data"].as_array().unwrap().len(), 2);
    assert_eq!(floats["data"][1]["embedding"][1], 0.25);
    assert_eq!(floats["usage"], json!({"prompt_tokens": 1, "total_tokens": 1}));
    let body = json!({"model": "m", "input": "a", "dimensions": 2, "encoding_format": "base64"});
    let encoded = post(&simulator, "/v1/embeddings", &body).await.unwrap().json();
    // 0.0 and 0.125 as little-endian f32.
    assert_eq!(encoded["data"][0]["embedding"], "AAAAAAAAAD4=");
}

#[tokio::test]
async fn model_and_tier_served_may_differ_from_those_asked_for() {
    let simulator = simulator().await;
    let script = Script {
        model_served: Some("gpt-4o-2024-08-06".to_owned()),
        tier_served: Some("flex".to_owned()),
        ..Script::default()
    };
    simulator.script_next("gpt-4o", script);
    let served = ask(&simulator, CHAT, false).await.json();
    assert_eq!(
        (&served["model"], &served["service_tier"]),
        (&json!("gpt-4o-2024-08-06"), &json!("flex"))
    );
    let body = json!({"model": "gpt-4o", "messages": [], "service_tier": "priority"});
    let echoed = post(&simulator, CHAT, &body).await.unwrap().json();
    assert_eq!(echoed["service_tier"], "priority");
    let tiers: Vec<_> = simulator.invoice().into_iter().map(|line| line.tier).collect();
    assert_eq!(tiers, ["flex", "priority"]);
}

#[tokio::test]
async fn missing_usage_is_missing_in_every_protocol_and_billed_all_the_same() {
    let simulator = simulator().await;
    simulator.script_all(Script {
        report: Report::Missing,
        ..Script::tokens(1, 1)
    });
    for path in [CHAT, MESSAGES, "/v1/embeddings", GENERATE] {
        let body = ask(&simulator, path, false).await.json();
        assert_eq!(
            (body.get("usage"), body.get("usageMetadata")),
            (None, None),
            "{path}"
        );
    }
    assert!(ask(&simulator, RESPONSES, false).await.json()["usage"].is_null());
    assert!(
        simulator
            .invoice()
            .iter()
            .all(|line| line.billed && !line.usage_reported)
    );
}

#[tokio::test]
async fn each_dialect_lists_its_own_models_in_its_own_shape() {
    let simulator = simulator().await;
    let url = |path: &str| format!("{}{path}", simulator.base_url());
    let openai = get(url("/v1/models"), &[("authorization", "Bearer sim-credential")])
        .await
        .json();
    assert_eq!(openai["data"][0]["object"], "model");
    let headers = [
        ("x-api-key", "sim-credential"),
        ("anthropic-version", "2023-06-01"),
    ];
    let anthropic = get(url("/v1/models"), &headers).await.json();
    assert_eq!(anthropic["data"][0]["type"], "model");
    assert_eq!(anthropic["has_more"], false);
    let gemini = get(url("/v1beta/models?key=sim-credential"), &[]).await.json();
    assert_eq!(gemini["models"][0]["name"], "models/gemini-2.5-flash");
    assert_eq!(get(url("/v1/models"), &[]).await.status, StatusCode::UNAUTHORIZED);
    assert!(simulator.invoice().is_empty());
}
