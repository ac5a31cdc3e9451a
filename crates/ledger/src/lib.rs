//! From an attempt to a durable ledger entry: settle, journal, write behind, replay.
//!
//! ```text
//! Recorder::open ──► journal `opened` ──► (dispatch) ──► OpenAttempt::settle ──► journal entry ──► Writer ──► LedgerStore
//!                                                                                     ▲
//!                                            recover: `opened` without an end ────────┘ as `interrupted`
//! ```
//!
//! What is used later than it is asked for is handed over to the database with `OpenAttempt::defer`; whoever sees its end
//! settles it with `Recorder::settle_deferred`, and the entry goes the same way.
//!
//! Everything goes through the journal; the writer tails it, so there is no queue in memory that could
//! overflow or be lost. Design: `docs/adr/0005-journal-and-settlement.md`.

mod asked;
mod attempt;
mod books;
mod deferred;
mod entry_watch;
mod error;
mod gap;
mod hosted;
mod note;
mod observer;
mod open_set;
mod opening;
mod recorder;
mod recovery;
mod rerate;
mod retention;
mod sanitize;
mod served;
mod settlement;
mod verdict;
mod writer;

pub use attempt::{AttemptEnd, OpenAttempt, Settled};
pub use deferred::{Deferred, DeferredEnd, DeferredObject};
pub use entry_watch::{EntryWatch, Watched};
pub use error::{LedgerError, OpenError};
pub use note::{ENTRIES, LOGS, NOTES, Note};
pub use observer::Observer;
pub use recorder::{Durability, Recorder, RecorderConfig, RecorderStats, WhenFull};
pub use recovery::{Recovery, recover};
pub use rerate::{Rerated, explain_entry, rerate};
pub use retention::prune_request_logs;
pub use settlement::settle;
pub use verdict::lacks_usage;
pub use writer::{Writer, WriterConfig, WriterState};
