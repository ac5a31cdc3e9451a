use serde_json::json;

use super::*;

fn event(text: &str) -> Event {
    Event::named("delta", &json!({ "t": text }))
}

fn events() -> Vec<Event> {
    vec![
        event("Grüße"),
        event("世界"),
        Event::data(&json!("end")).terminal(),
    ]
}

fn play(framing: Framing, script: &Script) -> Wire {
    frames(Reply::Stream(framing, events()), script, event("error"))
}

fn text(wire: &Wire) -> String {
    String::from_utf8(wire.frames.concat()).unwrap()
}

#[test]
fn an_event_is_one_frame_with_its_blank_line() {
    let wire = play(Framing::Sse, &Script::default());
    assert_eq!(wire.frames.len(), 3);
    assert_eq!(wire.frames[0], "event: delta\ndata: {\"t\":\"Grüße\"}\n\n");
    assert_eq!(wire.frames[2], "data: \"end\"\n\n");
    assert_eq!(wire.content_length, None);
}

#[test]
fn crlf_ends_every_line() {
    let wire = play(
        Framing::Sse,
        &Script {
            crlf: true,
            ..Script::default()
        },
    );
    let text = text(&wire);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.ends_with("\r\n\r\n"));
}

#[test]
fn splitting_cuts_inside_characters_and_changes_no_byte() {
    let wire = play(
        Framing::Sse,
        &Script {
            chunking: Chunking::Bytes(3),
            ..Script::default()
        },
    );
    assert!(
        wire.frames
            .iter()
            .any(|frame| std::str::from_utf8(frame).is_err())
    );
    assert_eq!(text(&wire), text(&play(Framing::Sse, &Script::default())));
}

#[test]
fn the_last_event_may_lack_its_blank_line() {
    let wire = play(
        Framing::Sse,
        &Script {
            final_blank_line: false,
            ..Script::default()
        },
    );
    assert!(text(&wire).ends_with("data: \"end\""));
}

#[test]
fn the_terminal_event_may_be_missing() {
    let wire = play(
        Framing::Sse,
        &Script {
            terminal_event: false,
            ..Script::default()
        },
    );
    assert!(!text(&wire).contains("end"));
}

#[test]
fn a_cut_keeps_only_the_events_before_it() {
    let wire = play(Framing::Sse, &Script::fault(Fault::Cut { after: 1 }));
    assert!(wire.cut);
    assert_eq!(wire.frames.len(), 1);
}

#[test]
fn an_error_event_is_the_last_one() {
    let wire = play(Framing::Sse, &Script::fault(Fault::ErrorEvent { after: 1 }));
    assert!(!wire.cut);
    assert_eq!(wire.frames.len(), 2);
    assert!(text(&wire).ends_with("{\"t\":\"error\"}\n\n"));
}

#[test]
fn an_array_stream_is_one_json_document() {
    let wire = play(Framing::JsonArray, &Script::default());
    let value: serde_json::Value = serde_json::from_str(&text(&wire)).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 3);
    let cut = play(Framing::JsonArray, &Script::fault(Fault::Cut { after: 2 }));
    assert!(!text(&cut).ends_with(']'));
}

#[test]
fn a_cut_json_body_announces_more_than_it_sends() {
    let script = Script::fault(Fault::Cut { after: 0 });
    let wire = frames(Reply::Json(json!({"a": "bcdef"})), &script, event("error"));
    let sent: usize = wire.frames.iter().map(Bytes::len).sum();
    assert!(wire.cut && sent < wire.content_length.unwrap());
}
