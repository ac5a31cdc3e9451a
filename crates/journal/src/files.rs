//! The few file operations whose order decides what survives a power failure.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::error::JournalError;

/// Makes creations, renames and removals in `dir` durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), JournalError> {
    // Other systems cannot open a directory as a file and order these operations themselves.
    if cfg!(unix) {
        File::open(dir)
            .and_then(|handle| handle.sync_all())
            .map_err(JournalError::io("sync", dir))?;
    }
    Ok(())
}

/// Replaces `dir/name` as a whole: a reader, also after a crash, sees the old bytes or the new ones.
pub(crate) fn replace(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
    let target = dir.join(name);
    let temporary = dir.join(format!("{name}.tmp"));
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(source) = written {
        remove_if_present(&temporary)?;
        return Err(JournalError::io("write", &temporary)(source));
    }
    fs::rename(&temporary, &target).map_err(JournalError::io("replace", &target))?;
    sync_dir(dir)
}

pub(crate) fn remove_if_present(path: &Path) -> Result<(), JournalError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(JournalError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// The file's bytes, or `None` if there is no such file.
pub(crate) fn read_if_present(path: &Path) -> Result<Option<Vec<u8>>, JournalError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(JournalError::io("read", path)(error)),
    }
}
