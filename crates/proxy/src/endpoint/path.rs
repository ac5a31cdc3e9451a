//! Pieces of paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where the same paths are found once more.
const PREFIX: &str = "/api/proxy";

/// Model names may hold slashes and colons; everything else outside the unreserved characters is escaped.
const MODEL_ESCAPES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// The path as at a provider, without the gateway's own prefix.
pub(crate) fn natural(path: &str) -> &str {
    match path.strip_prefix(PREFIX) {
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

/// A model's name as it stands in a path.
pub(crate) fn escaped(model: &str) -> impl std::fmt::Display {
    utf8_percent_encode(model, MODEL_ESCAPES)
}

/// The decoded name; dot segments could leave the models' part of an upstream's path.
pub(super) fn decoded(name: &str) -> Option<String> {
    let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
    (!climbs(&name)).then_some(name)
}

/// Whether a decoded path has segments that lead elsewhere.
pub(super) fn climbs(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|segment| matches!(segment, "" | "." | ".."))
}
