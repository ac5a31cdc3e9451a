//! Compressed request bodies. The upstream gets them plain: what is billed is what can be read.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::error::ProxyError;

/// How a request's body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestCoding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// What the headers say.
///
/// # Errors
/// [`ProxyError::BodyEncoded`] for a coding that is not known, or several on top of each other.
pub(super) fn coding(headers: &HeaderMap) -> Result<RequestCoding, ProxyError> {
    let mut values = headers.get_all(CONTENT_ENCODING).iter();
    let named = values
        .next()
        .map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .trim()
                .to_ascii_lowercase()
        })
        .unwrap_or_default();
    let known = match named.as_str() {
        "" | "identity" => Some(RequestCoding::Identity),
        "gzip" | "x-gzip" => Some(RequestCoding::Gzip),
        "deflate" => Some(RequestCoding::Deflate),
        "br" => Some(RequestCoding::Brotli),
        "zstd" => Some(RequestCoding::Zstd),
        _ => None,
    };
    match known {
        Some(coding) if values.next().is_none() => Ok(coding),
        _ => Err(ProxyError::BodyEncoded {
            coding: named.chars().take(32).collect(),
        }),
    }
}

/// The plain body, of at most `limit` bytes: never more than that, and a small buffer, is held, whatever a body
/// claims to expand to.
///
/// # Errors
/// [`ProxyError::BodyTooLarge`], or [`ProxyError::BodyUndecodable`] for a damaged one.
pub(super) fn decoded(coding: RequestCoding, body: Bytes, limit: usize) -> Result<Bytes, ProxyError> {
    let read = |reader: &mut dyn Read| read_up_to(reader, limit);
    let mut bytes: &[u8] = &body;
    let plain = match coding {
        RequestCoding::Identity => return Ok(body),
        RequestCoding::Gzip => read(&mut MultiGzDecoder::new(bytes)),
        RequestCoding::Deflate if is_zlib(&body) => read(&mut ZlibDecoder::new(bytes)),
        RequestCoding::Deflate => read(&mut DeflateDecoder::new(bytes)),
        RequestCoding::Brotli => read(&mut brotli_decompressor::Decompressor::new(bytes, BUFFER)),
        RequestCoding::Zstd => zstd(&mut bytes, limit),
    };
    match plain {
        Ok(Some(plain)) => Ok(plain.into()),
        Ok(None) => Err(ProxyError::BodyTooLarge { limit }),
        Err(_) => Err(ProxyError::BodyUndecodable {
            coding: coding.name(),
        }),
    }
}

const BUFFER: usize = 16 << 10;

/// `None` when there is more than the limit.
fn read_up_to(reader: &mut dyn Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut plain = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut plain)?;
    Ok((plain.len() <= limit).then_some(plain))
}

fn zstd(bytes: &mut &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(bytes).map_err(io::Error::other)?;
    read_up_to(&mut decoder, limit)
}

/// A zlib header: method 8, and a multiple of 31 (RFC 1950). Some clients send raw deflate under the same name.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

impl RequestCoding {
    const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(plain: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn every_coding_comes_out_whole() {
        let plain = b"{\"model\":\"gpt-4o\"}";
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(plain).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(plain).unwrap();
        // Stored blocks: the headers are those of the formats, the contents plain.
        let brotli = stored_brotli(plain);
        let zstd = [
            b"\x28\xb5\x2f\xfd\x00\x58".as_slice(),
            &u32::try_from(plain.len() << 3 | 1).unwrap().to_le_bytes()[..3],
            plain,
        ]
        .concat();
        for (coding, body) in [
            (RequestCoding::Identity, Bytes::from_static(plain)),
            (RequestCoding::Gzip, gzip(plain)),
            (RequestCoding::Deflate, zlib.finish().unwrap().into()),
            (RequestCoding::Deflate, raw.finish().unwrap().into()),
            (RequestCoding::Brotli, brotli.into()),
            (RequestCoding::Zstd, zstd.into()),
        ] {
            let out = decoded(coding, body, plain.len()).unwrap();
            assert_eq!(&*out, plain, "{coding:?}");
        }
    }

    fn stored_brotli(plain: &[u8]) -> Vec<u8> {
        let header = (u32::try_from(plain.len() - 1).unwrap() << 3 | 1 << 19) << 1;
        [&header.to_le_bytes()[..3], plain, &[3]].concat()
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let bomb = gzip(&vec![b' '; 32 << 20]);
        assert!(bomb.len() < 64 << 10);
        let refused = decoded(RequestCoding::Gzip, bomb, 1 << 20).unwrap_err();
        assert!(matches!(refused, ProxyError::BodyTooLarge { limit } if limit == 1 << 20));
    }

    #[test]
    fn damage_and_unknown_codings_are_refused_by_name() {
        for coding in [
            RequestCoding::Gzip,
            RequestCoding::Deflate,
            RequestCoding::Brotli,
            RequestCoding::Zstd,
        ] {
            let refused = decoded(coding, Bytes::from_static(b"\xff\xfe{}"), 100).unwrap_err();
            assert!(refused.to_string().contains(coding.name()), "{refused}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, "gzip, br".parse().unwrap());
        assert!(coding(&headers).unwrap_err().to_string().contains("gzip, br"));
        headers.insert(CONTENT_ENCODING, "GZIP".parse().unwrap());
        assert_eq!(coding(&headers).unwrap(), RequestCoding::Gzip);
        headers.append(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(coding(&headers).unwrap_err().label(), "body_encoded");
    }
}
