//! The writer: tails the journal and moves what is settled to the database in batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::LedgerStore;
use tollgate_domain::{Clock, JournalId};
use tollgate_journal::{JournalError, Mark, Reader, Record};

use crate::{LedgerError, Recorder};

mod committer;

use committer::Committer;

/// How the writer batches.
#[derive(Debug, Clone, Copy)]
pub struct WriterConfig {
    /// At most this many records a transaction.
    pub batch_records: usize,
    /// At most this many bytes a transaction.
    pub batch_bytes: usize,
    /// How long it waits for company after the first record of a batch.
    pub linger: Duration,
    /// Longest pause between tries while the database is away.
    pub max_backoff: Duration,
    /// How often the journal is marked at most.
    pub mark_every: Duration,
}

/// What the writer is doing; shared with health checks.
#[derive(Debug, Default)]
pub struct WriterState {
    database_away: AtomicBool,
    trouble: AtomicBool,
    defused: AtomicU64,
    committed_seq: AtomicU64,
    conflicts: AtomicU64,
}

/// Moves records from the journal to the ledger. One per journal.
pub struct Writer {
    recorder: Recorder,
    committer: Committer,
    clock: Arc<dyn Clock>,
    config: WriterConfig,
    state: Arc<WriterState>,
    committed: u64,
    marked: Option<(Mark, Instant)>,
}

impl Default for WriterConfig {
    fn default() -> Self {
        Self {
            batch_records: 1_000,
            batch_bytes: 4 << 20,
            linger: Duration::from_millis(20),
            max_backoff: Duration::from_secs(2),
            mark_every: Duration::from_secs(1),
        }
    }
}

impl WriterState {
    /// Whether the last try to write failed because the database was away.
    pub fn database_away(&self) -> bool {
        self.database_away.load(Ordering::Relaxed)
    }

    /// Whether the journal itself cannot be read or marked: entries may be waiting although the database is there.
    pub fn in_trouble(&self) -> bool {
        self.trouble.load(Ordering::Relaxed)
    }

    /// Entries whose content the database refused for good; the ledger holds them unbilled, with the reason.
    pub fn defused(&self) -> u64 {
        self.defused.load(Ordering::Relaxed)
    }

    /// The `journal_seq` up to which everything is in the ledger.
    pub fn committed_seq(&self) -> u64 {
        self.committed_seq.load(Ordering::Relaxed)
    }

    /// Entries that met another entry of the same identity but other content.
    pub fn conflicts(&self) -> u64 {
        self.conflicts.load(Ordering::Relaxed)
    }
}

impl Writer {
    /// A writer that goes on where the journal's mark stands.
    pub fn new(
        recorder: Recorder,
        store: Arc<dyn LedgerStore>,
        clock: Arc<dyn Clock>,
        config: WriterConfig,
        state: Arc<WriterState>,
    ) -> Self {
        let committed = recorder.journal().last_mark().committed;
        state
            .committed_seq
            .store(recorder.books().committed_seq(), Ordering::Relaxed);
        let journal_id = JournalId::new(uuid::Uuid::from_bytes(recorder.journal().id()));
        let sink = Committer::new(
            journal_id,
            store,
            Arc::clone(&clock),
            config.max_backoff,
            Arc::clone(&state),
        );
        Self {
            recorder,
            committer: sink,
            clock,
            config,
            state,
            committed,
            marked: None,
        }
    }

    /// Writes until `stop` is cancelled, then writes what is left, for at most `grace`, and marks the journal.
    /// What does not get written in time is written at the next start.
    ///
    /// # Errors
    /// [`LedgerError`] when the journal holds what is no record of ours, or its end cannot be marked.
    pub async fn run(mut self, stop: CancellationToken, grace: Duration) -> Result<(), LedgerError> {
        let outcome = self.work(&stop, grace).await;
        if let Err(error) = &outcome {
            self.state.trouble.store(true, Ordering::Relaxed);
            tracing::error!(error = chain(error), "the writer stopped; the journal absorbs");
        }
        outcome
    }

