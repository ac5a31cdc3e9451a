//! Images, sound and what is free, against the provider's own invoice.

use billing_core::PriceBook;
use serde_json::json;
use tollgate_domain::{LedgerEntry, Meter, ModelName, ModelRule};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Counts, Meter as Sim, Script, Simulator, usd_text};

use crate::support::{Books, Client, Gateway, anthropic, form, form_with, gemini, of, openai};

async fn gateway(simulator: &Simulator) -> Gateway {
    let prices = PriceBook::bundled().unwrap();
    Gateway::priced(vec![of(simulator, 0)], ProxyConfig::default(), prices).await
}

/// What the provider invoices, and what was entered.
fn costs(simulator: &Simulator, books: &Books) -> (Vec<String>, Vec<String>) {
    let invoiced = simulator.invoice();
    let invoiced = invoiced
        .iter()
        .map(|line| usd_text(line.amount_pico_usd.unwrap()));
    let entered = books.entries.iter().map(|entry| match &entry.amounts {
        Some(amounts) => amounts.cost.to_string(),
        None => entry.verdict.to_string(),
    });
    (invoiced.collect(), entered.collect())
}

fn count(entry: &LedgerEntry, meter: Meter) -> u64 {
    entry.usage.as_ref().unwrap().get(meter).get()
}

#[tokio::test]
async fn speech_passes_as_bytes_and_is_billed_by_the_characters_of_the_request() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = gateway(&simulator).await;
    let asked = json!({"model": "tts-1", "input": "Grüße aus Zürich 🚀", "voice": "alloy"});
    let answered = Client::of(&gateway)
        .send(openai("/v1/audio/speech", &asked))
        .await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("content-type")),
        (200, Some("audio/mpeg"))
    );
    let sound: Vec<u8> = (0..=u8::MAX).cycle().take(18 * 40).collect();
    assert_eq!(answered.body, sound);
    let books = gateway.finish().await;
    let (invoiced, entered) = costs(&simulator, &books);
    assert_eq!(
        (&invoiced, entered.first().map(String::as_str)),
        (&entered, Some("0.00027"))
    );
    let entry = books.entry();
    assert_eq!(
        (count(entry, Meter::CharactersIn), entry.flags.as_slice()),
        (18, ["counted_from_request".to_owned()].as_slice())
    );
    assert_eq!(entry.outcome.kind.as_str(), "completed");
    assert!(entry.outcome.ttft_us.is_some());
    assert_eq!(
        entry.outcome.response_id.as_deref(),
        Some(simulator.invoice()[0].id.as_str())
    );
}

#[tokio::test]
async fn pictures_without_usage_are_billed_by_number_size_and_quality() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script(
        "gpt-image-1-mini",
        Script::usage(Counts::new().with(Sim::ImagesOut, 3)),
    );
    let gateway = gateway(&simulator).await;
    let client = Client::of(&gateway);
    let asked = json!({
        "model": "gpt-image-1-mini", "prompt": "a cat", "n": 3, "size": "1024x1024", "quality": "low",
    });
    let made = client.send(openai("/v1/images/generations", &asked)).await;
    assert_eq!(made.status, 200);
    let fields = [
        ("prompt", "wider"),
        ("model", "gpt-image-1-mini"),
        ("n", "3"),
        ("size", "1024x1536"),
        ("quality", "low"),
    ];
    assert_eq!(client.send(form("/v1/images/edits", &fields)).await.status, 200);
    let books = gateway.finish().await;
    let (invoiced, entered) = costs(&simulator, &books);
    assert_eq!(invoiced, ["0.015", "0.018"]);
    assert_eq!(entered, invoiced, "{:?}", books.entries[0].detail);
    let format = books.entries[1].outcome.format.as_ref().unwrap();
    assert_eq!(
        (format.size.as_deref(), format.quality.as_deref()),
        (Some("1024x1536"), Some("low"))
    );
    assert_eq!(books.entries[1].attempt.facts.images, Some(3));
}

