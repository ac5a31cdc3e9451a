use super::super::{present, value};
use super::capture::MAX_CAPTURE;
use super::*;

static FIELDS: [Field; 6] = [
    value(&["usage"], Slot::Usage),
    value(&["model"], Slot::Model),
    value(&["choices", "finish_reason"], Slot::FinishReason),
    present(&["choices", "delta", "content"], Slot::Content),
    present(&["data"], Slot::Content),
    value(&["data", "id"], Slot::ResponseId),
];

#[derive(Default, Debug, PartialEq, Eq)]
struct Seen(Vec<String>);

impl Sink for Seen {
    fn captured(&mut self, slot: Slot, json: &[u8]) {
        self.0.push(format!("{slot:?}={}", String::from_utf8_lossy(json)));
    }

    fn present(&mut self, slot: Slot) {
        self.0.push(format!("{slot:?}"));
    }

    fn too_long(&mut self, slot: Slot) {
        self.0.push(format!("{slot:?} too long"));
    }

    fn text(&mut self, slot: Slot, raw: &[u8]) {
        let raw = String::from_utf8_lossy(raw);
        match self
            .0
            .last_mut()
            .filter(|last| last.starts_with(&format!("{slot:?}:")))
        {
            Some(last) => last.push_str(&raw),
            None => self.0.push(format!("{slot:?}:{raw}")),
        }
    }
}

fn scan(text: &str, step: usize) -> (Vec<String>, bool) {
    let (mut scanner, mut seen) = (JsonScanner::new(&FIELDS), Seen::default());
    for piece in text.as_bytes().chunks(step) {
        scanner.push(piece, &mut seen);
    }
    (seen.0, scanner.is_closed())
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    for step in [1, 2, 3, 5, 1000] {
        let (seen, closed) = scan(text, step);
        assert_eq!(seen, expected, "{text} by {step}");
        assert!(closed, "{text} by {step}");
    }
}

#[test]
fn wanted_values_are_captured_verbatim_wherever_they_stand() {
    check(
        r#" {"id":"x","usage" : {"a": [1, "}"], "b":{"c":"\"}"}} , "model":"gpt"}"#,
        &[r#"Usage={"a": [1, "}"], "b":{"c":"\"}"}}"#, r#"Model="gpt""#],
    );
    check(r#"{"usage":null,"model":12.5}"#, &["Usage=null", "Model=12.5"]);
    check(r#"{"model":true }"#, &["Model=true"]);
}

#[test]
fn the_same_key_elsewhere_is_not_taken() {
    check(
        r#"{"x":{"usage":1,"model":{"usage":2}},"y":["usage",{"model":1}],"z":"usage\":1"}"#,
        &[],
    );
    check(r#"{"usage_x":1,"usag":2,"\u0075sage":3}"#, &[]);
}

#[test]
fn arrays_on_the_way_are_looked_through() {
    check(
        r#"{"choices":[{"finish_reason":null},{"finish_reason":"stop"}]}"#,
        &["FinishReason=null", "FinishReason=\"stop\""],
    );
    check(
        r#"[{"usage":{"a":1}},{"usage":{"a":2}}]"#,
        &[r#"Usage={"a":1}"#, r#"Usage={"a":2}"#],
    );
}

#[test]
fn presence_needs_something_to_be_there() {
    for nothing in ["null", "\"\"", "[]", "{}", "false", "[ ]"] {
        check(
            &format!(r#"{{"choices":[{{"delta":{{"content":{nothing}}}}}]}}"#),
            &[],
        );
    }
    for something in ["\"a\"", "\"\\n\"", "[1]", "{\"a\":1}", "1", "true", "[[]]"] {
        check(
            &format!(r#"{{"choices":[{{"delta":{{"content":{something}}}}}]}}"#),
            &["Content"],
        );
    }
    check(
        r#"{"data":[{"id":1},{"id":2}]}"#,
        &["Content", "ResponseId=1", "ResponseId=2"],
    );
}

#[test]
fn a_value_beyond_the_limit_is_dropped_and_said_so() {
    let long = "x".repeat(MAX_CAPTURE);
    check(
        &format!(r#"{{"model":"{long}","usage":1}}"#),
        &["Model too long", "Usage=1"],
    );
}

#[test]
fn a_cut_value_is_never_captured() {
    for text in [r#"{"usage":{"a":1"#, r#"{"model":12"#, r#"{"model":"gp"#] {
        let (seen, closed) = scan(text, 3);
        assert_eq!(seen, Vec::<String>::new(), "{text}");
        assert!(!closed);
    }
}

#[test]
fn depth_without_end_takes_no_memory() {
    let (mut scanner, mut seen) = (JsonScanner::new(&FIELDS), Seen::default());
    scanner.push(br#"{"choices":"#, &mut seen);
    for _ in 0..1000 {
        scanner.push(&[b'['; 1000], &mut seen);
        scanner.push(&b"{\"choices\":".repeat(100), &mut seen);
    }
    assert!(scanner.frames.len() <= MAX_FRAMES);
    assert!(scanner.capture.text.len() <= MAX_CAPTURE + 1);
}
