//! Local append-only, group-committed, checksummed log with replay.
//!
//! The journal is the queue between the code that answers requests and the database. A record is handed over; one
//! thread writes whatever queued up meanwhile with one buffered `write`, which survives a killed process, and tells
//! who waits; another one syncs. So a disk that stalls holds up those threads and nobody else. Whoever moves records
//! on *tails* the files. Payloads are opaque.
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

mod appender;
mod codec;
mod config;
mod disk;
mod error;
mod files;
mod frame;
mod journal;
mod mark;
mod mark_file;
mod open;
mod progress;
mod queue;
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
pub use disk::{Disk, SystemDisk};
pub use error::JournalError;
pub use frame::MAX_PAYLOAD;
pub use journal::{Appended, Journal};
pub use mark::Mark;
pub use open::Opened;
pub use progress::Ticket;
pub use queue::Room;
pub use reader::Reader;
pub use record::{Lane, Record};
pub use recovery::Recovered;
pub use stats::Stats;
