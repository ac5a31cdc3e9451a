//! A decoding tee: compressed pieces in, plain pieces out, nothing kept.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::ContentCoding;
use super::brotli::Brotli;
use super::zstd::Zstd;

/// Compressed bytes fed at a time. Deflate expands at most about 1000 times, so this bounds what a
/// decompression bomb can make the tee hold to about 1 MiB.
const STEP: usize = 1024;

/// Decodes a body piece by piece.
pub(crate) enum Decoder {
    /// Nothing to decode.
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    /// The first bytes of a `deflate` body, until they tell zlib from raw.
    DeflateStart(Vec<u8>),
    Zlib(Box<ZlibDecoder<Vec<u8>>>),
    Raw(Box<DeflateDecoder<Vec<u8>>>),
    Brotli(Box<Brotli>),
    Zstd(Box<Zstd>),
    /// Damaged or unsupported: nothing more comes out.
    Dead,
}

impl Decoder {
    pub(crate) fn new(coding: ContentCoding) -> Self {
        match coding {
            ContentCoding::Identity => Self::Plain,
            ContentCoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            ContentCoding::Deflate => Self::DeflateStart(Vec::new()),
            ContentCoding::Brotli => Self::Brotli(Box::default()),
            ContentCoding::Zstd => Self::Zstd(Box::default()),
            ContentCoding::Unsupported => Self::Dead,
        }
    }

    /// Decodes what `chunk` completes and hands it to `plain`.
    ///
    /// # Errors
    /// When the body is damaged; from then on nothing is decoded.
    pub(crate) fn push(&mut self, chunk: &[u8], plain: &mut impl FnMut(&[u8])) -> io::Result<()> {
        let outcome = self.decode(chunk, plain);
        if outcome.is_err() {
            *self = Self::Dead;
        }
        outcome
    }

    fn decode(&mut self, chunk: &[u8], plain: &mut impl FnMut(&[u8])) -> io::Result<()> {
        match self {
            Self::Plain => plain(chunk),
            Self::Dead => {}
            Self::Gzip(decoder) => step(decoder.as_mut(), MultiGzDecoder::get_mut, chunk, plain)?,
            Self::Zlib(decoder) => step(decoder.as_mut(), ZlibDecoder::get_mut, chunk, plain)?,
            Self::Raw(decoder) => step(decoder.as_mut(), DeflateDecoder::get_mut, chunk, plain)?,
            Self::Brotli(decoder) => decoder.push(chunk, plain)?,
            Self::Zstd(decoder) => decoder.push(chunk, plain)?,
            Self::DeflateStart(start) => {
                start.extend_from_slice(chunk);
                if let [first, second, ..] = start.as_slice() {
                    let zlib = is_zlib(*first, *second);
                    let start = std::mem::take(start);
                    *self = if zlib {
                        Self::Zlib(Box::new(ZlibDecoder::new(Vec::new())))
                    } else {
                        Self::Raw(Box::new(DeflateDecoder::new(Vec::new())))
                    };
                    return self.decode(&start, plain);
                }
            }
        }
        Ok(())
    }
}

/// A zlib header: method 8, and a multiple of 31 (RFC 1950).
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// Writes in small steps and hands on what each one yields, so that an event is seen when it arrives.
fn step<D: Write>(
    encoded: &mut D,
    output: impl Fn(&mut D) -> &mut Vec<u8>,
    chunk: &[u8],
    plain: &mut impl FnMut(&[u8]),
) -> io::Result<()> {
    for piece in chunk.chunks(STEP) {
        let written = write_up_to_end(encoded, piece).and_then(|()| encoded.flush());
        let decoded = output(encoded);
        plain(decoded);
        decoded.clear();
        written?;
    }
    Ok(())
}

/// Like `write_all`, but bytes after the end of a deflate stream are padding, not a fault.
fn write_up_to_end<D: Write>(decoder: &mut D, mut piece: &[u8]) -> io::Result<()> {
    while !piece.is_empty() {
        match decoder.write(piece)? {
            0 => return Ok(()),
            taken => piece = piece.get(taken..).unwrap_or_default(),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
