//! What can go wrong around the ledger.

use tollgate_domain::ports::StoreError;
use tollgate_journal::JournalError;

/// Why an attempt may not be dispatched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The journal's disk budget is exhausted and the policy is to refuse rather than to serve unrecorded.
    #[error("the journal's disk budget is exhausted")]
    JournalFull,
    /// The journal cannot be written.
    #[error("the journal cannot be written")]
    Journal(#[source] JournalError),
}

/// Why replay or the writer stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The journal cannot be read or written.
    #[error("the journal failed while {operation}")]
    Journal {
        /// What was being done.
        operation: &'static str,
        /// The journal's error.
        #[source]
        source: JournalError,
    },
    /// A journal record is not what its lane promises.
    #[error("journal record {position} is not readable")]
    Record {
        /// Its position.
        position: u64,
        /// The parser's error.
        #[source]
        source: serde_json::Error,
    },
    /// The database refused an entry for good.
    #[error("the database refused ledger entries")]
    Store(#[from] StoreError),
}
