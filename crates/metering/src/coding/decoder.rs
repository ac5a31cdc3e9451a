//! A decoding tee: compressed pieces in, plain pieces out, nothing kept.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::ContentCoding;

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
    /// Damaged or unsupported: nothing more comes out.
    Dead,
}

impl Decoder {
    pub(crate) fn new(coding: ContentCoding) -> Self {
        match coding {
            ContentCoding::Identity => Self::Plain,
            ContentCoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            ContentCoding::Deflate => Self::DeflateStart(Vec::new()),
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
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn decoded(coding: ContentCoding, body: &[u8], step: usize) -> (Vec<u8>, bool) {
        let mut decoder = Decoder::new(coding);
        let (mut out, mut fine) = (Vec::new(), true);
        for piece in body.chunks(step) {
            fine &= decoder
                .push(piece, &mut |plain| out.extend_from_slice(plain))
                .is_ok();
        }
        (out, fine)
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_coding_comes_out_whole_in_any_pieces() {
        let plain = "a proven bill, ".repeat(500).into_bytes();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&plain).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&plain).unwrap();
        let bodies = [
            (ContentCoding::Identity, plain.clone()),
            (ContentCoding::Gzip, gzip(&plain)),
            (ContentCoding::Deflate, zlib.finish().unwrap()),
            (ContentCoding::Deflate, raw.finish().unwrap()),
        ];
        for (coding, body) in bodies {
            for step in [1, 7, 100_000] {
                assert_eq!(
                    decoded(coding, &body, step),
                    (plain.clone(), true),
                    "{coding:?} by {step}"
                );
            }
        }
    }

    #[test]
    fn a_flushed_piece_comes_out_before_the_stream_ends() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"data: [DONE]\n\n").unwrap();
        encoder.flush().unwrap();
        assert_eq!(
            decoded(ContentCoding::Gzip, encoder.get_ref(), 64).0,
            b"data: [DONE]\n\n"
        );
    }

    #[test]
    fn damage_is_told_and_what_came_before_is_kept() {
        let mut body = gzip(b"first member");
        body.extend_from_slice(b"\x1f\x8bnonsense that is no member");
        let (out, fine) = decoded(ContentCoding::Gzip, &body, 9);
        assert_eq!(out, b"first member");
        assert!(!fine);
    }

    #[test]
    fn a_bomb_is_held_in_small_pieces() {
        let body = gzip(&vec![b' '; 32 << 20]);
        let mut decoder = Decoder::new(ContentCoding::Gzip);
        let (mut total, mut largest) = (0, 0);
        decoder
            .push(&body, &mut |plain| {
                total += plain.len();
                largest = largest.max(plain.len());
            })
            .unwrap();
        assert_eq!(total, 32 << 20);
        assert!(largest <= 2 << 20, "{largest}");
    }
}
