//! What the journal's two lanes hold.

use serde::{Deserialize, Serialize};
use tollgate_domain::{AttemptContext, EventId, RequestLog, Timestamp};
use tollgate_journal::Lane;

/// Everything that is not a ledger entry.
pub const NOTES: Lane = Lane(0);

/// Ledger entries; the lane's sequence is the ledger's gap-free `journal_seq`.
pub const ENTRIES: Lane = Lane(1);

/// A record of the notes lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// An attempt is about to be dispatched.
    Opened(AttemptContext),
    /// An opened attempt was never sent: nothing was written on an open connection.
    NotSent {
        /// The attempt.
        event_id: EventId,
    },
    /// A request has ended.
    Logged(RequestLog),
    /// Attempts were served that the journal had no room for.
    Gap {
        /// How many since the last gap note.
        attempts: u64,
        /// The first.
        from: Timestamp,
        /// The last.
        until: Timestamp,
    },
}