    async fn work(&mut self, stop: &CancellationToken, grace: Duration) -> Result<(), LedgerError> {
        let mut reader = self.recorder.journal().reader(self.committed);
        loop {
            // Only the wait for a first record may be cancelled: what the reader has given out must be written.
            let read = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                read = reader.next_batch(1, self.config.batch_bytes) => read,
            };
            match read {
                Ok(mut batch) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(self.config.linger) => {}
                    }
                    // Company that cannot be read now is read in the next round.
                    let company = self.config.batch_records.saturating_sub(1).max(1);
                    batch.extend(
                        reader
                            .try_next_batch(company, self.config.batch_bytes)
                            .unwrap_or_default(),
                    );
                    // A commit under way is finished even when asked to stop; only its retries end.
                    if !self.write(batch, stop).await? {
                        // What is not written is read again.
                        reader = self.recorder.journal().reader(self.committed);
                    }
                }
                Err(JournalError::Closed) => return Ok(()),
                Err(error) => self.wait_out(&error, stop).await,
            }
        }
        let drained = tokio::time::timeout(grace, self.drain()).await;
        self.recorder.note_gap();
        self.mark().await.map_err(|source| LedgerError::Journal {
            operation: "marking",
            source,
        })?;
        drained.unwrap_or_else(|_| {
            tracing::warn!(
                "the database did not take everything in time; the rest is written at the next start"
            );
            Ok(())
        })
    }

    /// Writes what the journal holds beyond what is committed.
    async fn drain(&mut self) -> Result<(), LedgerError> {
        // Readers see synced records only, and the last ones were appended just now.
        let flushed = self.recorder.journal().flush().await;
        flushed.map_err(|source| LedgerError::Journal {
            operation: "syncing",
            source,
        })?;
        let mut reader = self.recorder.journal().reader(self.committed);
        loop {
            let batch = self.try_next_batch(&mut reader)?;
            if batch.is_empty() || !self.write(batch, &CancellationToken::new()).await? {
                return Ok(());
            }
        }
    }

    /// The journal cannot be read at the moment: says so once and pauses.
    async fn wait_out(&self, error: &JournalError, stop: &CancellationToken) {
        if !self.state.trouble.swap(true, Ordering::Relaxed) {
            tracing::error!(
                error = chain(error),
                "the journal cannot be read; entries wait in it"
            );
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(self.config.max_backoff) => {}
        }
    }

    fn try_next_batch(&self, reader: &mut Reader) -> Result<Vec<Record>, LedgerError> {
        reader
            .try_next_batch(self.config.batch_records, self.config.batch_bytes)
            .map_err(reading)
    }

    /// Whether it was written; not when told to stop while the database was away.
    async fn write(&mut self, batch: Vec<Record>, stop: &CancellationToken) -> Result<bool, LedgerError> {
        let Some(last_position) = batch.last().map(|last| last.position) else {
            return Ok(true);
        };
        let write = self.committer.decode(&batch)?;
        let last_seq = write.entries.last().map(|entry| entry.journal_seq);
        if !self.committer.commit(write, stop).await {
            return Ok(false);
        }
        self.committed = last_position;
        self.recorder.committed(last_position);
        if let Some(seq) = last_seq {
            self.state.committed_seq.store(seq, Ordering::Relaxed);
        }
        self.recorder.note_gap();
        let due = self
            .marked
            .is_none_or(|(_, at)| at.elapsed() >= self.config.mark_every);
        if due {
            self.mark_or_complain().await;
        }
        Ok(true)
    }

    /// A mark that cannot be written costs a longer replay, never an entry: the next one is tried in its turn.
    async fn mark_or_complain(&mut self) {
        match self.mark().await {
            Ok(()) => self.state.trouble.store(false, Ordering::Relaxed),
            Err(error) => {
                self.marked = self.marked.map(|(mark, _)| (mark, Instant::now()));
                if !self.state.trouble.swap(true, Ordering::Relaxed) {
                    tracing::error!(
                        error = chain(&error),
                        "the journal cannot be marked; it is tried again"
                    );
                }
            }
        }
    }

    async fn mark(&mut self) -> Result<(), JournalError> {
        let mark = Mark {
            committed: self.committed,
            low_water: self.recorder.low_water(self.committed),
        };
        if self.marked.is_none_or(|(before, _)| before != mark) {
            self.recorder
                .journal()
                .mark(mark, SystemTime::from(self.clock.now()))
                .await?;
        }
        self.marked = Some((mark, Instant::now()));
        Ok(())
    }
}

fn reading(source: JournalError) -> LedgerError {
    LedgerError::Journal {
        operation: "reading",
        source,
    }
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