#[tokio::test]
async fn media_metered_by_tokens_seconds_and_searches_equal_the_invoice() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = gateway(&simulator).await;
    let client = Client::of(&gateway);
    let documents = json!(["a", "b", "c"]);
    let picture = |stream: bool| json!({"model": "gpt-image-1", "prompt": "a cat", "stream": stream});
    let text = |stream: bool| json!({"model": "gpt-3.5-turbo-instruct", "prompt": "hi", "stream": stream});
    let requests = [
        openai("/v1/images/generations", &picture(false)),
        openai("/v1/images/generations", &picture(true)),
        form(
            "/v1/images/edits",
            &[("model", "gpt-image-1"), ("prompt", "wider")],
        ),
        form("/v1/audio/transcriptions", &[("model", "whisper-1")]),
        form(
            "/v1/audio/translations",
            &[("model", "whisper-1"), ("response_format", "verbose_json")],
        ),
        form("/v1/audio/transcriptions", &[("model", "gpt-4o-transcribe")]),
        form(
            "/v1/audio/transcriptions",
            &[("model", "gpt-4o-transcribe"), ("stream", "true")],
        ),
        openai(
            "/v1/audio/speech",
            &json!({"model": "gpt-4o-mini-tts", "input": "hi", "voice": "a", "stream_format": "sse"}),
        ),
        openai(
            "/v1/rerank",
            &json!({"model": "rerank-v3.5", "query": "q", "documents": documents}),
        ),
        openai(
            "/v2/rerank",
            &json!({"model": "rerank-v3.5", "query": "q", "documents": documents}),
        ),
        openai("/v1/completions", &text(false)),
        openai("/v1/completions", &text(true)),
    ];
    let sent = requests.len();
    for request in requests {
        let path = request.uri().to_string();
        let answered = client.send(request).await;
        assert_eq!(
            answered.status,
            200,
            "{path}: {}",
            String::from_utf8_lossy(&answered.body)
        );
    }
    let books = gateway.finish().await;
    let (invoiced, entered) = costs(&simulator, &books);
    assert_eq!((invoiced.len(), invoiced), (sent, entered));
    for (entry, line) in books.entries.iter().zip(simulator.invoice()) {
        assert_eq!(entry.usage_source.as_str(), "reported", "{}", line.path);
        assert_eq!(entry.flags, Vec::<String>::new(), "{}", line.path);
        assert_eq!(
            entry.outcome.response_id.as_deref(),
            Some(line.id.as_str()),
            "{}",
            line.path
        );
    }
}

#[tokio::test]
async fn a_form_is_sent_on_with_the_upstreams_name_for_the_model_and_nothing_else_changed() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.models = vec![ModelRule {
        model: ModelName::new("ears"),
        send_as: Some(ModelName::new("whisper-1")),
    }];
    let gateway = Gateway::start(vec![upstream]).await;
    let fields = [("language", "de"), ("model", "ears"), ("response_format", "text")];
    let request = form("/v1/audio/transcriptions", &fields);
    let answered = Client::of(&gateway).send(request).await;
    assert_eq!(answered.status, 200);
    let fields = [
        ("language", "de"),
        ("model", "whisper-1"),
        ("response_format", "text"),
    ];
    let expected = form("/v1/audio/transcriptions", &fields);
    let seen = simulator.requests().pop().unwrap();
    let expected = http_body_util::BodyExt::collect(expected.into_body())
        .await
        .unwrap()
        .to_bytes();
    assert_eq!(seen.body, expected);
    assert_eq!(seen.headers["content-type"], "multipart/form-data; boundary=b");
    // Plain text has no room for usage.
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["unbilled (usage_missing), completed"]);
    assert_eq!(
        books.entry().attempt.model_sent.as_ref().unwrap().as_str(),
        "whisper-1"
    );
}

/// 2.5 seconds at 8,000 bytes each.
fn recording() -> Vec<u8> {
    let head =
        b"RIFF\x44\x4e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x20\x4e\0\0";
    [head.as_slice(), vec![128; 20_000].as_slice()].concat()
}

#[tokio::test]
async fn a_transcript_without_counters_is_billed_by_the_recording_or_its_subtitles() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = gateway(&simulator).await;
    let client = Client::of(&gateway);
    let path = "/v1/audio/transcriptions";
    let asking = |format| [("model", "whisper-1"), ("response_format", format)];
    for format in ["text", "srt", "vtt"] {
        let request = form_with(path, &asking(format), &recording());
        assert_eq!(client.send(request).await.status, 200);
    }
    // The length of this one is not known; the simulator's subtitle ends after a second.
    for format in ["srt", "vtt", "text"] {
        assert_eq!(client.send(form(path, &asking(format))).await.status, 200);
    }
    let books = gateway.finish().await;
    let seen: Vec<_> = books
        .entries
        .iter()
        .map(|entry| {
            let counted = entry
                .usage
                .as_ref()
                .map(|usage| usage.get(Meter::SecondsIn).get());
            (entry.verdict.to_string(), counted, entry.flags.join(","))
        })
        .collect();
    let billed = |counted, flag: &str| ("billed".to_owned(), Some(counted), flag.to_owned());
    let missing = ("unbilled (usage_missing)".to_owned(), None, String::new());
    assert_eq!(
        seen,
        [
            billed(3, "counted_from_request"),
            billed(3, "counted_from_request"),
            billed(3, "counted_from_request"),
            billed(1, "counted_from_subtitles"),
            billed(1, "counted_from_subtitles"),
            missing,
        ]
    );
}

