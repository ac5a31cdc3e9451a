//! Bodies compressed although nobody asked.

use std::io;

use flate2::Compression as Level;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::script::Compression;
use super::stored;

impl Compression {
    /// The value of `content-encoding`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Br => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// Compresses pieces into one body, flushed after each piece, so that a reader sees every event as it is
/// sent. Writing to memory cannot fail; if it did, the body would end there and no test would pass.
pub(super) fn pieces(pieces: Vec<Vec<u8>>, compression: Option<Compression>) -> Vec<Vec<u8>> {
    let memory = Vec::new();
    match compression {
        None => pieces,
        Some(Compression::Br) => stored::brotli(&pieces),
        Some(Compression::Zstd) => stored::zstd(&pieces),
        Some(Compression::Gzip) => {
            let encoder = GzEncoder::new(memory, Level::fast());
            encode(&pieces, encoder, GzEncoder::get_mut, GzEncoder::finish)
        }
        Some(Compression::Deflate) => {
            let encoder = ZlibEncoder::new(memory, Level::fast());
            encode(&pieces, encoder, ZlibEncoder::get_mut, ZlibEncoder::finish)
        }
    }
}

fn encode<E: io::Write>(
    pieces: &[Vec<u8>],
    mut encoder: E,
    written: impl Fn(&mut E) -> &mut Vec<u8>,
    finish: impl FnOnce(E) -> io::Result<Vec<u8>>,
) -> Vec<Vec<u8>> {
    let mut out = Vec::with_capacity(pieces.len() + 1);
    for piece in pieces {
        if encoder.write_all(piece).and_then(|()| encoder.flush()).is_err() {
            return out;
        }
        out.push(std::mem::take(written(&mut encoder)));
    }
    out.extend(finish(encoder));
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    fn each_piece_can_be_read_before_the_next_is_sent() {
        let bodies = pieces(vec![b"one ".to_vec(), b"two".to_vec()], Some(Compression::Gzip));
        assert_eq!(bodies.len(), 3);
        let mut decoder = flate2::write::GzDecoder::new(Vec::new());
        decoder.write_all(&bodies[0]).unwrap();
        decoder.flush().unwrap();
        assert_eq!(decoder.get_ref(), b"one ");
    }

    #[test]
    fn deflate_is_zlib() {
        let body = pieces(vec![b"text".to_vec()], Some(Compression::Deflate)).concat();
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(body.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "text");
    }
}
