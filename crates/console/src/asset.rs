//! The built files.

const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A built file. Its name holds a hash of its content, unless it lies at the root: it may be kept for ever.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Below the root, without a leading slash.
    pub path: &'static str,
    /// The media type.
    pub content_type: &'static str,
    /// The content as it is.
    pub identity: &'static [u8],
    /// The content compressed with gzip, where that is shorter.
    pub gzip: Option<&'static [u8]>,
    /// The content compressed with brotli, where that is shorter.
    pub brotli: Option<&'static [u8]>,
}

/// How an asset's bytes are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// brotli.
    Brotli,
}

/// The built file of a path below the root; the document itself is not among them.
pub fn asset(path: &str) -> Option<&'static Asset> {
    let found = ASSETS.iter().find(|asset| asset.path == path)?;
    (found.path != INDEX).then_some(found)
}

/// Whether the console is in this binary.
pub fn is_built() -> bool {
    index().is_some()
}

const INDEX: &str = "index.html";

/// The document, with a mark where the nonce goes.
pub(crate) fn index() -> Option<&'static str> {
    let index = ASSETS.iter().find(|asset| asset.path == INDEX)?;
    std::str::from_utf8(index.identity).ok()
}

// === impl Asset ===

impl Asset {
    /// The shortest form that an `Accept-Encoding` header allows.
    ///
    /// ```
    /// # use tollgate_console::{Asset, Encoding};
    /// let asset = Asset { path: "a.js", content_type: "text/javascript", identity: b"1;1;1", gzip: Some(b"g"), brotli: None };
    /// assert_eq!(asset.for_client(Some("br, gzip")), (Encoding::Gzip, &b"g"[..]));
    /// assert_eq!(asset.for_client(Some("gzip;q=0")), (Encoding::Identity, &b"1;1;1"[..]));
    /// ```
    pub fn for_client(&self, accepted: Option<&str>) -> (Encoding, &'static [u8]) {
        let accepted = accepted.unwrap_or_default();
        let accepts = |name: &str| accepted.split(',').any(|part| allows(part, name));
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts("br") => (Encoding::Brotli, bytes),
            (_, Some(bytes)) if accepts("gzip") => (Encoding::Gzip, bytes),
            _ => (Encoding::Identity, self.identity),
        }
    }

    /// Whether its name changes with its content.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }
}

// === impl Encoding ===

impl Encoding {
    /// The value of `Content-Encoding`; none for the content as it is.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// Whether one part of the header names the encoding with a weight above zero.
fn allows(part: &str, name: &str) -> bool {
    let mut words = part.split(';').map(str::trim);
    let named = words.next().is_some_and(|word| word.eq_ignore_ascii_case(name));
    let refused = words
        .filter_map(|word| word.strip_prefix("q="))
        .any(|weight| weight.trim_matches(['0', '.']).is_empty());
    named && !refused
}
