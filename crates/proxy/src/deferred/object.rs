//! What an object says of itself, read as it passes.

use tollgate_domain::{Dialect, Timestamp};

use super::scan::{JsonScan, Path, Sink};

/// What is looked for, in the order of the places below: of a response or a batch, as JSON or within the events of a
/// stream.
const WANTED: &[Path] = &[
    &["id"],
    &["status"],
    &["response", "id"],
    &["response", "status"],
    &["processing_status"],
    &["output_file_id"],
    &["error_file_id"],
    &["completed_at"],
    &["expired_at"],
    &["cancelled_at"],
    &["failed_at"],
    &["ended_at"],
];

/// The same of Gemini's operations and files. What only others say stands for nothing here: its path is no path.
const GEMINI: &[Path] = &[
    &["name"],
    &["metadata", "state"],
    &["file", "name"],
    NOWHERE,
    NOWHERE,
    &["response", "responsesFile"],
    &["metadata", "output", "responsesFile"],
    &["metadata", "endTime"],
    &["metadata", "updateTime"],
    NOWHERE,
    NOWHERE,
    NOWHERE,
];

/// No member has these names.
const NOWHERE: Path = &["\0", "\0", "\0", "\0"];

const ID: usize = 0;
const STATUS: usize = 1;
/// Where the same is said in an event, or around a file.
const WITHIN: usize = 2;
const PROCESSING: usize = 4;
const FILES: [usize; 2] = [5, 6];
const ENDED: [usize; 5] = [7, 8, 9, 10, 11];

/// States after which nothing more is used.
const TERMINAL: [&str; 11] = [
    "completed",
    "incomplete",
    "failed",
    "cancelled",
    "expired",
    "ended",
    "canceled",
    "BATCH_STATE_SUCCEEDED",
    "BATCH_STATE_FAILED",
    "BATCH_STATE_CANCELLED",
    "BATCH_STATE_EXPIRED",
];

/// The state of a batch that has its results.
const SUCCEEDED: &str = "BATCH_STATE_SUCCEEDED";
/// The state of one that was not begun with.
const FAILED: &str = "BATCH_STATE_FAILED";

/// Whether nothing more is used in a state.
pub(crate) fn is_terminal(status: &str) -> bool {
    TERMINAL.contains(&status)
}

/// What was read so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectFacts {
    values: Vec<Option<String>>,
}

/// Reads an object.
#[derive(Debug)]
pub(crate) struct ObjectScan {
    wanted: &'static [Path],
    facts: ObjectFacts,
    scan: JsonScan,
    framing: Framing,
}

#[derive(Debug)]
enum Framing {
    /// One JSON object.
    Json,
    /// Server-sent events, one JSON object each.
    Sse(Line),
}

/// Where in a line of an event stream the scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// So many bytes of the field's name match `data:`.
    Name(usize),
    Data,
    Other,
}

const DATA: &[u8] = b"data:";

impl ObjectScan {
    pub(crate) fn new(dialect: Dialect, sse: bool) -> Self {
        let wanted = match dialect {
            Dialect::Gemini => GEMINI,
            Dialect::Openai | Dialect::Anthropic => WANTED,
        };
        Self {
            wanted,
            facts: ObjectFacts {
                values: vec![None; wanted.len()],
            },
            scan: JsonScan::new(wanted, &[]),
            framing: if sse {
                Framing::Sse(Line::Name(0))
            } else {
                Framing::Json
            },
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let Framing::Sse(mut line) = self.framing else {
            return self.scan.push(bytes, &mut self.facts);
        };
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let ends = matches!(piece.last(), Some(b'\n' | b'\r'));
            let mut rest = piece;
            while let (Line::Name(matched), Some((first, others))) = (line, rest.split_first()) {
                line = match DATA.get(matched) {
                    Some(expected) if expected == first && matched + 1 == DATA.len() => Line::Data,
                    Some(expected) if expected == first => Line::Name(matched + 1),
                    _ => Line::Other,
                };
                rest = others;
            }
            if line == Line::Data {
                self.scan.push(rest, &mut self.facts);
            }
            if ends {
                line = Line::Name(0);
                self.scan = JsonScan::new(self.wanted, &[]);
            }
        }
        self.framing = Framing::Sse(line);
    }

    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.framing, Framing::Sse(_))
    }

    /// Whether the whole object has been read.
    pub(crate) fn is_whole(&self) -> bool {
        !self.is_stream() && self.scan.is_closed()
    }

    pub(crate) fn facts(&self) -> &ObjectFacts {
        &self.facts
    }
}

impl Sink for ObjectFacts {
    fn value(&mut self, wanted: usize, raw: &[u8]) {
        let text = match raw.first() {
            Some(b'"') => serde_json::from_slice(raw).ok(),
            _ if raw == b"null" => None,
            _ => std::str::from_utf8(raw).ok().map(ToOwned::to_owned),
        };
        if let (Some(slot), Some(text)) = (self.values.get_mut(wanted), text) {
            *slot = Some(text);
        }
    }
}

