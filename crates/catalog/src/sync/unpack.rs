//! Bytes as they arrive, unpacked and counted: a small answer that unpacks into a huge one ends at the limit.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// What arrives, unpacked.
pub(super) enum Unpacking {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

/// Why no more is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnpackError {
    /// The limit is reached.
    TooLarge,
    /// It is not gzip, or ends early.
    Damaged,
}

/// Grows to a limit.
pub(super) struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Unpacking {
    pub(super) fn new(gzip: bool, limit: usize) -> Self {
        let bounded = Bounded {
            bytes: Vec::new(),
            limit,
            full: false,
        };
        if gzip {
            Self::Gzip(Box::new(MultiGzDecoder::new(bounded)))
        } else {
            Self::Plain(bounded)
        }
    }

    /// Takes what has arrived.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), UnpackError> {
        let written = match self {
            Self::Plain(bounded) => bounded.write_all(bytes),
            Self::Gzip(decoder) => decoder.write_all(bytes),
        };
        written.map_err(|_| self.fault())
    }

    /// Everything, when no more comes.
    pub(super) fn finish(self) -> Result<Vec<u8>, UnpackError> {
        match self {
            Self::Plain(bounded) => Ok(bounded.bytes),
            Self::Gzip(mut decoder) => {
                let done = decoder.try_finish();
                let full = decoder.get_ref().full;
                match (done, full) {
                    (_, true) => Err(UnpackError::TooLarge),
                    (Err(_), false) => Err(UnpackError::Damaged),
                    (Ok(()), false) => decoder
                        .finish()
                        .map(|bounded| bounded.bytes)
                        .map_err(|_| UnpackError::Damaged),
                }
            }
        }
    }

    fn fault(&self) -> UnpackError {
        let bounded = match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(decoder) => decoder.get_ref(),
        };
        if bounded.full {
            UnpackError::TooLarge
        } else {
            UnpackError::Damaged
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit {
            self.full = true;
            return Err(io::Error::other("the limit is reached"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, UnpackError> {
        let mut unpacking = Unpacking::new(true, limit);
        for piece in bytes.chunks(7) {
            unpacking.push(piece)?;
        }
        unpacking.finish()
    }

    #[test]
    fn gzip_in_pieces_is_unpacked() {
        assert_eq!(unpack(&packed(b"{\"a\": 1}"), 100).unwrap(), b"{\"a\": 1}");
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let bomb = packed(&vec![b' '; 50_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(unpack(&bomb, 1_000_000), Err(UnpackError::TooLarge));
    }

    #[test]
    fn what_is_no_gzip_or_ends_early_is_damaged() {
        assert_eq!(
            unpack(b"<!DOCTYPE html><html></html>", 100),
            Err(UnpackError::Damaged)
        );
        let whole = packed(&(0..=255).cycle().take(10_000).collect::<Vec<u8>>());
        assert_eq!(
            unpack(&whole[..whole.len() / 2], 100_000),
            Err(UnpackError::Damaged)
        );
    }

    #[test]
    fn plain_bytes_are_counted_too() {
        let mut unpacking = Unpacking::new(false, 10);
        unpacking.push(b"12345678").unwrap();
        assert_eq!(unpacking.push(b"90x"), Err(UnpackError::TooLarge));
    }
}