#[tokio::test]
async fn a_name_that_no_form_can_hold_is_refused() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.models = vec![ModelRule {
        model: ModelName::new("ears"),
        send_as: Some(ModelName::new("a\r\nb")),
    }];
    let gateway = Gateway::start(vec![upstream]).await;
    let answered = Client::of(&gateway)
        .send(form("/v1/audio/transcriptions", &[("model", "ears")]))
        .await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("x-tollgate-error")),
        (400, Some("not_forwardable"))
    );
    assert_eq!(simulator.stats().received, 0);
    assert!(gateway.finish().await.entries.is_empty());
}

#[tokio::test]
async fn free_endpoints_cost_nothing_and_say_so() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = gateway(&simulator).await;
    let client = Client::of(&gateway);
    let mut counted = anthropic(&json!({"model": "claude-sonnet-4-5"}));
    *counted.uri_mut() = "/v1/messages/count_tokens".parse().unwrap();
    let moderated = openai(
        "/v1/moderations",
        &json!({"model": "omni-moderation-latest", "input": "hi"}),
    );
    for request in [counted, gemini("countTokens"), moderated] {
        let answered = client.send(request).await;
        assert_eq!(answered.status, 200);
        assert_eq!(answered.header("x-tollgate-billing-status"), Some("no_charge"));
        assert_eq!(answered.header("x-tollgate-cost"), Some("0"));
    }
    let mut refused = anthropic(&json!({"model": "sim-error-400"}));
    *refused.uri_mut() = "/v1/messages/count_tokens".parse().unwrap();
    assert_eq!(client.send(refused).await.status, 400);
    let books = gateway.finish().await;
    assert_eq!(
        books.verdicts(),
        [
            "no_charge (free_endpoint), completed",
            "no_charge (free_endpoint), completed",
            "no_charge (free_endpoint), completed",
            "no_charge (rejected), upstream_error",
        ]
    );
    assert!(
        books
            .entries
            .iter()
            .all(|entry| entry.amounts.is_none() && entry.usage.is_none())
    );
}

#[tokio::test]
async fn another_providers_moderations_are_not_taken_for_free() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.provider = tollgate_domain::ProviderName::new("mistral");
    let gateway = Gateway::start(vec![upstream]).await;
    let request = openai(
        "/v1/moderations",
        &json!({"model": "mistral-moderation-latest", "input": "hi"}),
    );
    assert_eq!(Client::of(&gateway).send(request).await.status, 200);
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["unbilled (usage_missing), completed"]
    );
}

#[tokio::test]
async fn an_embedding_request_is_renamed_in_path_and_body() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.models = vec![ModelRule {
        model: ModelName::new("gpt-4o"),
        send_as: Some(ModelName::new("gemini-embedding-001")),
    }];
    let gateway = Gateway::start(vec![upstream]).await;
    let mut request = gemini("batchEmbedContents");
    *request.body_mut() =
        r#"{"requests": [{"model": "models/gpt-4o", "content": {"parts": [{"text": "hi"}]}}]}"#.into();
    assert_eq!(Client::of(&gateway).send(request).await.status, 200);
    let seen = simulator.requests().pop().unwrap();
    assert_eq!(
        seen.path,
        "/v1beta/models/gemini-embedding-001:batchEmbedContents"
    );
    assert_eq!(
        seen.body,
        r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "hi"}]}}]}"#
    );
    gateway.finish().await;
}

#[tokio::test]
async fn code_assist_names_its_model_in_the_body() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = gateway(&simulator).await;
    let mut request = gemini("generateContent");
    *request.uri_mut() = "/v1internal:streamGenerateContent?alt=sse".parse().unwrap();
    *request.body_mut() =
        r#"{"model": "gemini-2.5-pro", "project": "p", "request": {"contents": [{"parts": [{"text": "hi"}]}]}}"#.into();
    let answered = Client::of(&gateway).send(request).await;
    assert!(
        answered.text().starts_with("data: {\"response\""),
        "{}",
        answered.text()
    );
    let books = gateway.finish().await;
    assert_eq!(
        books.entry().attempt.model_sent.as_ref().unwrap().as_str(),
        "gemini-2.5-pro"
    );
    assert!(books.entry().attempt.stream);
}
