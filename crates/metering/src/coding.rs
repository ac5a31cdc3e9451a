//! Content codings.

mod brotli;
mod decoder;
mod zstd;

pub(crate) use decoder::Decoder;

/// How an answer's body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ContentCoding {
    /// Not at all.
    #[default]
    Identity,
    /// gzip.
    Gzip,
    /// zlib, or the raw deflate some servers send under the same name.
    Deflate,
    /// Brotli.
    Brotli,
    /// Zstandard.
    Zstd,
    /// Anything else: the answer passes, its usage stays unread and the reading is flagged.
    Unsupported,
}

impl ContentCoding {
    /// From the answer's `content-encoding`.
    pub fn from_header(value: Option<&str>) -> Self {
        match value.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Self::Identity,
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            _ => Self::Unsupported,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_read_without_case_and_chains_are_unsupported() {
        assert_eq!(ContentCoding::from_header(None), ContentCoding::Identity);
        assert_eq!(ContentCoding::from_header(Some("GZIP")), ContentCoding::Gzip);
        assert_eq!(
            ContentCoding::from_header(Some(" deflate ")),
            ContentCoding::Deflate
        );
        assert_eq!(ContentCoding::from_header(Some("br")), ContentCoding::Brotli);
        assert_eq!(ContentCoding::from_header(Some("Zstd")), ContentCoding::Zstd);
        assert_eq!(
            ContentCoding::from_header(Some("compress")),
            ContentCoding::Unsupported
        );
        assert_eq!(
            ContentCoding::from_header(Some("gzip, gzip")),
            ContentCoding::Unsupported
        );
    }
}
