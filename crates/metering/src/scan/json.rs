//! An incremental JSON scanner that captures a few values and holds nothing else.
//!
//! It trusts the text to be JSON and never validates it: brackets are counted, not matched, and keys are compared
//! as written (a key with an escape in it matches nothing). What it captures is parsed, and so checked, by others.

use memchr::memchr2;

use super::{Field, Slot, Want};

/// The longest value captured; a longer one is reported as such and dropped.
const MAX_CAPTURE: usize = 64 * 1024;
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
}

/// Scans one JSON text.
pub(crate) struct JsonScanner {
    fields: Vec<&'static Field>,
    state: State,
    frames: Vec<Frame>,
    /// The path of the value that comes next.
    next: Place,
    key: Vec<u8>,
    escaped: bool,
    /// In [`State::Inside`]: within a string.
    quoted: bool,
    /// In [`State::Inside`]: containers open.
    nested: u64,
    /// Presence fields that the string being read satisfies as soon as it has a character.
    awaiting: u64,
    capture: Option<Slot>,
    captured: Vec<u8>,
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

/// A path: which fields begin with it (by bit), and its length.
#[derive(Debug, Clone, Copy)]
struct Place {
    fields: u64,
    depth: usize,
}

/// A container on the way to wanted values.
#[derive(Debug)]
struct Frame {
    array: bool,
    /// The fields within it.
    place: Place,
    /// Presence fields it satisfies as soon as it has a member.
    awaiting: u64,
}

impl JsonScanner {
    /// At most 64 fields are looked for.
    pub(crate) fn new(fields: impl IntoIterator<Item = &'static Field>) -> Self {
        let fields: Vec<_> = fields.into_iter().take(64).collect();
        let mut scanner = Self {
            fields,
            state: State::Root,
            frames: Vec::new(),
            next: Place { fields: 0, depth: 0 },
            key: Vec::new(),
            escaped: false,
            quoted: false,
            nested: 0,
            awaiting: 0,
            capture: None,
            captured: Vec::new(),
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
        self.escaped = false;
        self.quoted = false;
        self.awaiting = 0;
        self.capture = None;
        self.captured.clear();
    }

    /// Whether the text's outermost bracket has closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.state == State::Closed
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
        let (mut capture, mut awaiting, mut deeper) = (None, 0, 0);
        for (bit, field) in bits(&self.fields, place.fields) {
            match field.want {
                _ if field.path.len() > place.depth => deeper |= bit,
                Want::Value => capture = capture.or(Some(field.slot)),
                Want::Presence => awaiting |= bit,
            }
        }
        self.capture = capture;
        self.captured.clear();
        self.keep(&[byte]);
        match byte {
            b'"' => {
                self.awaiting = awaiting;
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
        if self.capture.is_some() || !wanted || array_in_array || self.frames.len() >= MAX_FRAMES {
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
        let run = self.string_run(rest);
        let text = rest.get(..run.text).unwrap_or_default();
        let room = (MAX_KEY + 1).saturating_sub(self.key.len());
        self.key.extend(text.iter().take(room));
        if run.ended {
            let place = self
                .frames
                .last()
                .map_or(Place { fields: 0, depth: 0 }, |frame| frame.place);
            let mut fields = 0;
            for (bit, field) in bits(&self.fields, place.fields) {
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
        let run = self.string_run(rest);
        if run.text > 0 && self.awaiting != 0 {
            let awaiting = std::mem::take(&mut self.awaiting);
            self.announce(awaiting, sink);
        }
        self.keep(rest.get(..run.used).unwrap_or_default());
        if run.ended {
            self.value_ended(sink);
        }
        run.used
    }

    fn in_literal(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
        let at = rest.iter().position(ends);
        let used = at.unwrap_or(rest.len());
        self.keep(rest.get(..used).unwrap_or_default());
        if at.is_some() {
            self.value_ended(sink);
        }
        used
    }

    fn inside(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let mut at = 0;
        while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
            if self.quoted {
                let run = self.string_run(tail);
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
                self.keep(rest.get(..at).unwrap_or_default());
                self.value_ended(sink);
                return at;
            }
        }
        self.keep(rest);
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
        if let Some(slot) = self.capture.take() {
            if self.captured.len() > MAX_CAPTURE {
                sink.too_long(slot);
            } else {
                sink.captured(slot, &self.captured);
            }
        }
        self.awaiting = 0;
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
        for (_, field) in bits(&self.fields, awaiting) {
            sink.present(field.slot);
        }
    }

    /// Adds to the capture, if there is one, up to one byte past the limit.
    fn keep(&mut self, bytes: &[u8]) {
        if self.capture.is_some() {
            let room = (MAX_CAPTURE + 1).saturating_sub(self.captured.len());
            self.captured.extend(bytes.iter().take(room));
        }
    }

    /// Reads on within a string: up to its end, an escape, or the end of the piece.
    fn string_run(&mut self, rest: &[u8]) -> Run {
        if std::mem::take(&mut self.escaped) {
            return Run {
                used: 1,
                text: 1,
                ended: false,
            };
        }
        match memchr2(b'"', b'\\', rest) {
            None => Run {
                used: rest.len(),
                text: rest.len(),
                ended: false,
            },
            Some(at) if rest.get(at) == Some(&b'"') => Run {
                used: at + 1,
                text: at,
                ended: true,
            },
            Some(at) => {
                self.escaped = true;
                Run {
                    used: at + 1,
                    text: at + 1,
                    ended: false,
                }
            }
        }
    }
}

/// A piece of a string: bytes used, how many of them are its text, and whether it ended.
struct Run {
    used: usize,
    text: usize,
    ended: bool,
}

fn first_solid(rest: &[u8]) -> Option<(usize, u8)> {
    let at = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    rest.get(at).map(|byte| (at, *byte))
}

/// The fields whose bits are set.
fn bits<'a>(
    fields: &'a [&'static Field],
    mut set: u64,
) -> impl Iterator<Item = (u64, &'static Field)> + use<'a> {
    std::iter::from_fn(move || {
        let index = usize::try_from(set.trailing_zeros()).ok()?;
        let field = fields.get(index).copied()?;
        set &= set - 1;
        Some((1 << index, field))
    })
}

#[cfg(test)]
mod tests;
