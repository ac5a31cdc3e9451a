//! Storing marks and removing what they make superfluous. Everything here blocks.

use std::fs::File;
use std::sync::MutexGuard;

use crate::error::JournalError;
use crate::files;
use crate::mark::Mark;
use crate::mark_file::MarkFile;
use crate::retention::{Holdings, Removal};
use crate::segment;
use crate::shared::Shared;
use crate::state::State;

impl Shared {
    /// `now` in Unix seconds.
    pub(crate) fn store_mark(&self, mark: Mark, now: u64) -> Result<(), JournalError> {
        let mut marks = self.marks();
        let (next, removal) = {
            let state = self.state();
            if state.closing {
                return Err(JournalError::Closed);
            }
            let Mark { committed, low_water } = mark;
            if let Some(problem) = state.mark.objection(mark, state.pending.synced) {
                return Err(JournalError::Mark {
                    committed,
                    low_water,
                    problem,
                });
            }
            plan(&state, &marks, mark, now)
        };
        self.persist(&mut marks, next)?;
        self.remove(&removal)?;
        self.restore_reserve()
    }

    /// Notes that everything there is was synced: damage found later is then known to be damage.
    pub(crate) fn store_end(&self) -> Result<(), JournalError> {
        let mut marks = self.marks();
        let next = MarkFile {
            synced: self.state().pending.synced,
            ..marks.clone()
        };
        self.persist(&mut marks, next)
    }

    fn persist(&self, marks: &mut MutexGuard<'_, MarkFile>, next: MarkFile) -> Result<(), JournalError> {
        let dir = self.state().config.dir.clone();
        match next.store(&dir) {
            // Without the mark nothing can be removed, so this is what the reserve is for, too.
            Err(JournalError::Full) => {
                self.release_reserve()?;
                next.store(&dir)?;
            }
            result => result?,
        }
        self.state().mark = next.mark;
        **marks = next;
        Ok(())
    }

    fn remove(&self, removal: &Removal) -> Result<(), JournalError> {
        let Some(last) = removal.firsts.last() else {
            return Ok(());
        };
        let (dir, oldest_kept) = {
            let state = self.state();
            let kept = state
                .closed
                .range(last + 1..)
                .next()
                .map_or(state.active.first, |(kept, _)| *kept);
            (state.config.dir.clone(), segment::path(&state.config.dir, kept))
        };
        // Its header is what the sequences continue from, so it must be on disk before the older ones go.
        File::open(&oldest_kept)
            .and_then(|file| file.sync_all())
            .map_err(JournalError::io("sync", &oldest_kept))?;
        files::sync_dir(&dir)?;
        for first in &removal.firsts {
            let bytes = self.state().closed.remove(first).unwrap_or(0);
            files::remove_if_present(&segment::path(&dir, *first))?;
            let mut state = self.state();
            state.segment_bytes -= bytes;
            state.full = false;
        }
        self.state().counters.removed_early += removal.early;
        files::sync_dir(&dir)
    }
}

/// The mark file to store and the segments to remove after it.
fn plan(state: &State, marks: &MarkFile, mark: Mark, now: u64) -> (MarkFile, Removal) {
    let config = &state.config;
    // Early removal begins while there is still room for another segment.
    let wanted = state.segment_bytes + config.reserve_bytes + config.segment_bytes;
    let holdings = Holdings {
        closed: &state.closed,
        active_first: state.active.first,
        pressure: wanted.saturating_sub(config.disk_budget_bytes),
    };
    // What is removed already no replay can see, and recovery takes a low water before it for a missing segment.
    let oldest = state.locate(0).first;
    let low_water = if oldest > 1 {
        mark.low_water.max(oldest)
    } else {
        mark.low_water
    };
    let mark = Mark { low_water, ..mark };
    let mut next = MarkFile {
        mark,
        synced: state.pending.synced,
        committed_at: marks.committed_at.clone(),
    };
    for (first, _) in holdings.spans().filter(|(_, last)| *last <= mark.committed) {
        next.committed_at.entry(first).or_insert(now);
    }
    let removal = holdings.removable(&next, config.retention, now);
    next.committed_at
        .retain(|first, _| !removal.firsts.contains(first));
    (next, removal)
}
