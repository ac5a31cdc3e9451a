//! A segment file: a header that says what came before it, then records.

mod header;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use header::SegmentHeader;
pub(crate) use writer::SegmentWriter;

use crate::error::JournalError;

const SUFFIX: &str = ".segment";

/// The file of the segment whose first record has position `first`; the names sort in order.
pub(crate) fn path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("{first:020}{SUFFIX}"))
}

/// First position and size in bytes of every segment in `dir`, in order.
pub(crate) fn list(dir: &Path) -> Result<Vec<(u64, u64)>, JournalError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(JournalError::io("list", dir))? {
        let entry = entry.map_err(JournalError::io("list", dir))?;
        let name = entry.file_name();
        let first = name
            .to_str()
            .and_then(|name| name.strip_suffix(SUFFIX))
            .and_then(|stem| stem.parse().ok());
        if let Some(first) = first {
            let metadata = entry
                .metadata()
                .map_err(JournalError::io("inspect", &entry.path()))?;
            found.push((first, metadata.len()));
        }
    }
    found.sort_unstable();
    Ok(found)
}
