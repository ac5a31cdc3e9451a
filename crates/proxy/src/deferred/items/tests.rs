//! Items of batches, in any pieces.

use tollgate_domain::{Meter, Protocol};

use super::*;

fn read(shape: Shape, protocol: Protocol, text: &str, size: usize) -> Vec<DeferredEnd> {
    let mut reader = ItemReader::new(shape, protocol, &ProviderName::new("openai"));
    let mut items = Vec::new();
    for piece in text.as_bytes().chunks(size) {
        reader.push(piece, &mut items);
    }
    items.extend(reader.finish());
    items
}

fn told(item: &DeferredEnd) -> (Option<&str>, OutcomeKind, Option<(u64, u64)>) {
    let usage = item
        .end
        .reading
        .as_ref()
        .and_then(|reading| reading.usage.as_ref());
    let counts = usage.map(|usage| (usage.get(Meter::Input).get(), usage.get(Meter::Output).get()));
    (item.item_id.as_deref(), item.end.kind, counts)
}

#[test]
fn every_line_of_a_file_is_an_item_in_any_pieces() {
    let text = concat!(
        r#"{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"id":"chatcmpl-1","model":"gpt-4o","choices":[{"message":{"content":"{\"usage\":1}\n"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}},"error":null}"#,
        "\n\n",
        r#"{"id":"batch_req_2","custom_id":"b","response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}"#,
        "\n",
        r#"{"id":"batch_req_3","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"late"}}"#,
    );
    for size in [1, 13, 10_000] {
        let items = read(Shape::Openai, Protocol::OpenaiChat, text, size);
        let told: Vec<_> = items.iter().map(told).collect();
        assert_eq!(
            told,
            [
                (Some("a"), OutcomeKind::Completed, Some((7, 3))),
                (Some("b"), OutcomeKind::UpstreamError, None),
                (Some("c"), OutcomeKind::UpstreamError, None),
            ],
            "{size}"
        );
        assert_eq!(
            items[2].end.detail.as_deref(),
            Some("the item ended as batch_expired")
        );
    }
}

#[test]
fn every_line_of_a_message_batch_is_an_item() {
    let text = concat!(
        r#"{"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","model":"claude","content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2,"service_tier":"batch"}}}}"#,
        "\r\n",
        r#"{"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error","message":"busy"}}}}"#,
        "\n",
        r#"{"custom_id":"c","result":{"type":"expired"}}"#,
        "\n",
    );
    for size in [1, 13, 10_000] {
        let items = read(Shape::Anthropic, Protocol::AnthropicMessages, text, size);
        let told: Vec<_> = items.iter().map(told).collect();
        assert_eq!(
            told,
            [
                (Some("a"), OutcomeKind::Completed, Some((5, 2))),
                (Some("b"), OutcomeKind::UpstreamError, None),
                (Some("c"), OutcomeKind::UpstreamError, None),
            ],
            "{size}"
        );
    }
}

const GEMINI_ANSWER: &str = r#"{"candidates":[{"content":{"parts":[{"text":"]}\"{"}]},"finishReason":"STOP"}],"modelVersion":"gemini-2.5-flash","responseId":"r","usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10}}"#;

#[test]
fn every_line_of_a_gemini_file_is_an_item_whether_it_has_a_key_or_not() {
    let text = format!(
        "{{\"key\":\"a\",\"response\":{GEMINI_ANSWER}}}\n\n{{\"key\":\"a\",\"error\":{{\"code\":8,\"message\":\"no\"}}}}\n{GEMINI_ANSWER}"
    );
    for size in [1, 13, 10_000] {
        let items = read(Shape::GeminiFile, Protocol::GeminiGenerate, &text, size);
        let told: Vec<_> = items.iter().map(told).collect();
        // Two requests may have one key.
        assert_eq!(
            told,
            [
                (Some("1:a"), OutcomeKind::Completed, Some((7, 3))),
                (Some("2:a"), OutcomeKind::UpstreamError, None),
                (Some("3"), OutcomeKind::Completed, Some((7, 3))),
            ],
            "{size}"
        );
        assert_eq!(items[1].end.detail.as_deref(), Some("the item ended as 8"));
        let reading = items[0].end.reading.as_ref().unwrap();
        assert_eq!(
            reading.model_served.as_ref().unwrap().as_str(),
            "gemini-2.5-flash"
        );
    }
}

#[test]
fn results_within_a_gemini_batch_are_read_once_although_they_are_there_twice() {
    let list = format!(
        r#"{{"inlinedResponses":{{"inlinedResponses":[{{"response":{GEMINI_ANSWER},"metadata":{{"key":"a"}}}},
        {{"error":{{"code":3,"status":"INVALID_ARGUMENT"}}}}, {{}}]}}}}"#
    );
    let other = format!(
        r#"{{"inlinedResponses":{{"inlinedResponses":[{{"response":{GEMINI_ANSWER}}},{{}},{{}},{{"response":{GEMINI_ANSWER}}}]}}}}"#
    );
    let text =
        format!(r#"{{"name":"batches/b","metadata":{{"output":{list}}},"done":true,"response":{other}}}"#);
    for size in [1, 13, 10_000] {
        let items = read(Shape::GeminiInline, Protocol::GeminiGenerate, &text, size);
        let told: Vec<_> = items.iter().map(told).collect();
        assert_eq!(
            told,
            [
                (Some("1:a"), OutcomeKind::Completed, Some((7, 3))),
                (Some("2"), OutcomeKind::UpstreamError, None),
                (Some("3"), OutcomeKind::Completed, None),
                (Some("4"), OutcomeKind::Completed, Some((7, 3))),
            ],
            "{size}"
        );
    }
}

#[test]
fn embeddings_in_a_gemini_batch_are_counted_by_what_they_say() {
    let text = r#"{"response":{"inlinedEmbedContentResponses":{"inlinedResponses":[
        {"response":{"embedding":{"values":[0.5]},"tokenCount":"5"},"metadata":{"billableCharacterCount":1}},
        {"response":{"embedding":{"values":[0.5]},"usageMetadata":{"promptTokenCount":6}}}]}}}"#;
    let items = read(Shape::GeminiInline, Protocol::GeminiEmbed, text, 11);
    let counts: Vec<_> = items.iter().map(|item| told(item).2).collect();
    assert_eq!(counts, [Some((5, 0)), Some((6, 0))]);
    let file = "{\"key\":\"k\",\"response\":{\"embedding\":{\"values\":[1]},\"tokenCount\":4}}\n";
    let items = read(Shape::GeminiFile, Protocol::GeminiEmbed, file, 11);
    assert_eq!(
        told(&items[0]),
        (Some("1:k"), OutcomeKind::Completed, Some((4, 0)))
    );
}
