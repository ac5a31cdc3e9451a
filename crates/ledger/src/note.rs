//! What the journal's lanes hold.

use serde::{Deserialize, Serialize};
use tollgate_domain::ports::GapStretch;
use tollgate_domain::{AttemptContext, DeferredOperation, EventId, Timestamp};
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
    Opened(Box<AttemptContext>),
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
    /// An opened attempt was answered with an object that tells its usage later: from here on the database keeps it.
    Deferred(DeferredOperation),
}

/// [`Note::Opened`] of a context that stays where it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenedNote<'a> {
    Opened(&'a AttemptContext),
}

/// [`Note::Deferred`] of an operation that stays where it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeferredNote<'a> {
    Deferred(&'a DeferredOperation),
}

/// How the note of a deferred operation begins.
const DEFERRED_PREFIX: &[u8] = br#"{"deferred":"#;

/// How a gap note begins: the writer must find them among the others without parsing those, which are many.
const GAP_PREFIX: &[u8] = br#"{"gap":"#;

impl Note {
    /// The note about unrecorded attempts.
    pub(crate) fn of_gap(stretch: GapStretch) -> Self {
        Self::Gap {
            attempts: stretch.attempts,
            from: stretch.from,
            until: stretch.until,
        }
    }

    /// What a payload of the notes lane says about unrecorded attempts, if it does.
    pub(crate) fn gap_in(payload: &[u8]) -> Result<Option<GapStretch>, serde_json::Error> {
        if !payload.starts_with(GAP_PREFIX) {
            return Ok(None);
        }
        Ok(match serde_json::from_slice(payload)? {
            Self::Gap {
                attempts,
                from,
                until,
            } => Some(GapStretch {
                attempts,
                from,
                until,
            }),
            Self::Opened(_) | Self::NotSent { .. } | Self::Deferred(_) => None,
        })
    }

    /// The deferred operation that a payload of the notes lane hands over, if it does.
    pub(crate) fn deferred_in(payload: &[u8]) -> Result<Option<DeferredOperation>, serde_json::Error> {
        if !payload.starts_with(DEFERRED_PREFIX) {
            return Ok(None);
        }
        Ok(match serde_json::from_slice(payload)? {
            Self::Deferred(operation) => Some(operation),
            Self::Opened(_) | Self::NotSent { .. } | Self::Gap { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_note_is_found_among_the_others() {
        let at = "2026-11-05T10:00:00Z".parse().unwrap();
        let stretch = GapStretch {
            attempts: 3,
            from: at,
            until: at,
        };
        let payload = serde_json::to_vec(&Note::of_gap(stretch)).unwrap();
        assert_eq!(Note::gap_in(&payload).unwrap(), Some(stretch));
        let other = Note::NotSent {
            event_id: EventId::new(uuid::Uuid::nil()),
        };
        assert_eq!(Note::gap_in(&serde_json::to_vec(&other).unwrap()).unwrap(), None);
    }
}
