//! Zstandard, decoded block by block.

use std::io;

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

/// A sequence of frames. The library holds back as much as later blocks may refer to, so what it decodes comes out late:
/// at the latest when the frame or the body ends.
pub(crate) struct Zstd {
    frame: FrameDecoder,
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

    /// Hands on what is still held back.
    pub(super) fn finish(&mut self, plain: &mut impl FnMut(&[u8])) {
        let Place::Frame { checksum } = self.place else {
            return;
        };
        let mut end = LAST_BLOCK.to_vec();
        end.resize(if checksum { 7 } else { 3 }, 0);
        if self.block(&end, plain).is_ok() {
            self.place = Place::Between;
        }
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
                    let outcome = self.block(block, plain);
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

    fn block(&mut self, block: &[u8], plain: &mut impl FnMut(&[u8])) -> io::Result<()> {
        let decoded = self
            .frame
            .decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1));
        if let Some(decoded) = self.frame.collect() {
            plain(&decoded);
        }
        decoded
            .map(|_| ())
            .map_err(|error| io::Error::other(error.to_string()))
    }
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
