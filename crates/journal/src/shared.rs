use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::error::JournalError;
use crate::mark_file::MarkFile;
use crate::progress::Progress;
use crate::queue::Queue;
use crate::reserve;
use crate::state::{Reserve, State};
use crate::stats::Stats;

/// What the journal's handles, readers, tickets and its sync thread have in common.
pub(crate) struct Shared {
    pub(crate) queue: Queue,
    state: Mutex<State>,
    /// Signalled when the sync thread may have something to do.
    pub(crate) work: Condvar,
    pub(crate) progress: watch::Sender<Progress>,
    /// Held while the mark is written; only ever locked where blocking is fine, and before `state`.
    marks: Mutex<MarkFile>,
    /// Held while the reserve is allocated or given up; likewise.
    reserve: Mutex<()>,
}

impl Shared {
    pub(crate) fn new(state: State, marks: MarkFile) -> Self {
        let progress = Progress {
            released: state.pending.synced,
            ..Progress::default()
        };
        Self {
            queue: Queue::default(),
            state: Mutex::new(state),
            work: Condvar::new(),
            progress: watch::Sender::new(progress),
            marks: Mutex::new(marks),
            reserve: Mutex::new(()),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Every section leaves the state whole, so a panic elsewhere in the process does not make it wrong.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the sync thread that somebody waits for this position.
    pub(crate) fn want(&self, position: u64) {
        let mut state = self.state();
        if position > state.pending.wanted {
            state.pending.wanted = position;
            self.work.notify_one();
        }
    }

    pub(crate) fn marks(&self) -> MutexGuard<'_, MarkFile> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn released(&self) -> u64 {
        self.progress.borrow().released
    }

    /// Gives the reserve up if it is held. Blocks.
    pub(crate) fn release_reserve(&self) -> Result<(), JournalError> {
        let _one_at_a_time = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        let dir = {
            let state = self.state();
            if state.reserve != Reserve::Held {
                return Ok(());
            }
            state.config.dir.clone()
        };
        reserve::release(&dir)?;
        self.state().reserve = Reserve::Lost;
        tracing::warn!("the journal gave up its disk reserve");
        Ok(())
    }

    /// Takes the reserve back if there is room for it. Blocks.
    pub(crate) fn restore_reserve(&self) -> Result<(), JournalError> {
        let _one_at_a_time = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        let (dir, bytes) = {
            let mut state = self.state();
            if !state.reserve_affordable() {
                if state.reserve == Reserve::Wanted {
                    state.reserve = Reserve::Lost;
                }
                return Ok(());
            }
            // Set before trying, so that a refusal meanwhile asks for another try.
            state.reserve = Reserve::Lost;
            (state.config.dir.clone(), state.config.reserve_bytes)
        };
        match reserve::hold(&dir, bytes) {
            Ok(()) => {
                let mut state = self.state();
                state.reserve = Reserve::Held;
                state.full = false;
                Ok(())
            }
            // Still no room: the next refused append asks again.
            Err(JournalError::Full) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let (queued_bytes, writing_for) = self.queue.load();
        let state = self.state();
        let reserve_held = state.reserve == Reserve::Held;
        let reserve_bytes = if reserve_held {
            state.config.reserve_bytes
        } else {
            0
        };
        Stats {
            disk_bytes: state.segment_bytes + reserve_bytes,
            disk_budget_bytes: state.config.disk_budget_bytes,
            queued_bytes,
            writing_for,
            segments: state.closed.len() as u64 + 1,
            last_position: state.last_position,
            durable_position: state.pending.synced,
            mark: state.mark,
            appended: state.counters.appended,
            syncs: state.counters.syncs,
            since_sync: state.counters.last_sync.map(|at| at.elapsed()),
            sync_failures: state.counters.sync_failures,
            refused: state.counters.refused,
            full: state.full,
            reserve_held,
            removed_early: state.counters.removed_early,
            lanes: state.lanes.clone(),
        }
    }
}