impl ObjectFacts {
    fn get(&self, wanted: usize) -> Option<&str> {
        self.values.get(wanted)?.as_deref()
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.get(WITHIN + ID).or_else(|| self.get(ID))
    }

    /// In the provider's own word.
    pub(crate) fn status(&self) -> Option<&str> {
        self.get(WITHIN + STATUS)
            .or_else(|| self.get(PROCESSING))
            .or_else(|| self.get(STATUS))
    }

    /// Whether nothing more will be used.
    pub(crate) fn is_terminal(&self) -> bool {
        self.status().is_some_and(is_terminal)
    }

    /// The files with a batch's results, each once.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        let [first, second] = FILES.map(|wanted| self.get(wanted).filter(|file| !file.is_empty()));
        first.into_iter().chain(second.filter(|_| second != first))
    }

    /// Whether it says that its results are there.
    pub(crate) fn has_succeeded(&self) -> bool {
        self.status() == Some(SUCCEEDED)
    }

    /// Whether it was given up before any of it was done.
    pub(crate) fn has_failed(&self) -> bool {
        self.status() == Some(FAILED)
    }

    /// When it ended, as the provider says it.
    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        let text = ENDED.into_iter().find_map(|wanted| self.get(wanted))?;
        match text.parse::<i64>() {
            Ok(seconds) => Timestamp::from_timestamp(seconds, 0),
            Err(_) => text.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sse: bool, text: &str, size: usize) -> ObjectScan {
        read_of(Dialect::Openai, sse, text, size)
    }

    fn read_of(dialect: Dialect, sse: bool, text: &str, size: usize) -> ObjectScan {
        let mut scan = ObjectScan::new(dialect, sse);
        for piece in text.as_bytes().chunks(size) {
            scan.push(piece);
        }
        scan
    }

    #[test]
    fn a_response_and_a_batch_say_where_they_are() {
        let response = r#"{"id":"resp_1","status":"queued","output":[{"id":"msg_1","status":"completed"}]}"#;
        let batch = r#"{"id":"batch_1","status":"completed","output_file_id":"file-o","error_file_id":null,
            "completed_at":1700000000,"expired_at":null}"#;
        let messages = r#"{"id":"msgbatch_1","processing_status":"ended","ended_at":"2026-11-20T10:00:00Z"}"#;
        for size in [1, 7, 500] {
            let scan = read(false, response, size);
            assert_eq!(
                (scan.facts().id(), scan.facts().status()),
                (Some("resp_1"), Some("queued"))
            );
            assert!(scan.is_whole() && !scan.facts().is_terminal());
            let scan = read(false, batch, size);
            assert!(scan.facts().is_terminal());
            assert_eq!(scan.facts().files().collect::<Vec<_>>(), ["file-o"]);
            assert_eq!(scan.facts().ended_at().unwrap().timestamp(), 1_700_000_000);
            let scan = read(false, messages, size);
            assert!(scan.facts().is_terminal());
            assert_eq!(
                scan.facts().ended_at().unwrap().to_rfc3339(),
                "2026-11-20T10:00:00+00:00"
            );
        }
    }

    #[test]
    fn a_gemini_batch_and_a_file_say_who_they_are() {
        let batch = r#"{"name":"batches/b1","metadata":{"@type":"x","name":"no","state":"BATCH_STATE_SUCCEEDED",
            "endTime":"2026-11-20T10:00:00.5Z","output":{"responsesFile":"files/batch-b1"}},"done":true,
            "response":{"responsesFile":"files/batch-b1","name":"no"}}"#;
        let running = r#"{"name":"batches/b1","metadata":{"state":"BATCH_STATE_RUNNING"}}"#;
        let file = r#"{"file":{"name":"files/f1","uri":"https://x/files/f1"}}"#;
        for size in [1, 7, 500] {
            let read = |text| read_of(Dialect::Gemini, false, text, size);
            let scan = read(batch);
            let facts = scan.facts();
            assert_eq!(facts.id(), Some("batches/b1"));
            assert!(facts.is_terminal() && facts.has_succeeded() && !facts.has_failed());
            assert_eq!(facts.files().collect::<Vec<_>>(), ["files/batch-b1"]);
            assert_eq!(facts.ended_at().unwrap().timestamp_subsec_millis(), 500);
            assert!(!read(running).facts().is_terminal());
            assert_eq!(read(file).facts().id(), Some("files/f1"));
        }
    }

    #[test]
    fn a_stream_names_its_response_with_the_first_event() {
        let text = "event: response.created\r\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\
                    \"status\":\"queued\"}}\r\n\r\ndata: {\"type\":\"response.output_item.added\",\"item\":{\"id\":\"x\"}}\n\n";
        for size in [1, 9, 500] {
            let scan = read(true, text, size);
            assert_eq!(
                (scan.facts().id(), scan.facts().status()),
                (Some("resp_1"), Some("queued"))
            );
        }
    }
}
