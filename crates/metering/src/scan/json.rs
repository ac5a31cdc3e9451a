//! An incremental JSON scanner that captures a few values and holds nothing else.
//!
//! It trusts the text to be JSON and never validates it: brackets are counted, not matched, and keys are compared
//! as written (a key with an escape in it matches nothing). What it captures is parsed, and so checked, by others.

use self::capture::Capture;
use self::place::{Frame, Place, fields_of};
use self::quoted::Quoted;
use super::{Field, Slot, Want};

mod capture;
mod place;
mod quoted;

/// The longest key that can be wanted.
const MAX_KEY: usize = 64;
/// Containers on the way to a wanted value.
const MAX_FRAMES: usize = 16;

/// Where wanted values go.
pub(crate) trait Sink {
    /// The JSON text of a wanted value.
    fn captured(&mut self, slot: Slot, json: &[u8]);
    /// A wanted value is there.
    fn present(&mut self, slot: Slot);
    /// A wanted value is too long to capture.
    fn too_long(&mut self, slot: Slot);
    /// A piece of a wanted text, escapes as they are written.
    fn text(&mut self, slot: Slot, raw: &[u8]);
}

/// Scans one JSON text.
pub(crate) struct JsonScanner {
    fields: Vec<&'static Field>,
    state: State,
    frames: Vec<Frame>,
    /// The path of the value that comes next.
    next: Place,
    key: Vec<u8>,
    /// The string being read, be it a key or a value.
    text: Quoted,
    /// In [`State::Inside`]: within a string.
    quoted: bool,
    /// In [`State::Inside`]: containers open.
    nested: u64,
    /// Presence fields that the string being read satisfies as soon as it has a character.
    awaiting: u64,
    /// What the string being read is to be told as.
    telling: Option<Slot>,
    capture: Capture,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the text's first bracket.
    Root,
    Value,
    Key,
    InKey,
    Colon,
    InString,
    InLiteral,
    /// Within a container that holds no wanted field, or is captured whole.
    Inside,
    /// After a value.
    After,
    /// The text is complete.
    Closed,
}

impl JsonScanner {
    /// At most 64 fields are looked for.
    pub(crate) fn new(fields: impl IntoIterator<Item = &'static Field>) -> Self {
        let fields: Vec<_> = fields.into_iter().take(64).collect();
        let mut scanner = Self {
            fields,
            state: State::Root,
            frames: Vec::new(),
            next: Place::default(),
            key: Vec::new(),
            text: Quoted::default(),
            quoted: false,
            nested: 0,
            awaiting: 0,
            telling: None,
            capture: Capture::default(),
        };
        scanner.reset();
        scanner
    }

    /// Makes it ready for another text.
    pub(crate) fn reset(&mut self) {
        let all = (0..self.fields.len()).fold(0, |bits, index| bits | (1_u64 << index));
        self.state = State::Root;
        self.frames.clear();
        self.next = Place {
            fields: all,
            depth: 0,
        };
        self.text = Quoted::default();
        self.quoted = false;
        self.awaiting = 0;
        self.telling = None;
        self.capture.begin(None);
    }

