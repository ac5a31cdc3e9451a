//! The writer: tails the journal and moves what is settled to the database in batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{LedgerStore, LedgerWrite, StoreError};
use tollgate_domain::{Clock, JournalId, JournaledEntry};
use tollgate_journal::{Mark, Reader, Record};

use crate::{ENTRIES, LOGS, LedgerError, Recorder};

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
    committed_seq: AtomicU64,
    conflicts: AtomicU64,
}

/// Moves records from the journal to the ledger. One per journal.
pub struct Writer {
    recorder: Recorder,
    journal_id: JournalId,
    store: Arc<dyn LedgerStore>,
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
        let journal_id = JournalId::new(uuid::Uuid::from_bytes(recorder.journal().id()));
        Self {
            recorder,
            journal_id,
            store,
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
    /// [`LedgerError`] when the journal cannot be read or holds what is no record of ours.
    pub async fn run(mut self, stop: CancellationToken, grace: Duration) -> Result<(), LedgerError> {
        let mut reader = self.recorder.journal().reader(self.committed);
        let give_up = CancellationToken::new();
        loop {
            let batch = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                batch = self.next_batch(&mut reader) => batch?,
            };
            // A commit under way is finished even when asked to stop; only its retries end.
            self.write(&batch, &stop).await?;
        }
        let rest = async {
            // Readers see synced records only, and the last ones were appended just now.
            let flushed = self.recorder.journal().flush().await;
            flushed.map_err(|source| LedgerError::Journal {
                operation: "syncing",
                source,
            })?;
            loop {
                let batch = self.try_next_batch(&mut reader)?;
                if batch.is_empty() {
                    return Ok(());
                }
                self.write(&batch, &give_up).await?;
            }
        };
        let drained: Result<Result<(), LedgerError>, _> = tokio::time::timeout(grace, rest).await;
        self.recorder.note_gap();
        self.mark().await?;
        drained.unwrap_or_else(|_| {
            tracing::warn!(
                "the database did not take everything in time; the rest is written at the next start"
            );
            Ok(())
        })
    }

    async fn next_batch(&self, reader: &mut Reader) -> Result<Vec<Record>, LedgerError> {
        let (records, bytes) = (self.config.batch_records, self.config.batch_bytes);
        let batch = reader.next_batch(1, bytes).await.map_err(reading)?;
        tokio::time::sleep(self.config.linger).await;
        let more = reader
            .try_next_batch(records.saturating_sub(1).max(1), bytes)
            .map_err(reading)?;
        Ok(batch.into_iter().chain(more).collect())
    }

    fn try_next_batch(&self, reader: &mut Reader) -> Result<Vec<Record>, LedgerError> {
        reader
            .try_next_batch(self.config.batch_records, self.config.batch_bytes)
            .map_err(reading)
    }

    async fn write(&mut self, batch: &[Record], stop: &CancellationToken) -> Result<(), LedgerError> {
        let Some(last) = batch.last() else { return Ok(()) };
        let (last_position, write) = (last.position, decode(self.journal_id, batch)?);
        let last_seq = write.entries.last().map(|entry| entry.journal_seq);
        if !write.entries.is_empty() || !write.logs.is_empty() {
            let Some(()) = self.commit(write, stop).await? else {
                return Ok(());
            };
        }
        self.committed = last_position;
        if let Some(seq) = last_seq {
            self.state.committed_seq.store(seq, Ordering::Relaxed);
        }
        self.recorder.note_gap();
        let due = self
            .marked
            .is_none_or(|(_, at)| at.elapsed() >= self.config.mark_every);
        if due { self.mark().await } else { Ok(()) }
    }

    /// Tries until the database takes it; `None` when told to stop first.
    async fn commit(&self, write: LedgerWrite, stop: &CancellationToken) -> Result<Option<()>, LedgerError> {
        let mut backoff = Duration::from_millis(50);
        loop {
            match self.store.commit(write.clone(), self.clock.now()).await {
                Ok(done) => {
                    if self.state.database_away.swap(false, Ordering::Relaxed) {
                        tracing::info!("the database is back; the journal is being written");
                    }
                    if !done.conflicts.is_empty() {
                        let count = done.conflicts.len() as u64;
                        self.state.conflicts.fetch_add(count, Ordering::Relaxed);
                        tracing::error!(
                            count,
                            "ledger entries conflict with what the ledger holds; both are kept"
                        );
                    }
                    return Ok(Some(()));
                }
                Err(error) => self.report(&error),
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(None),
                () = tokio::time::sleep(backoff) => {}
            }
            backoff = (backoff * 2).min(self.config.max_backoff);
        }
    }

    fn report(&self, error: &StoreError) {
        // Whatever the cause, the journal keeps the records and the next try may succeed: nothing is skipped.
        let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
        let chain: Vec<String> = chain.map(ToString::to_string).collect();
        if !self.state.database_away.swap(true, Ordering::Relaxed) {
            tracing::error!(
                error = chain.join(": "),
                "the ledger cannot be written; the journal absorbs"
            );
        }
    }

    async fn mark(&mut self) -> Result<(), LedgerError> {
        let mark = Mark {
            committed: self.committed,
            low_water: self.recorder.low_water(self.committed),
        };
        if self.marked.is_none_or(|(before, _)| before != mark) {
            let now = SystemTime::from(self.clock.now());
            let marked = self.recorder.journal().mark(mark, now).await;
            marked.map_err(|source| LedgerError::Journal {
                operation: "marking",
                source,
            })?;
        }
        self.marked = Some((mark, Instant::now()));
        Ok(())
    }
}

fn decode(journal_id: JournalId, batch: &[Record]) -> Result<LedgerWrite, LedgerError> {
    let mut write = LedgerWrite::default();
    for record in batch {
        let unreadable = |source| LedgerError::Record {
            position: record.position,
            source,
        };
        if record.lane == ENTRIES {
            let entry = serde_json::from_slice(&record.payload).map_err(unreadable)?;
            write.entries.push(JournaledEntry {
                journal_id,
                journal_seq: record.lane_seq,
                entry,
            });
        } else if record.lane == LOGS {
            write
                .logs
                .push(serde_json::from_slice(&record.payload).map_err(unreadable)?);
        }
    }
    Ok(write)
}

fn reading(source: tollgate_journal::JournalError) -> LedgerError {
    LedgerError::Journal {
        operation: "reading",
        source,
    }
}
