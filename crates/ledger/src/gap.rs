//! Attempts served while the journal had no room, under the `serve` policy.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{GapStretch, PendingGap};

/// While attempts go unrecorded, how long their count may be in memory alone.
const NOTE_EVERY: TimeDelta = TimeDelta::seconds(10);
/// How many notes are remembered after they are in the database: whoever has just read the database and now asks
/// here must still find what was written in between.
const REMEMBERED: usize = 256;

/// What is not in the journal yet, and what of the journal may not be in the database yet.
#[derive(Debug, Default)]
pub(crate) struct Gap {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Since start.
    total: u64,
    unnoted: Option<GapStretch>,
    /// On its way into the journal.
    noting: Option<GapStretch>,
    /// By journal position.
    notes: BTreeMap<u64, GapStretch>,
    noted_at: Option<Timestamp>,
}

impl Gap {
    /// Counts an attempt.
    pub(crate) fn count(&self, at: Timestamp) {
        self.with(|state| {
            state.total += 1;
            let one = GapStretch {
                attempts: 1,
                from: at,
                until: at,
            };
            state.unnoted = Some(state.unnoted.map_or(one, |stretch| stretch.joined(one)));
        });
    }

    /// Whether it is time for a note.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.with(|state| {
            let unnoted = state.unnoted.is_some() && state.noting.is_none();
            unnoted && state.noted_at.is_none_or(|noted_at| now - noted_at >= NOTE_EVERY)
        })
    }

    /// Attempts counted since start.
    pub(crate) fn total(&self) -> u64 {
        self.with(|state| state.total)
    }

    /// What is to be noted now, if anything is and no other note is under way.
    /// [`noted`](Self::noted) or [`not_noted`](Self::not_noted) must follow.
    pub(crate) fn take(&self, now: Timestamp) -> Option<GapStretch> {
        self.with(|state| {
            if state.noting.is_none() {
                state.noting = state.unnoted.take();
                state.noted_at = state.noting.map(|_| now).or(state.noted_at);
                return state.noting;
            }
            None
        })
    }

    /// The note is in the journal.
    pub(crate) fn noted(&self, position: u64) {
        self.with(|state| {
            if let Some(stretch) = state.noting.take() {
                state.notes.insert(position, stretch);
            }
        });
    }

    /// The note could not be written.
    pub(crate) fn not_noted(&self) {
        self.with(|state| {
            if let Some(stretch) = state.noting.take() {
                state.unnoted = Some(state.unnoted.map_or(stretch, |later| stretch.joined(later)));
            }
        });
    }

    /// A note found in the journal.
    pub(crate) fn restore(&self, position: u64, stretch: GapStretch) {
        self.with(|state| {
            state.notes.insert(position, stretch);
        });
    }

    /// All notes up to here are in the database.
    pub(crate) fn committed(&self, position: u64) {
        self.with(|state| {
            while state.notes.range(..=position).nth(REMEMBERED).is_some() {
                state.notes.pop_first();
            }
        });
    }

    /// What may not be in the database.
    pub(crate) fn pending(&self) -> Vec<PendingGap> {
        self.with(|state| {
            let notes = state.notes.iter().map(|(position, stretch)| PendingGap {
                position: Some(*position),
                stretch: *stretch,
            });
            let unwritten = [state.noting, state.unnoted].into_iter().flatten();
            let unwritten = unwritten.map(|stretch| PendingGap {
                position: None,
                stretch,
            });
            notes.chain(unwritten).collect()
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
