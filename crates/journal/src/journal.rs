use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::task;

use crate::config::JournalConfig;
use crate::error::JournalError;
use crate::frame::Frame;
use crate::mark::Mark;
use crate::open::{Opened, open};
use crate::progress::Ticket;
use crate::queue::{Room, Submission};
use crate::reader::Reader;
use crate::record::Lane;
use crate::shared::Shared;
use crate::stats::Stats;

/// An open journal. Clones share it; when the last one is dropped what was appended is synced and the directory is
/// free again.
#[derive(Clone)]
pub struct Journal {
    handle: Arc<Handle>,
}

/// Where a record went.
#[derive(Clone, Debug)]
pub struct Appended {
    /// Place in the whole journal, counted from 1.
    pub position: u64,
    /// Place in its lane, counted from 1.
    pub lane_seq: u64,
    /// Tells when the record is synced.
    pub ticket: Ticket,
}

/// What ends with the last clone.
pub(crate) struct Handle {
    id: [u8; 16],
    shared: Arc<Shared>,
    threads: Mutex<Option<Threads>>,
    lock: Mutex<Option<File>>,
}

/// The journal's threads; the second ends after the first.
pub(crate) struct Threads {
    pub(crate) append: JoinHandle<()>,
    pub(crate) sync: JoinHandle<()>,
}

impl Journal {
    pub(crate) fn new(handle: Handle) -> Self {
        Self {
            handle: Arc::new(handle),
        }
    }

    /// Opens the journal in `config.dir` or creates it there with `new_id`, and locks the directory. A tail that
    /// never wholly reached the disk is cut off.
    ///
    /// # Errors
    /// [`JournalError::Locked`] if another process has it, [`JournalError::Corrupt`] if anything else than an
    /// unsynced tail is damaged, [`JournalError::Config`], [`JournalError::Full`], [`JournalError::Io`].
    pub async fn open(config: JournalConfig, new_id: [u8; 16]) -> Result<Opened, JournalError> {
        blocking(move || open(config, new_id)).await
    }

    /// The random id the journal got when it was created.
    pub fn id(&self) -> [u8; 16] {
        self.handle.id
    }

    /// Hands a record over and returns at once. `done` is called exactly once, with where the record went when it is
    /// with the operating system, so that a killed process does not lose it, or with why it is not in the journal;
    /// mostly on the journal's own thread, so it must not block. Records keep the order in which they were handed
    /// over, and a refused one does not affect later ones. Nothing here waits for a sync: the ticket tells when the
    /// record also survives a power failure.
    ///
    /// It is refused with [`JournalError::Full`] where the room it may take is used up, or where too much waits for a
    /// disk that stalls; with [`JournalError::TooLarge`], [`JournalError::Closed`] or [`JournalError::Io`].
    pub fn submit(
        &self,
        room: Room,
        lane: Lane,
        payload: &[u8],
        done: impl FnOnce(Result<Appended, JournalError>) + Send + 'static,
    ) {
        let frame = match Frame::prepare(payload) {
            Ok(frame) => frame,
            Err(error) => return done(Err(error)),
        };
        let shared = &self.handle.shared;
        let submission = Submission {
            lane,
            frame,
            room,
            done: Box::new(done),
        };
        if let Err((refused, error)) = shared.queue.submit(submission) {
            if matches!(error, JournalError::Full) {
                shared.state().refuse();
            }
            (refused.done)(Err(error));
        }
    }

    /// Appends a record and blocks until it is with the operating system.
    ///
    /// # Errors
    /// As [`submit`](Self::submit); the record is then not in the journal.
    pub fn append(&self, lane: Lane, payload: &[u8]) -> Result<Appended, JournalError> {
        self.append_in(Room::Budget, lane, payload)
    }

    /// Like [`append`](Self::append), in room of this kind.
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub fn append_in(&self, room: Room, lane: Lane, payload: &[u8]) -> Result<Appended, JournalError> {
        let (done, answer) = mpsc::channel();
        self.submit(room, lane, payload, move |result| {
            // Nobody else holds the other end, and it waits.
            done.send(result).ok();
        });
        answer.recv().unwrap_or(Err(JournalError::Closed))
    }

