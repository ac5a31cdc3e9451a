//! Strings across the borders of pieces.

use memchr::memchr2;

/// A string being read, after its opening quote.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quoted {
    escaped: bool,
}

/// A piece of a string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// Bytes used.
    pub(super) used: usize,
    /// How many of them are its text.
    pub(super) text: usize,
    /// Whether it ended.
    pub(super) ended: bool,
}

impl Quoted {
    /// Reads on: up to the end, an escape, or the end of the piece, which is not empty.
    pub(super) fn run(&mut self, rest: &[u8]) -> Run {
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
