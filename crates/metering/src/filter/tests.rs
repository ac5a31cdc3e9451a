use super::*;

const CONTENT: &str = r#"data: {"choices":[{"delta":{"content":"\"usage\": é"}}],"usage":null}"#;
const USAGE: &str = r#"data: {"id":"x","choices":[],"usage":{"prompt_tokens":1}}"#;
const DONE: &str = "data: [DONE]";

fn filtered(stream: &[u8], step: usize) -> Vec<u8> {
    let (mut filter, mut out) = (UsageEventFilter::new(), Vec::new());
    for piece in stream.chunks(step) {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

#[track_caller]
fn check(stream: &str, expected: &str) {
    for step in [1, 2, 3, 5, 17, 100_000] {
        let out = filtered(stream.as_bytes(), step);
        assert_eq!(String::from_utf8_lossy(&out), expected, "by {step}");
    }
}

#[test]
fn only_the_usage_event_goes_with_any_line_ending() {
    for end in ["\n", "\r\n", "\r"] {
        let event = |text: &str| format!("{text}{end}{end}");
        let stream = [CONTENT, USAGE, DONE].map(event).concat();
        check(&stream, &[CONTENT, DONE].map(event).concat());
    }
}

#[test]
fn events_like_it_pass() {
    for event in [
        r#"data: {"choices":[],"usage":null}"#,
        r#"data: {"choices":[],"prompt_filter_results":[]}"#,
        r#"data: {"choices":[{}],"usage":{"prompt_tokens":1}}"#,
        r#"data: {"usage":{"prompt_tokens":1}}"#,
        r#"data: {"choices":[],"usage":{"prompt_tokens":1}"#,
        r#": {"choices":[],"usage":{"prompt_tokens":1}}"#,
    ] {
        let stream = format!("{event}\n\n{DONE}\n\n");
        check(&stream, &stream);
    }
}

#[test]
fn odd_streams_pass_byte_for_byte() {
    for stream in [
        "",
        "\n",
        "\r",
        "\r\n\r\n\r\n",
        "a\r\rb\n\r\n\r",
        ": ping\n\ndata: x",
        "no stream at all",
    ] {
        check(stream, stream);
    }
}

#[test]
fn comments_of_a_removed_event_stay() {
    check(
        &format!(": ping\n{USAGE}\n\n{DONE}\n\n"),
        &format!(": ping\n{DONE}\n\n"),
    );
}

#[test]
fn a_last_event_without_its_blank_line_is_judged_too() {
    check(&format!("{CONTENT}\n\n{USAGE}\n"), &format!("{CONTENT}\n\n"));
    check(&format!("{CONTENT}\n\n{DONE}"), &format!("{CONTENT}\n\n{DONE}"));
}

#[test]
fn an_event_passes_as_soon_as_it_is_whole() {
    let (mut filter, mut out) = (UsageEventFilter::new(), Vec::new());
    filter.push(format!("{CONTENT}\n\ndata: {{").as_bytes(), &mut out);
    assert_eq!(out, format!("{CONTENT}\n\n").as_bytes());
}

#[test]
fn an_endless_event_passes_without_being_held() {
    let (mut filter, mut out) = (UsageEventFilter::new(), Vec::new());
    let mut sent = b"data: {\"usage\":\"".to_vec();
    filter.push(&sent, &mut out);
    for _ in 0..100 {
        filter.push(&[b'x'; 10_000], &mut out);
        sent.extend_from_slice(&[b'x'; 10_000]);
        assert!(filter.held.len() <= MAX_HELD);
    }
    let rest = format!("\n\n{USAGE}\n\n");
    filter.push(rest.as_bytes(), &mut out);
    sent.extend_from_slice(b"\n\n");
    assert_eq!(out, sent);
}
