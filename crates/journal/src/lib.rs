//! Local append-only, group-committed, checksummed log with replay.
//!
//! The journal is the only queue between the code that answers requests and the database. Appending is one
//! buffered `write`, which survives a killed process; one thread syncs whatever queued up meanwhile. Whoever
//! moves records on *tails* the files, so there is no queue in memory that could overflow. Payloads are opaque.
//!
//! ```
//! # use tollgate_journal::{Journal, JournalConfig, JournalError, Lane, Mark};
//! # async fn example(dir: std::path::PathBuf, now: std::time::SystemTime) -> Result<(), JournalError> {
//! let opened = Journal::open(JournalConfig::new(dir), [7; 16]).await?;
//! let journal = opened.journal;
//! let appended = journal.append(Lane(1), b"settled")?;
//! appended.ticket.durable().await?;
//!
//! let mut reader = journal.reader(journal.last_mark().committed);
//! let batch = reader.next_batch(500, 1 << 20).await?;
//! if let Some(last) = batch.last() {
//!     journal.mark(Mark { committed: last.position, low_water: last.position + 1 }, now).await?;
//! }
//! journal.close().await
//! # }
//! ```

mod codec;
mod config;
mod error;
mod files;
mod frame;
mod journal;
mod mark;
mod mark_file;
mod open;
mod progress;
mod reader;
mod record;
mod recovery;
mod reserve;
mod retention;
mod scan;
mod segment;
mod shared;
mod state;
mod stats;
mod sweep;
mod sync;

pub use config::JournalConfig;
pub use error::JournalError;
pub use frame::MAX_PAYLOAD;
pub use journal::{Appended, Journal};
pub use mark::Mark;
pub use open::Opened;
pub use progress::Ticket;
pub use reader::Reader;
pub use record::{Lane, Record};
pub use recovery::Recovered;
pub use stats::Stats;
