//! Zstandard, decoded block by block.

use std::io::{self, Write};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// `Content-Encoding: zstd` has windows of at most 8 MiB (RFC 9659).
const MAX_WINDOW: u64 = 8 << 20;
/// A frame's header is no longer.
const MAX_HEADER: usize = 18;
/// A block holds at most 128 KiB, and has a header of 3 bytes; a checksum may follow.
const MAX_BLOCK: usize = (128 << 10) + 3 + 4;
/// Says that a frame ends here: the header of a last, raw, empty block.
const LAST_BLOCK: [u8; 3] = [1, 0, 0];

/// What is decoded stays with the library up to this much, or up to the window where that is larger. Until then it is
/// in one piece and can be looked at as soon as it is decoded.
const KEPT: usize = 4 << 20;

/// A sequence of frames. The library gives out what later blocks can no longer refer to, and shows the rest only at the
/// end of a frame. So each block is followed by an empty last one of our own making, and what is decoded is looked at
/// without being taken: an event is read when its block has come. Of a frame beyond [`KEPT`] what follows may come out
/// late, by at most a window.
pub(crate) struct Zstd {
    frame: FrameDecoder,
    window: usize,
    /// Bytes with the library that have been handed on.
    seen: usize,
    /// Bytes that do not make a header or a block yet.
    input: Vec<u8>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a frame.
    Between,
    /// Within one; whether a checksum ends it.
    Frame { checksum: bool },
    /// Within a frame that is to be skipped.
    Skipping { left: usize },
}

impl Default for Zstd {
    fn default() -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(MAX_WINDOW);
        Self {
            frame,
            window: 0,
            seen: 0,
            input: Vec::new(),
            place: Place::Between,
        }
    }
}

impl Zstd {
    /// Decodes what `chunk` completes.
    ///
    /// # Errors
    /// When a frame is damaged, or wants a larger window or a dictionary.
    pub(super) fn push(&mut self, chunk: &[u8], plain: &mut impl FnMut(&[u8])) -> io::Result<()> {
        for piece in chunk.chunks(MAX_BLOCK) {
            self.input.extend_from_slice(piece);
            let mut used = 0;
            while let Some(step) = self.step(used, plain)? {
                used += step;
            }
            self.input.drain(..used);
        }
        Ok(())
    }

    /// Decodes one header or block from `at` on, and says how long it is; `None` when it is not all there.
    fn step(&mut self, at: usize, plain: &mut impl FnMut(&[u8])) -> io::Result<Option<usize>> {
        let input = std::mem::take(&mut self.input);
        let rest = input.get(at..).unwrap_or_default();
        let outcome = match self.place {
            _ if rest.is_empty() => Ok(None),
            Place::Between => self.header(rest),
            Place::Skipping { left } => {
                let step = left.min(rest.len());
                self.place = if step == left {
                    Place::Between
                } else {
                    Place::Skipping { left: left - step }
                };
                Ok(Some(step))
            }
            Place::Frame { checksum } => match block_length(rest, checksum) {
                Some((length, last)) if length <= rest.len() => {
                    let block = rest.get(..length).unwrap_or_default();
                    let outcome = self.block(block, last, checksum, plain);
                    if last {
                        self.place = Place::Between;
                    }
                    outcome.map(|()| Some(length))
                }
                _ => Ok(None),
            },
        };
        self.input = input;
        outcome
    }

    fn header(&mut self, rest: &[u8]) -> io::Result<Option<usize>> {
        let mut source = rest;
        match self.frame.reset(&mut source) {
            Ok(()) => {
                let descriptor = rest.get(4).copied().unwrap_or_default();
                self.place = Place::Frame {
                    checksum: descriptor & 0b100 != 0,
                };
                self.window = window(rest, self.frame.content_size());
                self.seen = 0;
                Ok(Some(rest.len() - source.len()))
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                self.place = Place::Skipping {
                    left: usize::try_from(length).map_err(io::Error::other)?,
                };
                Ok(Some(8))
            }
            Err(_) if rest.len() < MAX_HEADER => Ok(None),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }

    /// Decodes a block and hands on what is new.
    fn block(
        &mut self,
        block: &[u8],
        last: bool,
        checksum: bool,
        plain: &mut impl FnMut(&[u8]),
    ) -> io::Result<()> {
        let mut decode = |block: &[u8]| {
            let one = BlockDecodingStrategy::UptoBlocks(1);
            self.frame
                .decode_blocks(block, one)
                .map_err(|error| io::Error::other(error.to_string()))
        };
        let decoded = decode(block).map(drop);
        if !last {
            let mut end = LAST_BLOCK.to_vec();
            end.resize(if checksum { 7 } else { 3 }, 0);
            decode(&end)?;
        }
        let total = self.frame.can_collect();
        let beyond = if total > self.window.max(KEPT) {
            total - self.window
        } else {
            0
        };
        let look = Look {
            seen: self.seen,
            beyond: if last { total } else { beyond },
            at: 0,
            plain,
        };
        let (seen, taken) = look.over(&mut self.frame)?;
        self.seen = seen - taken;
        decoded
    }
}

/// Hands on what has not been seen, and takes away no more than it may.
struct Look<'p, P> {
    seen: usize,
    /// Bytes at the start that no later block refers to.
    beyond: usize,
    /// Where the next piece begins.
    at: usize,
    plain: &'p mut P,
}

impl<P: FnMut(&[u8])> Look<'_, P> {
    /// How much has been seen, and how much of it was taken away.
    fn over(mut self, frame: &mut FrameDecoder) -> io::Result<(usize, usize)> {
        let taken = frame.collect_to_writer(&mut self)?;
        Ok((self.seen, taken))
    }
}

impl<P: FnMut(&[u8])> Write for Look<'_, P> {
    /// What is not said to be written stays with the decoder.
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let end = self.at + piece.len();
        if let Some(new) = piece
            .get(self.seen.saturating_sub(self.at)..)
            .filter(|new| !new.is_empty())
        {
            (self.plain)(new);
            self.seen = end;
        }
        let take = self.beyond.saturating_sub(self.at).min(piece.len());
        self.at += take;
        Ok(take)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How far back a frame may refer: its window, or all of it where it is one segment (RFC 8878, 3.1.1.1).
fn window(header: &[u8], content: u64) -> usize {
    let at = |index: usize| header.get(index).copied().unwrap_or_default();
    if at(4) & 0b10_0000 != 0 {
        return usize::try_from(content).unwrap_or(usize::MAX);
    }
    let (exponent, mantissa) = (u32::from(at(5) >> 3), usize::from(at(5) & 7));
    let base = 1_usize.checked_shl(10 + exponent).unwrap_or(usize::MAX / 2);
    base.saturating_add((base / 8).saturating_mul(mantissa))
}

/// The length of the block that begins here, a checksum after the last one included, and whether it is the last.
fn block_length(rest: &[u8], checksum: bool) -> Option<(usize, bool)> {
    let [first, second, third, ..] = rest else {
        return None;
    };
    let header = u32::from_le_bytes([*first, *second, *third, 0]);
    let last = header & 1 == 1;
    // A run is one byte, however often it is repeated.
    let content = if (header >> 1) & 3 == 1 { 1 } else { header >> 3 };
    let checksum = if last && checksum { 4 } else { 0 };
    Some((3 + usize::try_from(content).ok()? + checksum, last))
}