    /// Position of the last record that is with the operating system; 0 if there never was one. Those still on their
    /// way get higher ones.
    pub fn last_position(&self) -> u64 {
        self.handle.shared.state().last_position
    }

    /// Waits until everything handed over so far is synced.
    ///
    /// # Errors
    /// As [`Ticket::durable`].
    pub async fn flush(&self) -> Result<(), JournalError> {
        let shared = Arc::clone(&self.handle.shared);
        let written = shared.queue.barrier().await;
        let position = written.map_err(|_| JournalError::Closed)?;
        Ticket::new(shared, position).durable().await
    }

    /// A reader of everything after position `after` (0: everything). Where that is already removed it begins with
    /// the oldest record kept.
    pub fn reader(&self, after: u64) -> Reader {
        Reader::new(Arc::clone(&self.handle.shared), after)
    }

    /// Stores how far the records have been moved on, durably, then removes segments that are no longer needed:
    /// wholly below `low_water`, and committed for longer than the retention as of `now` (or sooner when the disk
    /// budget runs short). A cancelled call may still complete in the background.
    ///
    /// # Errors
    /// [`JournalError::Mark`] if `committed` goes backwards or past the end, or `low_water` leaves out
    /// uncommitted records;
    /// [`JournalError::Closed`], [`JournalError::Full`], [`JournalError::Io`].
    pub async fn mark(&self, mark: Mark, now: SystemTime) -> Result<(), JournalError> {
        let shared = Arc::clone(&self.handle.shared);
        // All of it, not only what is committed: a low water moves on because later records end older ones, and
        // those later ones must not be lost while the mark survives. A failed sync does not get better by waiting.
        if let Err(JournalError::Closed) = self.flush().await {
            return Err(JournalError::Closed);
        }
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        blocking(move || shared.store_mark(mark, now)).await
    }

    /// The mark stored last; the default one if there is none.
    pub fn last_mark(&self) -> Mark {
        self.handle.shared.state().mark
    }

    /// Figures for metrics and health.
    pub fn stats(&self) -> Stats {
        self.handle.shared.stats()
    }

    /// Syncs what was appended, notes durably how far that goes, and frees the directory. Later calls to any
    /// clone fail with [`JournalError::Closed`]; closing again does nothing.
    ///
    /// # Errors
    /// [`JournalError::Io`] or [`JournalError::Full`] if the note could not be written; the journal is closed all
    /// the same.
    pub async fn close(&self) -> Result<(), JournalError> {
        let handle = Arc::clone(&self.handle);
        blocking(move || handle.close()).await
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Journal")
            .field("id", &self.handle.id)
            .finish_non_exhaustive()
    }
}

impl Handle {
    pub(crate) fn new(id: [u8; 16], shared: Arc<Shared>, threads: Threads, lock: File) -> Self {
        Self {
            id,
            shared,
            threads: Mutex::new(Some(threads)),
            lock: Mutex::new(Some(lock)),
        }
    }

    /// Stops the threads once they have written and synced everything.
    fn stop(&self) {
        self.shared.queue.close();
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(threads) = threads else { return };
        if threads.append.thread().id() == thread::current().id() {
            // The last clone went with a record's `done`: this thread ends by itself, and the other one after it.
            return;
        }
        for thread in [threads.append, threads.sync] {
            if thread.join().is_err() {
                tracing::error!("a thread of the journal panicked");
            }
        }
    }

    fn close(&self) -> Result<(), JournalError> {
        self.stop();
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let result = if lock.is_some() {
            self.shared.store_end()
        } else {
            Ok(())
        };
        *lock = None;
        result
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    // The task is only lost when the runtime is shut down around it.
    task::spawn_blocking(work)
        .await
        .unwrap_or(Err(JournalError::Closed))
}

#[cfg(test)]
mod tests;
