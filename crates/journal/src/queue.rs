//! Records on their way from those who append to the thread that writes. Its lock is never held over I/O, so that a
//! disk that stalls holds up nobody but that thread.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::error::JournalError;
use crate::frame::Frame;
use crate::journal::Appended;
use crate::record::Lane;

/// Most bytes that wait to be written; whatever comes then is refused like a full disk would. Records that may use
/// the reserve may wait in as much again: they end what was let in before.
const MOST_BYTES: u64 = 32 << 20;

/// Called once, with where the record went or why it did not.
pub(crate) type Done = Box<dyn FnOnce(Result<Appended, JournalError>) + Send>;

/// Which room a record may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// What the disk budget leaves beside the reserve.
    Budget,
    /// The reserve, too: for the small record that says others could not be written.
    Reserve,
    /// The budget, and where that is spent the reserve: for the end of something that was let in before.
    BudgetThenReserve,
}

pub(crate) enum Item {
    Record(Submission),
    /// Answered with the last position once everything before it is written.
    Barrier(oneshot::Sender<u64>),
}

pub(crate) struct Submission {
    pub(crate) lane: Lane,
    pub(crate) frame: Frame,
    pub(crate) room: Room,
    pub(crate) done: Done,
}

#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    items: VecDeque<Item>,
    /// Of all records that are not written yet, those taken included.
    bytes: u64,
    /// The writing thread sleeps.
    idle: bool,
    /// Since when it writes what it took last.
    writing_since: Option<Instant>,
    closed: bool,
}

impl Room {
    fn queue_bytes(self) -> u64 {
        match self {
            Self::Budget => MOST_BYTES,
            Self::Reserve | Self::BudgetThenReserve => 2 * MOST_BYTES,
        }
    }
}

impl Queue {
    /// Puts a record at the end, or gives it back with the reason.
    pub(crate) fn submit(&self, submission: Submission) -> Result<(), (Submission, JournalError)> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err((submission, JournalError::Closed));
        }
        let bytes = waiting.bytes + submission.frame.byte_len();
        if bytes > submission.room.queue_bytes() {
            return Err((submission, JournalError::Full));
        }
        waiting.bytes = bytes;
        self.push(waiting, Item::Record(submission));
        Ok(())
    }

    /// Resolves to the last position once everything submitted so far is written; fails when the journal is closed.
    pub(crate) fn barrier(&self) -> oneshot::Receiver<u64> {
        let (reached, barrier) = oneshot::channel();
        let waiting = self.lock();
        if !waiting.closed {
            self.push(waiting, Item::Barrier(reached));
        }
        barrier
    }

    fn push(&self, mut waiting: MutexGuard<'_, Waiting>, item: Item) {
        waiting.items.push_back(item);
        let wake = mem::take(&mut waiting.idle);
        drop(waiting);
        if wake {
            self.filled.notify_one();
        }
    }

    /// Exchanges the empty `items` for what is waiting; waits for something. False once the queue is closed and empty.
    pub(crate) fn take(&self, items: &mut VecDeque<Item>) -> bool {
        let mut waiting = self.lock();
        waiting.writing_since = None;
        loop {
            if !waiting.items.is_empty() {
                waiting.writing_since = Some(Instant::now());
                mem::swap(&mut waiting.items, items);
                return true;
            }
            if waiting.closed {
                return false;
            }
            waiting.idle = true;
            waiting = self.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// That many bytes no longer wait.
    pub(crate) fn written(&self, bytes: u64) {
        let mut waiting = self.lock();
        waiting.bytes = waiting.bytes.saturating_sub(bytes);
    }

    /// Takes no more; what is waiting is still written.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
    }

    /// What nobody will write any more.
    pub(crate) fn abandon(&self) -> VecDeque<Item> {
        let mut waiting = self.lock();
        waiting.closed = true;
        mem::take(&mut waiting.items)
    }

    /// Bytes that wait to be written, and how long the write under way has taken so far.
    pub(crate) fn load(&self) -> (u64, Duration) {
        let waiting = self.lock();
        let since = waiting.writing_since;
        (
            waiting.bytes,
            since.map_or(Duration::ZERO, |since| since.elapsed()),
        )
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Every section leaves the queue whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
