//! Taking an event out of a stream that the caller did not ask for.

use memchr::{memchr2, memmem};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The longest event held back to be looked at. The event looked for is a few hundred bytes; a longer one passes.
const MAX_HELD: usize = 64 * 1024;

/// Removes the event with empty `choices` and non-null `usage` from a chat stream, blank line included. Every other
/// byte passes unchanged and in order (comments within the removed event too); an event passes when it is whole.
///
/// For streams to which [`with_include_usage`](crate::with_include_usage) added what the caller had not asked for.
/// Works on plain bytes: compressed streams must not go through it.
#[derive(Debug, Default)]
pub struct UsageEventFilter {
    /// The current event as far as it has come.
    held: Vec<u8>,
    /// The current line has bytes.
    in_line: bool,
    /// The last byte was a CR, so an LF would belong to it.
    after_cr: bool,
    /// The current event was too long to hold and passes.
    passing: bool,
    /// An event ended with a CR at the end of a piece; an LF that follows shares its fate.
    ended: Option<Fate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Passed,
    Removed,
}

impl UsageEventFilter {
    /// A filter for one stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece and appends to `out` what may pass.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let mut rest = chunk;
        if let (Some(fate), Some((first, tail))) = (self.ended, rest.split_first()) {
            self.ended = None;
            if *first == b'\n' {
                if fate == Fate::Passed {
                    out.push(b'\n');
                }
                rest = tail;
            }
        }
        while let Some(end) = self.event_end(rest) {
            let (event, tail) = rest.split_at(end);
            let fate = self.event(event, out);
            if event.last() == Some(&b'\r') && tail.is_empty() {
                self.ended = Some(fate);
            }
            rest = tail;
        }
        self.hold(rest, out);
    }

    /// Lets out what is left when the stream has ended.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if !self.held.is_empty() {
            self.event(b"", out);
        }
    }

    /// The length of the part of `rest` that ends the current event, line end of its blank line included.
    fn event_end(&mut self, rest: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let tail = rest.get(at..).unwrap_or_default();
            let Some(step) = memchr2(b'\n', b'\r', tail) else {
                self.in_line |= !tail.is_empty();
                self.after_cr &= tail.is_empty();
                return None;
            };
            let cr = tail.get(step) == Some(&b'\r');
            at += step + 1;
            let second_half = self.after_cr && step == 0 && !cr;
            self.after_cr = cr;
            if second_half {
                continue;
            }
            let blank = step == 0 && !self.in_line;
            self.in_line = false;
            if blank {
                self.after_cr = false;
                let both = cr && rest.get(at) == Some(&b'\n');
                return Some(at + usize::from(both));
            }
        }
    }

    /// Decides about an event of which `last` is what was not held.
    fn event(&mut self, last: &[u8], out: &mut Vec<u8>) -> Fate {
        if std::mem::take(&mut self.passing) {
            out.extend_from_slice(last);
            return Fate::Passed;
        }
        if self.held.is_empty() {
            return let_out(last, out);
        }
        self.held.extend_from_slice(last);
        let fate = let_out(&self.held, out);
        self.held.clear();
        fate
    }

    fn hold(&mut self, rest: &[u8], out: &mut Vec<u8>) {
        if self.passing || self.held.len() + rest.len() > MAX_HELD {
            self.passing = true;
            out.append(&mut self.held);
            out.extend_from_slice(rest);
        } else {
            self.held.extend_from_slice(rest);
        }
    }
}

/// Appends an event unless it is the one to remove, of which only comments pass.
fn let_out(event: &[u8], out: &mut Vec<u8>) -> Fate {
    if !is_usage_event(event) {
        out.extend_from_slice(event);
        return Fate::Passed;
    }
    for line in event
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b":"))
    {
        out.extend_from_slice(line);
    }
    Fate::Removed
}

fn is_usage_event(event: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Chunk<'a> {
        #[serde(borrow)]
        choices: Option<&'a RawValue>,
        #[serde(borrow)]
        usage: Option<&'a RawValue>,
    }
    if event.len() > MAX_HELD || memmem::find(event, b"\"usage\"").is_none() {
        return false;
    }
    let data: Vec<&[u8]> = event
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter_map(|line| line.strip_prefix(b"data:"))
        .collect();
    let data = data.join(&b'\n');
    let Ok(chunk) = serde_json::from_slice::<Chunk<'_>>(&data) else {
        return false;
    };
    let choices = chunk
        .choices
        .and_then(|raw| serde_json::from_str::<Vec<IgnoredAny>>(raw.get()).ok());
    choices.is_some_and(|choices| choices.is_empty()) && chunk.usage.is_some_and(|raw| raw.get() != "null")
}

#[cfg(test)]
mod tests;