    /// Whether the text's outermost bracket has closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// Bytes held at most so far.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.capture.text.capacity() + self.key.capacity() + self.frames.capacity() * size_of::<Frame>()
    }

    /// Scans the next piece.
    pub(crate) fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let used = match self.state {
                State::Root => self.root(rest, sink),
                State::Value => self.value(rest, sink),
                State::Key => self.before_key(rest, sink),
                State::InKey => self.in_key(rest),
                State::Colon => self.colon(rest),
                State::InString => self.in_string(rest, sink),
                State::InLiteral => self.in_literal(rest, sink),
                State::Inside => self.inside(rest, sink),
                State::After => self.after(rest),
                State::Closed => return,
            };
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    fn root(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        match rest.iter().position(|byte| matches!(byte, b'{' | b'[')) {
            Some(at) => at + self.value(rest.get(at..).unwrap_or_default(), sink),
            None => rest.len(),
        }
    }

    fn value(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let Some((skipped, byte)) = first_solid(rest) else {
            return rest.len();
        };
        match byte {
            b']' | b'}' => self.close(),
            b',' | b':' => {}
            _ => self.begin(byte, sink),
        }
        skipped + 1
    }

    /// Begins the value whose first byte is `byte`.
    fn begin(&mut self, byte: u8, sink: &mut impl Sink) {
        self.member_begins(sink);
        let place = self.next;
        let (mut capture, mut telling, mut awaiting, mut deeper) = (None, None, 0, 0);
        for (bit, field) in fields_of(&self.fields, place.fields) {
            match field.want {
                _ if field.path.len() > place.depth => deeper |= bit,
                Want::Value => capture = capture.or(Some(field.slot)),
                Want::Presence => awaiting |= bit,
                Want::Text => telling = Some(field.slot),
            }
        }
        self.capture.begin(capture);
        self.capture.keep(&[byte]);
        match byte {
            b'"' => {
                self.awaiting = awaiting;
                self.telling = telling;
                self.state = State::InString;
            }
            b'{' | b'[' => self.begin_container(
                byte == b'[',
                Place {
                    fields: deeper,
                    ..place
                },
                awaiting,
            ),
            _ => {
                if !matches!(byte, b'n' | b'f') {
                    self.announce(awaiting, sink);
                }
                self.state = State::InLiteral;
            }
        }
    }

    fn begin_container(&mut self, array: bool, place: Place, awaiting: u64) {
        let array_in_array = array && self.frames.last().is_some_and(|frame| frame.array);
        let wanted = place.fields != 0 || awaiting != 0;
        if self.capture.is_on() || !wanted || array_in_array || self.frames.len() >= MAX_FRAMES {
            self.nested = 1;
            self.quoted = false;
            self.state = State::Inside;
        } else {
            self.frames.push(Frame {
                array,
                place,
                awaiting,
            });
            self.next = place;
            self.state = if array { State::Value } else { State::Key };
        }
    }

    fn before_key(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let Some((skipped, byte)) = first_solid(rest) else {
            return rest.len();
        };
        match byte {
            b'"' => {
                self.member_begins(sink);
                self.key.clear();
                self.state = State::InKey;
            }
            b'}' | b']' => self.close(),
            _ => {}
        }
        skipped + 1
    }

    fn in_key(&mut self, rest: &[u8]) -> usize {
        let run = self.text.run(rest);
        let text = rest.get(..run.text).unwrap_or_default();
        let room = (MAX_KEY + 1).saturating_sub(self.key.len());
        self.key.extend(text.iter().take(room));
        if run.ended {
            let place = self.frames.last().map_or(Place::default(), |frame| frame.place);
            let mut fields = 0;
            for (bit, field) in fields_of(&self.fields, place.fields) {
                if field
                    .path
                    .get(place.depth)
                    .is_some_and(|key| key.as_bytes() == self.key)
                {
                    fields |= bit;
                }
            }
            self.next = Place {
                fields,
                depth: place.depth + 1,
            };
            self.state = State::Colon;
        }
        run.used
    }

    fn colon(&mut self, rest: &[u8]) -> usize {
        let Some(at) = rest.iter().position(|byte| *byte == b':') else {
            return rest.len();
        };
        self.state = State::Value;
        at + 1
    }

    fn in_string(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let run = self.text.run(rest);
        if run.text > 0 && self.awaiting != 0 {
            let awaiting = std::mem::take(&mut self.awaiting);
            self.announce(awaiting, sink);
        }
        if let Some(slot) = self.telling {
            sink.text(slot, rest.get(..run.text).unwrap_or_default());
        }
        self.capture.keep(rest.get(..run.used).unwrap_or_default());
        if run.ended {
            self.value_ended(sink);
        }
        run.used
    }

    fn in_literal(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
        let at = rest.iter().position(ends);
        let used = at.unwrap_or(rest.len());
        self.capture.keep(rest.get(..used).unwrap_or_default());
        if at.is_some() {
            self.value_ended(sink);
        }
        used
    }

    fn inside(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let mut at = 0;
        while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
            if self.quoted {
                let run = self.text.run(tail);
                self.quoted = !run.ended;
                at += run.used;
                continue;
            }
            let special = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
            let Some(step) = tail.iter().position(special) else {
                at = rest.len();
                break;
            };
            at += step + 1;
            match tail.get(step) {
                Some(b'"') => self.quoted = true,
                Some(b'{' | b'[') => self.nested += 1,
                _ => self.nested = self.nested.saturating_sub(1),
            }
            if self.nested == 0 {
                self.capture.keep(rest.get(..at).unwrap_or_default());
                self.value_ended(sink);
                return at;
            }
        }
        self.capture.keep(rest);
        at
    }

    fn after(&mut self, rest: &[u8]) -> usize {
        let Some((skipped, byte)) = first_solid(rest) else {
            return rest.len();
        };
        match (byte, self.frames.last()) {
            (b',', Some(frame)) if frame.array => {
                self.next = frame.place;
                self.state = State::Value;
            }
            (b',', Some(_)) => self.state = State::Key,
            (b'}' | b']', _) => self.close(),
            _ => {}
        }
        skipped + 1
    }

    fn close(&mut self) {
        self.frames.pop();
        self.state = if self.frames.is_empty() {
            State::Closed
        } else {
            State::After
        };
    }

    fn value_ended(&mut self, sink: &mut impl Sink) {
        self.capture.end(sink);
        self.awaiting = 0;
        self.telling = None;
        self.state = if self.frames.is_empty() {
            State::Closed
        } else {
            State::After
        };
    }

    /// The innermost container has a member: it is not empty.
    fn member_begins(&mut self, sink: &mut impl Sink) {
        if let Some(frame) = self.frames.last_mut()
            && frame.awaiting != 0
        {
            let awaiting = std::mem::take(&mut frame.awaiting);
            self.announce(awaiting, sink);
        }
    }

    fn announce(&self, awaiting: u64, sink: &mut impl Sink) {
        for (_, field) in fields_of(&self.fields, awaiting) {
            sink.present(field.slot);
        }
    }
}

fn first_solid(rest: &[u8]) -> Option<(usize, u8)> {
    let at = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    rest.get(at).map(|byte| (at, *byte))
}

#[cfg(test)]
mod tests;
