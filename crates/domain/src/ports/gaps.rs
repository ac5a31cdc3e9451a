//! What is known of attempts that could not be recorded.

use chrono::TimeDelta;

use crate::{JournalId, Timestamp};

/// Stretches of one journal no further apart than this are shown as one.
const APART: TimeDelta = TimeDelta::minutes(15);
/// Most stretches a summary lists; its total counts all.
const LISTED: usize = 20;

/// How many attempts were served unrecorded, and when the first and the last of them were dispatched. They have no
/// entry: their number is all that is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapStretch {
    /// How many; at least 1.
    pub attempts: u64,
    /// The first.
    pub from: Timestamp,
    /// The last.
    pub until: Timestamp,
}

/// A gap note of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalGap {
    /// The journal.
    pub journal_id: JournalId,
    /// Where in the journal the note is, counted from 1.
    pub position: u64,
    /// What it says.
    pub stretch: GapStretch,
}

/// All gap notes of a journal that the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalGaps {
    /// The journal.
    pub journal_id: JournalId,
    /// Where the last of its notes is. A writer goes through its journal in order, so every earlier one is in here.
    pub last_position: u64,
    /// Their sum.
    pub total: GapStretch,
}

/// What the database holds of unrecorded attempts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredGaps {
    /// Every journal that has some.
    pub journals: Vec<JournalGaps>,
    /// The latest notes of all journals.
    pub latest: Vec<JournalGap>,
}

/// Unrecorded attempts that a running gateway knows of and that may not be in the database yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingGap {
    /// Where in the journal the note about them is; `None` as long as there is none.
    pub position: Option<u64>,
    /// How many, and when.
    pub stretch: GapStretch,
}

/// Everything known of unrecorded attempts, over all journals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GapSummary {
    /// Of all of them; `None` when nothing is unrecorded.
    pub total: Option<GapStretch>,
    /// The latest, newest first, each with the journal that had no room.
    pub stretches: Vec<(JournalId, GapStretch)>,
}

impl GapStretch {
    /// Both, as one stretch from the earlier beginning to the later end.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            attempts: self.attempts.saturating_add(other.attempts),
            from: self.from.min(other.from),
            until: self.until.max(other.until),
        }
    }
}

impl GapSummary {
    /// What the database holds, and of what the gateway with journal `own` knows beyond that. `pending` must have
    /// been asked for after the database: what moved there in between is then in both and counted once.
    pub fn new(stored: &StoredGaps, own: JournalId, pending: &[PendingGap]) -> Self {
        let written = stored.journals.iter().find(|journal| journal.journal_id == own);
        let written = written.map_or(0, |journal| journal.last_position);
        let beyond = pending
            .iter()
            .filter(|gap| gap.position.is_none_or(|position| position > written));
        let beyond: Vec<_> = beyond.map(|gap| (own, gap.stretch)).collect();
        let totals = stored.journals.iter().map(|journal| journal.total);
        let total = totals
            .chain(beyond.iter().map(|(_, stretch)| *stretch))
            .reduce(GapStretch::joined);
        let notes = stored.latest.iter().map(|gap| (gap.journal_id, gap.stretch));
        Self {
            total,
            stretches: joined(notes.chain(beyond).collect()),
        }
    }
}

/// Newest first, neighbours as one.
fn joined(mut notes: Vec<(JournalId, GapStretch)>) -> Vec<(JournalId, GapStretch)> {
    notes.sort_by_key(|(journal, stretch)| (*journal, stretch.from));
    let mut stretches: Vec<(JournalId, GapStretch)> = Vec::new();
    for (journal, stretch) in notes {
        match stretches.last_mut() {
            Some((last_journal, last)) if *last_journal == journal && stretch.from - last.until <= APART => {
                *last = last.joined(stretch);
            }
            _ => stretches.push((journal, stretch)),
        }
    }
    stretches.sort_by_key(|(journal, stretch)| (std::cmp::Reverse(stretch.until), *journal));
    stretches.truncate(LISTED);
    stretches
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn journal(n: u128) -> JournalId {
        JournalId::new(Uuid::from_u128(n))
    }

    fn stretch(attempts: u64, from: &str, until: &str) -> GapStretch {
        let at = |time: &str| format!("2026-11-05T{time}Z").parse().unwrap();
        GapStretch {
            attempts,
            from: at(from),
            until: at(until),
        }
    }

    fn note(n: u128, position: u64, stretch: GapStretch) -> JournalGap {
        JournalGap {
            journal_id: journal(n),
            position,
            stretch,
        }
    }

    #[test]
    fn what_is_in_the_database_already_is_not_counted_again() {
        let first = stretch(4, "10:00:00", "10:00:09");
        let other = stretch(100, "09:00:00", "09:30:00");
        let stored = StoredGaps {
            journals: vec![
                JournalGaps {
                    journal_id: journal(1),
                    last_position: 7,
                    total: first,
                },
                JournalGaps {
                    journal_id: journal(2),
                    last_position: 90,
                    total: other,
                },
            ],
            latest: vec![note(1, 7, first), note(2, 90, other)],
        };
        let later = stretch(2, "10:00:10", "10:00:12");
        let pending = [
            PendingGap {
                position: Some(7),
                stretch: first,
            },
            PendingGap {
                position: Some(8),
                stretch: later,
            },
            PendingGap {
                position: None,
                stretch: stretch(1, "12:00:00", "12:00:00"),
            },
        ];
        let summary = GapSummary::new(&stored, journal(1), &pending);
        assert_eq!(summary.total, Some(stretch(107, "09:00:00", "12:00:00")));
        assert_eq!(
            summary.stretches,
            [
                (journal(1), stretch(1, "12:00:00", "12:00:00")),
                (journal(1), stretch(6, "10:00:00", "10:00:12")),
                (journal(2), other),
            ]
        );
    }

    #[test]
    fn nothing_unrecorded_is_no_stretch() {
        let summary = GapSummary::new(&StoredGaps::default(), journal(1), &[]);
        assert_eq!(summary, GapSummary::default());
    }
}
