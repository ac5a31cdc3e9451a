//! Generated text that is kept, so that an answer without counters can be estimated.

use crate::scan::Slot;

/// What an answer generated, as far as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GeneratedText {
    /// Visible text, tool calls' names and arguments (JSON) included, pieces in the order they came.
    pub text: String,
    /// Reasoning, where the answer shows it.
    pub reasoning: String,
    /// Bytes of text beyond what was kept.
    pub beyond: u64,
}

/// Collects the pieces of strings as they are written in JSON: joined they are the text of one string, escapes across
/// their borders included.
#[derive(Debug)]
pub(crate) struct Kept {
    text: Vec<u8>,
    reasoning: Vec<u8>,
    cap: usize,
    beyond: u64,
    /// Lengths at the start of the event being read.
    mark: (usize, usize, u64),
}

impl Kept {
    /// Keeps at most `cap` bytes.
    pub(crate) fn new(cap: usize) -> Self {
        Self {
            text: Vec::new(),
            reasoning: Vec::new(),
            cap,
            beyond: 0,
            mark: (0, 0, 0),
        }
    }

    /// A piece of a string, escapes as written.
    pub(crate) fn add(&mut self, slot: Slot, raw: &[u8]) {
        let room = self.cap.saturating_sub(self.text.len() + self.reasoning.len());
        let (kept, beyond) = raw.split_at(raw.len().min(room));
        self.beyond += u64::try_from(beyond.len()).unwrap_or(u64::MAX);
        let place = if slot == Slot::Reasoned {
            &mut self.reasoning
        } else {
            &mut self.text
        };
        place.extend_from_slice(kept);
    }

    /// A JSON value that is itself what was generated, such as the input of a tool.
    pub(crate) fn add_json(&mut self, json: &[u8]) {
        for piece in json.split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
            if let [start @ .., special @ (b'"' | b'\\')] = piece {
                self.add(Slot::Told, start);
                self.add(Slot::Told, &[b'\\', *special]);
            } else {
                self.add(Slot::Told, piece);
            }
        }
    }

    /// The event being read is over; `counts` tells whether what it brought is text at all.
    pub(crate) fn event_ended(&mut self, counts: bool) {
        if !counts {
            let (text, reasoning, beyond) = self.mark;
            self.text.truncate(text);
            self.reasoning.truncate(reasoning);
            self.beyond = beyond;
        }
        self.mark = (self.text.len(), self.reasoning.len(), self.beyond);
    }

    pub(crate) fn into_generated(self) -> GeneratedText {
        GeneratedText {
            text: unescaped(&self.text),
            reasoning: unescaped(&self.reasoning),
            beyond: self.beyond,
        }
    }
}

/// The text of a JSON string. A cut or damaged escape is left out: this is for estimates.
pub(crate) fn unescaped(raw: &[u8]) -> String {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        let [_, kind, after @ ..] = tail else {
            rest = &[];
            break;
        };
        rest = after;
        match kind {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(0x08),
            b'f' => out.push(0x0c),
            b'u' => {
                let (character, used) = code_point(after);
                let mut buffer = [0; 4];
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                rest = after.get(used..).unwrap_or_default();
            }
            other => out.push(*other),
        }
    }
    out.extend_from_slice(rest);
    String::from_utf8_lossy(&out).into_owned()
}

/// The character after `\u`, and how many bytes say it.
fn code_point(after: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = std::str::from_utf8(after.get(at..at + 4)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(0) else {
        return (char::REPLACEMENT_CHARACTER, after.len().min(4));
    };
    if (0xd800..0xdc00).contains(&first)
        && after.get(4..6) == Some(b"\\u")
        && let Some(second) = unit(6)
        && (0xdc00..0xe000).contains(&second)
    {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_cut_ones_left_out() {
        for (raw, expected) in [
            (r#"a\n\t\"\\\/"#, "a\n\t\"\\/"),
            (r"\u00e9\ud83d\ude00", "é😀"),
            (r"x\ud83d", "x\u{fffd}"),
            (r"x\u00", "x\u{fffd}"),
            ("x\\", "x"),
        ] {
            assert_eq!(unescaped(raw.as_bytes()), expected, "{raw}");
        }
    }

    #[test]
    fn no_more_is_kept_than_was_asked_for() {
        let mut kept = Kept::new(5);
        kept.add(Slot::Told, b"abc");
        kept.add(Slot::Reasoned, b"defg");
        let generated = kept.into_generated();
        assert_eq!(
            (generated.text.as_str(), generated.reasoning.as_str()),
            ("abc", "de")
        );
        assert_eq!(generated.beyond, 2);
    }

    #[test]
    fn json_is_kept_as_it_is_written_and_an_event_can_be_dropped() {
        let mut kept = Kept::new(100);
        kept.add_json(br#"{"city":"K\u00f6ln"}"#);
        kept.event_ended(true);
        kept.add(Slot::Told, b"UklGRg==");
        kept.event_ended(false);
        assert_eq!(kept.into_generated().text, r#"{"city":"K\u00f6ln"}"#);
    }
}
