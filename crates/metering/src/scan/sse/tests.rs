use super::super::{Field, Needle, Slot, value};
use super::*;

static FIELDS: [Field; 1] = [value(&["usage"], Slot::Usage)];
const NEEDLES: &[Needle] = &[Needle::Set("\"usage\"")];

#[derive(Default)]
struct Seen {
    log: Vec<String>,
    all: bool,
}

impl Sink for Seen {
    fn captured(&mut self, _: Slot, json: &[u8]) {
        self.log.push(String::from_utf8_lossy(json).into_owned());
    }

    fn present(&mut self, _: Slot) {}

    fn too_long(&mut self, _: Slot) {
        self.log.push("too long".to_owned());
    }

    fn text(&mut self, _: Slot, _: &[u8]) {}
}

impl Events for Seen {
    fn marker(&mut self, data: &[u8]) -> bool {
        let done = data == b"[DONE]";
        if done {
            self.log.push("done".to_owned());
        }
        done
    }

    fn wants_all(&self) -> bool {
        self.all
    }

    fn event_ended(&mut self, name: &[u8], _: &[u8]) {
        self.log.push(format!("<{}>", String::from_utf8_lossy(name)));
    }
}

fn scan(stream: &[u8], step: usize, all: bool) -> Vec<String> {
    let mut seen = Seen {
        all,
        ..Seen::default()
    };
    let mut scanner = SseScanner::new(
        Needles::new(NEEDLES),
        Running::new(Some("\"n\"")),
        JsonScanner::new(&FIELDS),
    );
    for piece in stream.chunks(step) {
        scanner.push(piece, &mut seen);
    }
    scanner.finish(&mut seen);
    seen.log
}

#[track_caller]
fn check(stream: &str, expected: &[&str]) {
    for step in [1, 2, 3, 7, 1 << 20] {
        assert_eq!(
            scan(stream.as_bytes(), step, false),
            expected,
            "{stream:?} by {step}"
        );
    }
}

#[test]
fn every_line_ending_separates_events() {
    for end in ["\n", "\r\n", "\r"] {
        let stream = [
            "data: {\"usage\":1}",
            "",
            "event: x",
            "data: {\"usage\":2}",
            "",
            "data: [DONE]",
            "",
            "",
        ]
        .join(end);
        check(&stream, &["1", "<>", "2", "<x>", "done"]);
    }
}

#[test]
fn comments_unknown_fields_and_blank_lines_are_nothing() {
    check(
        ": ping\n\n\n\nid: 5\nretry: 3\ndatab: {\"usage\":1}\n\ndata\n\ndata:{\"usage\":1}\n\n",
        &["1", "<>"],
    );
}

#[test]
fn data_lines_are_joined_and_one_space_is_dropped() {
    check(
        "data: {\"usage\"\ndata::  [1,\ndata:  2]}\n\n",
        &["[1,\n 2]", "<>"],
    );
}

#[test]
fn a_byte_order_mark_is_skipped() {
    check("\u{feff}data: {\"usage\":1}\n\n", &["1", "<>"]);
}

#[test]
fn the_last_event_needs_no_blank_line() {
    check("data: {\"usage\":1}\n\ndata: [DONE]", &["1", "<>", "done"]);
    check("data: {\"usage\":1}\n", &["1", "<>"]);
}

#[test]
fn events_without_a_needle_are_not_scanned_unless_all_are_wanted() {
    let stream = "data: {\"x\":1}\n\ndata: {\"usage\":null}\n\nevent: error\ndata: {}\n\n";
    check(stream, &["<error>"]);
    assert_eq!(scan(stream.as_bytes(), 5, true), ["<>", "null", "<>", "<error>"]);
}

#[test]
fn an_event_too_long_to_hold_is_scanned_as_it_passes() {
    let filler = "x".repeat(3 * MAX_HELD);
    let stream =
        format!("event: big\ndata: {{\"x\":\"{filler}\",\ndata: \"usage\":7}}\n\ndata: {{\"usage\":8}}\n\n");
    for step in [1000, 1 << 20] {
        assert_eq!(scan(stream.as_bytes(), step, false), ["7", "<big>", "8", "<>"]);
    }
}

#[test]
fn memory_stays_bounded_whatever_comes() {
    let mut seen = Seen::default();
    let mut scanner = SseScanner::new(
        Needles::new(NEEDLES),
        Running::new(Some("\"n\"")),
        JsonScanner::new(&FIELDS),
    );
    for _ in 0..200 {
        scanner.push(&[b'a'; 10_000], &mut seen);
    }
    scanner.push(b"\ndata: ", &mut seen);
    for _ in 0..200 {
        scanner.push(&[b'b'; 10_000], &mut seen);
    }
    assert!(scanner.field.capacity() < 1000 && scanner.data.capacity() <= 4 * MAX_HELD);
}

#[test]
fn of_a_row_of_running_counts_only_the_last_is_scanned_and_in_its_place() {
    let stream = "data: {\"usage\":1}\n\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: {\"n\":2}\n\n";
    check(stream, &["1", "<>", "<>", "<>"]);
    let falls = "data: {\"n\":2}\n\ndata: {\"n\":1}\n\ndata: {}\n\ndata: {\"n\":3}\n\ndata: {\"n\":4}\n\n";
    check(falls, &["<>", "<>", "<>"]);
    let between =
        "data: {\"n\":1}\n\ndata: {\"n\":2}\n\nevent: b\ndata: {\"n\":3,\"usage\":7}\n\ndata: {\"n\":3}\n\n";
    check(between, &["<>", "<>", "7", "<b>", "<>"]);
}
