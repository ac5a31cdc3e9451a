//! A file of real bytes that is given up when the disk is full, so that the fact itself can still be recorded.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::JournalError;
use crate::files;

const BLOCK: [u8; 4096] = [0; 4096];

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("reserve")
}

/// Allocates the reserve unless it is there already.
pub(crate) fn hold(dir: &Path, bytes: u64) -> Result<(), JournalError> {
    let path = path(dir);
    if fs::metadata(&path).is_ok_and(|metadata| metadata.len() == bytes) {
        return Ok(());
    }
    if let Err(error) = fill(&path, bytes) {
        files::remove_if_present(&path)?;
        return Err(JournalError::io("allocate", &path)(error));
    }
    Ok(())
}

pub(crate) fn release(dir: &Path) -> Result<(), JournalError> {
    files::remove_if_present(&path(dir))
}

/// Written, not `set_len`: a sparse file holds no room.
fn fill(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut left = bytes;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(BLOCK.len());
        file.write_all(BLOCK.get(..count).unwrap_or(&BLOCK))?;
        left -= count as u64;
    }
    file.sync_all()
}
