//! Server-sent events, incrementally: LF, CRLF or CR, several `data` lines, comments, a byte order mark, a last
//! event without its blank line.

use memchr::{memchr, memchr2};

use super::{JsonScanner, Needles, Running, Sink};

/// Data held to be looked at before it is scanned. A longer event is scanned as it passes instead.
const MAX_HELD: usize = 64 * 1024;
const MAX_NAME: usize = 32;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Who learns about events.
pub(crate) trait Events: Sink {
    /// Whether the data is a marker that is no JSON, and was taken note of.
    fn marker(&mut self, data: &[u8]) -> bool;
    /// Whether every event must be scanned, not only those a needle hits.
    fn wants_all(&self) -> bool;
    /// A scanned event ended; `data` is empty where it was too long to hold.
    fn event_ended(&mut self, name: &[u8], data: &[u8]);
}

/// Splits a stream into events and scans the data of those that can matter.
pub(crate) struct SseScanner {
    needles: Needles,
    running: Running,
    json: JsonScanner,
    line: Line,
    /// The field's name as far as it has come, within its line.
    field: Vec<u8>,
    first_line: bool,
    after_cr: bool,
    name: Vec<u8>,
    data: Vec<u8>,
    held: Held,
}

/// Where in a line the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// In the field's name.
    Field,
    /// Behind the colon, where one space does not count.
    Space(Kind),
    Value(Kind),
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Data,
    Name,
    Other,
}

/// What became of the event's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// There is none.
    None,
    /// All of it is held.
    All,
    /// It is too long to hold and scanned as it passes.
    Spilled,
}

impl SseScanner {
    pub(crate) fn new(needles: Needles, running: Running, json: JsonScanner) -> Self {
        Self {
            needles,
            running,
            json,
            line: Line::Field,
            field: Vec::new(),
            first_line: true,
            after_cr: false,
            name: Vec::new(),
            data: Vec::new(),
            held: Held::None,
        }
    }

    /// Bytes held at most so far.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.data.capacity()
            + self.name.capacity()
            + self.field.capacity()
            + self.json.held()
            + self.running.held()
    }

    /// Scans the next piece.
    pub(crate) fn push(&mut self, chunk: &[u8], events: &mut impl Events) {
        let mut rest = chunk;
        while let Some((first, tail)) = rest.split_first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                rest = tail;
                continue;
            }
            let Some(at) = memchr2(b'\n', b'\r', rest) else {
                self.part(rest, events);
                return;
            };
            let (line, end) = rest.split_at(at);
            self.part(line, events);
            self.line_ended(events);
            self.after_cr = end.first() == Some(&b'\r');
            rest = end.get(1..).unwrap_or_default();
        }
    }

    /// Takes the end of the stream for the end of the last event too.
    pub(crate) fn finish(&mut self, events: &mut impl Events) {
        if self.line != Line::Field || !self.field.is_empty() {
            self.line_ended(events);
        }
        self.event_ended(events);
        self.scan_held(events);
    }

    /// A part of a line, without its end.
    fn part(&mut self, mut bytes: &[u8], events: &mut impl Events) {
        if self.line == Line::Field {
            let colon = memchr(b':', bytes);
            let field = bytes.get(..colon.unwrap_or(bytes.len())).unwrap_or_default();
            let room = MAX_NAME.saturating_sub(self.field.len());
            self.field.extend(field.iter().take(room));
            let Some(colon) = colon else {
                return;
            };
            bytes = bytes.get(colon + 1..).unwrap_or_default();
            self.line = Line::Space(self.field_ended(events));
        }
        if let (Line::Space(kind), Some((first, tail))) = (self.line, bytes.split_first()) {
            self.line = Line::Value(kind);
            bytes = if *first == b' ' { tail } else { bytes };
        }
        match self.line {
            Line::Value(Kind::Data) => self.add_data(bytes, events),
            Line::Value(Kind::Name) => {
                let room = MAX_NAME.saturating_sub(self.name.len());
                self.name.extend(bytes.iter().take(room));
            }
            _ => {}
        }
    }

    /// The field's name is complete: what is the line about?
    fn field_ended(&mut self, events: &mut impl Events) -> Kind {
        let field = self.field.as_slice();
        let field = if self.first_line {
            field.strip_prefix(BYTE_ORDER_MARK).unwrap_or(field)
        } else {
            field
        };
        match (field, self.held) {
            (b"data", Held::None) => self.held = Held::All,
            (b"data", _) => self.add_data(b"\n", events),
            (b"event", _) => {
                self.name.clear();
                return Kind::Name;
            }
            _ => return Kind::Other,
        }
        Kind::Data
    }

    fn line_ended(&mut self, events: &mut impl Events) {
        if self.line == Line::Field {
            let blank = self.field.is_empty() || (self.first_line && self.field == BYTE_ORDER_MARK);
            if blank {
                self.event_ended(events);
            } else {
                self.field_ended(events);
            }
        }
        self.line = Line::Field;
        self.field.clear();
        self.first_line = false;
    }

    fn add_data(&mut self, bytes: &[u8], events: &mut impl Events) {
        if self.held != Held::Spilled && self.data.len() + bytes.len() <= MAX_HELD {
            self.data.extend_from_slice(bytes);
            return;
        }
        if self.held != Held::Spilled {
            self.held = Held::Spilled;
            self.scan_held(events);
            self.json.reset();
            self.json.push(&self.data, events);
            self.data.clear();
        }
        self.json.push(bytes, events);
    }

    fn event_ended(&mut self, events: &mut impl Events) {
        let data = self.data.trim_ascii();
        if self.held == Held::Spilled {
            events.event_ended(&self.name, b"");
        } else if self.held == Held::All && !events.marker(data) {
            let named_error = self.name == b"error";
            let wanted = events.wants_all() || named_error || self.needles.hit(data);
            let held_back = !wanted && self.running.takes(data);
            if wanted || (!held_back && self.running.counts(data)) {
                let data = std::mem::take(&mut self.data);
                self.scan_held(events);
                self.scan(data.trim_ascii(), events);
                self.running.note(data.trim_ascii());
                self.data = data;
            }
        }
        self.name.clear();
        self.data.clear();
        self.held = Held::None;
    }

    /// Scans the event that was held back because later ones may say all of it anew.
    fn scan_held(&mut self, events: &mut impl Events) {
        if let Some(data) = self.running.release() {
            let name = std::mem::take(&mut self.name);
            self.scan(&data, events);
            self.name = name;
        }
    }

    fn scan(&mut self, data: &[u8], events: &mut impl Events) {
        self.json.reset();
        self.json.push(data, events);
        events.event_ended(&self.name, data);
    }
}

#[cfg(test)]
mod tests;
