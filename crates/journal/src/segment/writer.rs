use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SegmentHeader;
use crate::disk::Disk;
use crate::error::JournalError;
use crate::files;

/// The segment that is being written. Only whole records stay in it.
pub(crate) struct SegmentWriter {
    file: Arc<File>,
    path: PathBuf,
    first: u64,
    length: u64,
    /// A failed write left bytes behind `length` that could not be cut off yet.
    torn: bool,
    disk: Arc<dyn Disk>,
}

impl SegmentWriter {
    /// Begins a new segment. Neither the file nor its directory entry is synced yet.
    pub(crate) fn create(
        dir: &Path,
        header: &SegmentHeader,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, JournalError> {
        let first = header.base + 1;
        let path = super::path(dir, first);
        // A file of this name can only be the rest of an attempt that failed: its first record was never written.
        let opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path);
        let file = opened.map_err(JournalError::io("create", &path))?;
        let bytes = header.encode();
        if let Err(error) = disk.write(&file, &bytes) {
            files::remove_if_present(&path)?;
            return Err(JournalError::io("write", &path)(error));
        }
        Ok(Self::over(file, path, first, bytes.len() as u64, disk))
    }

    /// Continues a segment after `length` bytes.
    pub(crate) fn resume(
        dir: &Path,
        first: u64,
        length: u64,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, JournalError> {
        let path = super::path(dir, first);
        let opened = OpenOptions::new().write(true).open(&path).and_then(|mut file| {
            file.seek(SeekFrom::Start(length))?;
            Ok(file)
        });
        let file = opened.map_err(JournalError::io("open", &path))?;
        Ok(Self::over(file, path, first, length, disk))
    }

    fn over(file: File, path: PathBuf, first: u64, length: u64, disk: Arc<dyn Disk>) -> Self {
        Self {
            file: Arc::new(file),
            path,
            first,
            length,
            torn: false,
            disk,
        }
    }

    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    pub(crate) fn byte_len(&self) -> u64 {
        self.length
    }

    pub(crate) fn disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.disk)
    }

    pub(crate) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Writes all of `bytes`, whole records, or, as far as any reader can tell, none of them.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        self.cut_torn_bytes()?;
        if let Err(error) = self.disk.write(&self.file, bytes) {
            self.torn = true;
            if let Err(error) = self.cut_torn_bytes() {
                tracing::warn!(%error, "a failed journal write will be undone before the next one");
            }
            return Err(JournalError::io("write", &self.path)(error));
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Undoes a failed write; must have succeeded before anything else goes into or after this segment.
    pub(crate) fn cut_torn_bytes(&mut self) -> Result<(), JournalError> {
        if self.torn {
            let mut file = &*self.file;
            file.set_len(self.length)
                .and_then(|()| file.seek(SeekFrom::Start(self.length)))
                .map_err(JournalError::io("truncate", &self.path))?;
            self.torn = false;
        }
        Ok(())
    }
}
