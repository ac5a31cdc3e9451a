//! Brotli, decoded as it comes.

use std::io;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

/// Decoded bytes handed on at a time, whatever the rate of compression.
const OUTPUT: usize = 32 * 1024;
/// `Content-Encoding: br` has windows of at most 16 MiB (RFC 7932).
const LARGE_WINDOW: bool = false;

type State = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// One brotli stream.
pub(crate) struct Brotli {
    state: State,
    output: Vec<u8>,
    ended: bool,
}

impl Default for Brotli {
    fn default() -> Self {
        let alloc = StandardAlloc::default;
        let mut state = State::new(alloc(), alloc(), alloc());
        state.large_window = LARGE_WINDOW;
        Self {
            state,
            output: vec![0; OUTPUT],
            ended: false,
        }
    }
}

impl Brotli {
    /// Decodes what `chunk` completes.
    ///
    /// # Errors
    /// When the stream is damaged.
    pub(super) fn push(&mut self, chunk: &[u8], plain: &mut impl FnMut(&[u8])) -> io::Result<()> {
        let (mut left, mut at) = (chunk.len(), 0);
        while !self.ended {
            let (mut room, mut filled, mut total) = (self.output.len(), 0, 0);
            let result = BrotliDecompressStream(
                &mut left,
                &mut at,
                chunk,
                &mut room,
                &mut filled,
                &mut self.output,
                &mut total,
                &mut self.state,
            );
            plain(self.output.get(..filled).unwrap_or_default());
            match result {
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "damaged brotli stream",
                    ));
                }
            }
        }
        Ok(())
    }
}
