//! Images, sound, reranking, what is free: each billed as its provider's price page says.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use tollgate_testkit::{Counts, Meter, Protocol, Script, Simulator, usd_text};

use crate::client::{Answer, post, send};

async fn answered(simulator: &Simulator, path: &str, body: Value) -> Answer {
    let answer = post(simulator, path, &body).await.expect("an answer");
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer
}

fn last_cost(simulator: &Simulator) -> String {
    let invoice = simulator.invoice();
    let line = invoice.last().unwrap();
    usd_text(line.amount_pico_usd.unwrap())
}

async fn form(simulator: &Simulator, path: &str, fields: &[(&str, &str)]) -> Answer {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.iter().map(part).collect();
    body +=
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--b--\r\n";
    let request = Request::post(format!("{}{path}", simulator.base_url()))
        .header("authorization", format!("Bearer {}", simulator.credential()))
        .header("content-type", "multipart/form-data; boundary=b");
    send(request.body(Full::new(Bytes::from(body))).unwrap())
        .await
        .expect("an answer")
}

#[tokio::test]
async fn images_are_billed_by_their_tokens_or_by_the_picture_of_a_size_and_quality() {
    let simulator = Simulator::start().await.unwrap();
    let path = "/v1/images/generations";
    simulator.script(
        "gpt-image-1",
        Script::usage(
            Counts::new()
                .with(Meter::Input, 50)
                .with(Meter::ImageOutput, 4_000),
        ),
    );
    let body = answered(
        &simulator,
        path,
        json!({"model": "gpt-image-1", "prompt": "a cat"}),
    )
    .await
    .json();
    assert_eq!(body["usage"]["output_tokens"], 4_000);
    assert_eq!(body["data"].as_array().unwrap().len(), 1);
    // 50 x 5 + 4,000 x 40 USD per million.
    assert_eq!(last_cost(&simulator), "0.16025");

    simulator.script(
        "gpt-image-1-mini",
        Script::usage(Counts::new().with(Meter::ImagesOut, 3)),
    );
    let asked = json!({"model": "gpt-image-1-mini", "prompt": "a cat", "n": 3, "size": "1024x1536", "quality": "low"});
    let body = answered(&simulator, path, asked).await.json();
    assert_eq!(
        (body.get("usage"), body["data"].as_array().unwrap().len()),
        (None, 3)
    );
    assert_eq!(last_cost(&simulator), "0.018");
}

#[tokio::test]
async fn a_form_asks_like_json_does() {
    let simulator = Simulator::start().await.unwrap();
    let fields = [("model", "whisper-1"), ("response_format", "verbose_json")];
    let body = form(&simulator, "/v1/audio/transcriptions", &fields).await.json();
    let line = simulator.invoice().pop().unwrap();
    assert_eq!(
        line.counts.get(Meter::SecondsIn),
        body["usage"]["seconds"].as_u64().unwrap()
    );
    assert_eq!(
        (line.protocol, line.billed, line.usage_reported),
        (Protocol::OpenaiTranscriptions, true, true)
    );

    let fields = [("model", "whisper-1"), ("response_format", "srt")];
    let subtitles = form(&simulator, "/v1/audio/translations", &fields).await;
    assert!(
        subtitles.text().starts_with("1\n00:00:00,000"),
        "{}",
        subtitles.text()
    );
    assert!(!simulator.invoice().pop().unwrap().usage_reported);

    let fields = [("model", "gpt-image-1"), ("n", "2"), ("prompt", "wider")];
    let body = form(&simulator, "/v1/images/edits", &fields).await.json();
    assert_eq!(body["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn speech_is_sound_billed_by_the_characters_sent_or_events_that_count_tokens() {
    let simulator = Simulator::start().await.unwrap();
    let asked = json!({"model": "tts-1", "input": "Grüße! 🚀", "voice": "alloy"});
    let answer = answered(&simulator, "/v1/audio/speech", asked).await;
    assert_eq!(answer.header("content-type"), Some("audio/mpeg"));
    assert!(std::str::from_utf8(&answer.bytes()).is_err());
    // 8 characters at 15 USD per million.
    assert_eq!(last_cost(&simulator), "0.00012");

    let asked = json!({"model": "gpt-4o-mini-tts", "input": "hi", "voice": "alloy", "stream_format": "sse"});
    let events = answered(&simulator, "/v1/audio/speech", asked).await.events();
    let line = simulator.invoice().pop().unwrap();
    let usage = &events.last().unwrap()["usage"];
    assert_eq!(usage["output_tokens"], line.counts.get(Meter::AudioOutput));
    assert!(line.stream && line.usage_reported);
}

#[tokio::test]
async fn rerankers_count_search_units_or_tokens() {
    let simulator = Simulator::start().await.unwrap();
    let documents: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let asked = |model: &str| json!({"model": model, "query": "q", "documents": documents, "top_n": 2});
    let body = answered(&simulator, "/v2/rerank", asked("rerank-v3.5"))
        .await
        .json();
    assert_eq!(body["meta"]["billed_units"]["search_units"], 2);
    assert_eq!(body["results"].as_array().unwrap().len(), 2);
    assert_eq!(last_cost(&simulator), "0.004");
    let jina = asked("jina-reranker-v2-base-multilingual");
    let body = answered(&simulator, "/v1/rerank", jina).await.json();
    assert_eq!(
        body["usage"]["total_tokens"],
        simulator.invoice()[1].counts.get(Meter::Input)
    );
}

#[tokio::test]
async fn counting_and_moderating_cost_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let contents = json!({"contents": [{"parts": [{"text": "hi"}]}]});
    let claude = json!({"model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": "hi"}]});
    answered(&simulator, "/v1/messages/count_tokens", claude).await;
    answered(
        &simulator,
        "/v1beta/models/gemini-2.5-flash:countTokens",
        contents,
    )
    .await;
    let moderated = json!({"model": "omni-moderation-latest", "input": ["a", "b"]});
    let body = answered(&simulator, "/v1/moderations", moderated).await.json();
    assert_eq!(body["results"].as_array().unwrap().len(), 2);
    let lines = simulator.invoice();
    assert_eq!(lines.len(), 3);
    assert!(
        lines
            .iter()
            .all(|line| !line.billed && line.status == 200 && line.amount_pico_usd == Some(0))
    );
}

#[tokio::test]
async fn completions_code_assist_and_azures_paths_are_spoken_too() {
    let simulator = Simulator::start().await.unwrap();
    let asked = json!({
        "model": "gpt-3.5-turbo-instruct", "prompt": "hi", "stream": true, "stream_options": {"include_usage": true},
    });
    let events = answered(&simulator, "/v1/completions", asked).await.events();
    let line = simulator.invoice().pop().unwrap();
    assert_eq!(
        events.last().unwrap()["usage"]["prompt_tokens"],
        line.counts.get(Meter::Input)
    );
    assert_eq!(events[0]["object"], "text_completion");

    let asked = json!({
        "model": "gemini-2.5-pro", "project": "p", "request": {"contents": [{"parts": [{"text": "hi"}]}]},
    });
    let body = answered(&simulator, "/v1internal:generateContent", asked)
        .await
        .json();
    assert_eq!(body["response"]["modelVersion"], "gemini-2.5-pro");

    let asked = json!({"messages": [{"role": "user", "content": "hi"}]});
    let path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    let body = answered(&simulator, path, asked).await.json();
    assert_eq!(body["model"], "gpt-4o");
}
