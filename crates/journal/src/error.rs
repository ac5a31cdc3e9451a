use std::io;
use std::path::{Path, PathBuf};

/// Everything that can go wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process (or another handle of this one) has the directory open.
    #[error("the journal in {} is in use by another process", dir.display())]
    Locked {
        /// The journal's directory.
        dir: PathBuf,
    },
    /// Something that had been synced is damaged or missing. Nothing was changed on disk.
    #[error("the journal is damaged at {}, byte {offset}: {problem}", file.display())]
    Corrupt {
        /// The damaged file, or the directory if files are missing.
        file: PathBuf,
        /// Where in the file the damaged part begins, in bytes.
        offset: u64,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The disk budget or the disk itself is exhausted. The record was not written.
    #[error("the journal has no room left")]
    Full,
    /// The payload is larger than [`MAX_PAYLOAD`](crate::MAX_PAYLOAD). The record was not written.
    #[error("a payload of {length} bytes is larger than the {max} a journal record may carry")]
    TooLarge {
        /// Bytes in the payload.
        length: usize,
        /// Most bytes a payload may have.
        max: usize,
    },
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// The disk refused to sync the record: it was written, but may not survive a power failure.
    #[error("the record at position {position} was written but could not be synced")]
    Unsynced {
        /// The record's position.
        position: u64,
    },
    /// A mark that goes backwards or past the end. Nothing was changed.
    #[error("a mark at {committed} with low water {low_water} {problem}")]
    Mark {
        /// `committed` of the refused mark.
        committed: u64,
        /// `low_water` of the refused mark.
        low_water: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A configuration value that cannot work.
    #[error("journal setting {field} {problem}")]
    Config {
        /// Name of the setting.
        field: &'static str,
        /// What is wrong with its value.
        problem: String,
    },
    /// The operating system refused an operation.
    #[error("could not {operation} {}", file.display())]
    Io {
        /// What was tried.
        operation: &'static str,
        /// On which file.
        file: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl JournalError {
    /// Wraps an I/O error with what was being done; a lack of room becomes [`JournalError::Full`].
    pub(crate) fn io(operation: &'static str, file: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            if is_full(&source) {
                Self::Full
            } else {
                Self::Io {
                    operation,
                    file: file.to_owned(),
                    source,
                }
            }
        }
    }

    pub(crate) fn corrupt(file: &Path, offset: u64, problem: &'static str) -> Self {
        Self::Corrupt {
            file: file.to_owned(),
            offset,
            problem,
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
