//! The one thread that syncs. Whatever was appended while a sync ran is covered by the next one, so the groups grow
//! with the load. Records that somebody waits for are synced at once, others within the sync interval.

use std::fs::File;
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use crate::error::JournalError;
use crate::files;
use crate::shared::Shared;
use crate::state::Reserve;

enum Task {
    Sync(Group),
    RestoreReserve,
    Stop,
}

/// Everything one round makes durable.
struct Group {
    position: u64,
    /// In the order in which they were written.
    files: Vec<Arc<File>>,
    new_entries: Option<PathBuf>,
}

/// Runs until the journal is closing and everything appended has had its sync.
pub(crate) fn run(shared: &Arc<Shared>) {
    let mut last = Instant::now();
    loop {
        match next_task(shared, last) {
            Task::Sync(group) => {
                sync(shared, &group);
                last = Instant::now();
            }
            Task::RestoreReserve => {
                if let Err(error) = shared.restore_reserve() {
                    tracing::error!(%error, "the journal could not take its disk reserve back");
                }
            }
            Task::Stop => break,
        }
    }
    shared.progress.send_modify(|progress| progress.closed = true);
}

fn next_task(shared: &Shared, last: Instant) -> Task {
    let mut state = shared.state();
    loop {
        let pending = state.last_position > state.pending.synced;
        let urgent = state.closing || state.pending.wanted > state.pending.synced;
        let early = state.config.sync_interval.saturating_sub(last.elapsed());
        if pending && !urgent && !early.is_zero() {
            state = shared
                .work
                .wait_timeout(state, early)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            continue;
        }
        if pending {
            let mut files = mem::take(&mut state.pending.files);
            files.push(Arc::clone(&state.active.file));
            let new_entries = mem::take(&mut state.pending.directory).then(|| state.config.dir.clone());
            return Task::Sync(Group {
                position: state.last_position,
                files,
                new_entries,
            });
        }
        if state.closing {
            return Task::Stop;
        }
        if state.reserve == Reserve::Wanted {
            return Task::RestoreReserve;
        }
        state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

fn sync(shared: &Shared, group: &Group) {
    let result = group.sync();
    {
        let mut state = shared.state();
        state.pending.synced = group.position;
        state.counters.syncs += 1;
        if result.is_err() {
            state.counters.sync_failures += 1;
            state.pending.distrusted = true;
            // The entries may be lost; the next round tries them again.
            state.pending.directory |= group.new_entries.is_some();
        } else {
            state.counters.last_sync = Some(Instant::now());
        }
    }
    if let Err(error) = &result {
        tracing::error!(%error, position = group.position, "the disk refused to sync the journal");
    }
    shared
        .progress
        .send_modify(|progress| progress.advance(group.position, result.is_ok()));
}

impl Group {
    fn sync(&self) -> Result<(), JournalError> {
        for file in &self.files {
            file.sync_data().map_err(|source| JournalError::Io {
                operation: "sync",
                file: PathBuf::from("a journal segment"),
                source,
            })?;
        }
        self.new_entries
            .as_ref()
            .map_or(Ok(()), |dir| files::sync_dir(dir))
    }
}
