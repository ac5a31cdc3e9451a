//! What the journal's lanes hold.

use serde::{Deserialize, Serialize};
use tollgate_domain::{AttemptContext, EventId, Timestamp};
use tollgate_journal::Lane;

/// What replay needs to know of attempts.
pub const NOTES: Lane = Lane(0);

/// Ledger entries; the lane's sequence is the ledger's gap-free `journal_seq`.
pub const ENTRIES: Lane = Lane(1);

/// Finished requests, each a `RequestLog`; apart from the notes, so that the writer need not read those.
pub const LOGS: Lane = Lane(2);

/// A record of the notes lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// An attempt is about to be dispatched.
    Opened(AttemptContext),
    /// An opened attempt was never sent: nothing was written on an open connection.
    NotSent {
        /// The attempt.
        event_id: EventId,
    },
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
