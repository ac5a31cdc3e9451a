use super::*;

#[test]
fn a_container_is_new_unless_the_request_brings_it_along() {
    let starts = |rest: &str| {
        let body = format!(r#"{{"model": "gpt-5.6", {rest}}}"#);
        peek(Protocol::OpenaiResponses, &body).starts_container
    };
    let auto =
        r#""tools": [{"type": "web_search"}, {"type": "code_interpreter", "container": {"type": "auto"}}]"#;
    assert!(starts(auto));
    assert!(starts(
        &auto.replace(r#""auto""#, r#""auto", "memory_limit": "1g""#)
    ));
    assert!(starts(&format!(
        r#"{auto}, "previous_response_id": null, "input": "1+1""#
    )));
    for rest in [
        auto.replace(r#"{"type": "auto"}"#, r#""cntr_1""#),
        auto.replace(r#""auto""#, r#""auto", "memory_limit": "16g""#),
        format!(r#"{auto}, "previous_response_id": "resp_1""#),
        format!(r#"{auto}, "conversation": {{"id": "conv_1"}}"#),
        format!(r#"{auto}, "input": [{{"type": "code_interpreter_call", "container_id": "cntr_1"}}]"#),
        r#""tools": [{"type": "web_search"}]"#.to_owned(),
        r#""tools": "code_interpreter""#.to_owned(),
        r#""input": "code_interpreter""#.to_owned(),
    ] {
        assert!(!starts(&rest), "{rest}");
    }
    let chat = format!(r#"{{"model": "gpt-4o", {auto}}}"#);
    assert!(!peek(Protocol::OpenaiChat, &chat).starts_container);
}

fn peek(protocol: Protocol, body: &str) -> RequestPeek {
    peek_request(protocol, body.as_bytes()).unwrap()
}

#[test]
fn a_chat_request_tells_all_it_has() {
    let body = r#"{"messages":[{"model":"no","stream":true}], "model" : "gpt-\u0034o","stream":true,
        "service_tier":"flex","user":"u-1","safety_identifier":"s-1","background":true}"#;
    let found = peek(Protocol::OpenaiChat, body);
    assert_eq!(found.model, Some(ModelName::new("gpt-4o")));
    assert_eq!(found.model_span.map(|span| &body[span]), Some(r#""gpt-\u0034o""#));
    assert!(found.stream && !found.background);
    assert_eq!(found.tier.as_deref(), Some("flex"));
    assert_eq!(found.end_user.as_deref(), Some("s-1"));
}

#[test]
fn each_protocol_names_its_end_user_and_tier_in_its_own_way() {
    let anthropic = r#"{"model":"claude","metadata":{"user_id":"m-1"},"user":"no","service_tier":"auto"}"#;
    assert_eq!(
        peek(Protocol::AnthropicMessages, anthropic).end_user.as_deref(),
        Some("m-1")
    );
    let responses = r#"{"model":"gpt","user":"u-1","background":true}"#;
    let found = peek(Protocol::OpenaiResponses, responses);
    assert_eq!((found.end_user.as_deref(), found.background), (Some("u-1"), true));
    let gemini = r#"{"model":"in-the-path","stream":true,"serviceTier":"priority","user":"x"}"#;
    let found = peek(Protocol::GeminiGenerate, gemini);
    assert_eq!((found.model, found.model_span, found.stream), (None, None, false));
    assert_eq!((found.tier.as_deref(), found.end_user), (Some("priority"), None));
}

#[test]
fn the_last_of_repeated_keys_counts() {
    let body = r#"{"model":"a","model":"b","stream":true,"stream":false}"#;
    let found = peek(Protocol::OpenaiChat, body);
    assert_eq!((found.model, found.stream), (Some(ModelName::new("b")), false));
    assert_eq!(found.model_span.map(|span| &body[span]), Some("\"b\""));
}

#[test]
fn values_of_another_type_count_as_absent() {
    let found = peek(
        Protocol::OpenaiChat,
        r#"{"model":null,"stream":"true","service_tier":1,"user":{}}"#,
    );
    assert_eq!(
        (found.model, found.stream, found.tier, found.end_user),
        (None, false, None, None)
    );
}

#[test]
fn what_is_no_request_says_why() {
    let error = |body: &str| peek_request(Protocol::OpenaiChat, body.as_bytes()).unwrap_err();
    assert_eq!(error("[]"), PeekError::NotAnObject);
    assert_eq!(error("\"secret\""), PeekError::NotAnObject);
    assert_eq!(error(r#"{"model":5}"#), PeekError::ModelNotText);
    assert_eq!(error("{\"model\":\n]"), PeekError::NotJson { line: 2, column: 1 });
    assert!(matches!(error(""), PeekError::NotJson { .. }));
    assert!(matches!(error("{} x"), PeekError::NotJson { .. }));
    assert!(matches!(error("model=gpt"), PeekError::NotJson { .. }));
}

#[test]
fn speech_is_counted_in_characters_and_streams_by_its_own_option() {
    let body =
        r#"{"model":"tts-1","input":"Zwölf \u00e9\ud83d\ude00","voice":"alloy","stream_format":"sse"}"#;
    let found = peek(Protocol::OpenaiSpeech, body);
    assert_eq!((found.characters, found.stream), (Some(8), true));
    let plain = peek(
        Protocol::OpenaiSpeech,
        r#"{"model":"tts-1","input":"","stream":true}"#,
    );
    assert_eq!((plain.characters, plain.stream), (None, false));
    assert_eq!(
        peek(Protocol::OpenaiEmbeddings, r#"{"input":"abc"}"#).characters,
        None
    );
}

#[test]
fn older_completions_can_be_asked_for_usage_too() {
    let found = peek(
        Protocol::OpenaiCompletions,
        r#"{"model":"m","prompt":"p","stream":true}"#,
    );
    assert!(matches!(found.include_usage, IncludeUsage::Absent(_)));
    let embed = peek(
        Protocol::GeminiEmbed,
        r#"{"model":"models/x","content":{"parts":[]}}"#,
    );
    assert_eq!(
        (embed.model, embed.include_usage),
        (None, IncludeUsage::NotApplicable)
    );
}

#[test]
fn an_image_request_tells_size_and_quality() {
    let body = r#"{"model":"gpt-image-1","prompt":"a cat","size":"1536x1024","quality":"high"}"#;
    let media = peek(Protocol::OpenaiImages, body).media.unwrap();
    assert_eq!(
        (media.size.as_deref(), media.quality.as_deref()),
        (Some("1536x1024"), Some("high"))
    );
    assert_eq!(peek(Protocol::OpenaiImages, r#"{"model":"m"}"#).media, None);
    assert_eq!(peek(Protocol::OpenaiChat, body).media, None);
}
