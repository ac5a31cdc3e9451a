//! Replay at start: attempts that were opened and never ended become `interrupted` entries.

use std::collections::HashMap;
use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::GapStretch;
use tollgate_domain::{AttemptContext, EventId, LedgerEntry, OutcomeKind};
use tollgate_journal::Record;

use crate::{AttemptEnd, ENTRIES, LedgerError, NOTES, Note, Recorder, settlement};

/// What replay found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Records looked at.
    pub records: u64,
    /// Attempts that got an `interrupted` entry.
    pub interrupted: u64,
}

/// Looks through what the journal still holds and gives every attempt without an end its entry. Run once at
/// start, before requests are admitted. Running it again finds nothing new.
///
/// # Errors
/// [`LedgerError`] when the journal cannot be read or written.
pub fn recover(recorder: &Recorder, book: &PriceBook) -> Result<Recovery, LedgerError> {
    let journal = recorder.journal();
    let entries = journal.stats().lanes.get(&ENTRIES).copied().unwrap_or(0);
    let committed = journal.last_mark().committed;
    let mut uncommitted = 0;
    let mut reader = journal.reader(journal.last_mark().low_water.saturating_sub(1));
    let mut open: HashMap<EventId, AttemptContext> = HashMap::new();
    let mut recovery = Recovery::default();
    loop {
        let batch = reader
            .try_next_batch(1_000, 4 << 20)
            .map_err(|source| LedgerError::Journal {
                operation: "replaying",
                source,
            })?;
        if batch.is_empty() {
            break;
        }
        for record in &batch {
            recovery.records += 1;
            uncommitted += u64::from(record.lane == ENTRIES && record.position > committed);
            replay(record, &mut open, recorder)?;
        }
    }
    // Otherwise all there ever were would seem to be on their way until the writer has something to write.
    recorder
        .books()
        .restore_committed_seq(entries.saturating_sub(uncommitted));
    let mut left: Vec<_> = open.into_values().collect();
    left.sort_by_key(|context| context.event_id);
    for context in left {
        let end = AttemptEnd {
            kind: OutcomeKind::Interrupted,
            http_status: None,
            ttft_us: None,
            reading: None,
            detail: None,
        };
        let entry = settlement::settle(Arc::new(context), end, book, recorder.zone(), recorder.now());
        recorder
            .append_recovered(&entry)
            .map_err(|source| LedgerError::Journal {
                operation: "recording interrupted attempts",
                source,
            })?;
        recovery.interrupted += 1;
    }
    Ok(recovery)
}

fn replay(
    record: &Record,
    open: &mut HashMap<EventId, AttemptContext>,
    recorder: &Recorder,
) -> Result<(), LedgerError> {
    let unreadable = |source| LedgerError::Record {
        position: record.position,
        source,
    };
    if record.lane == ENTRIES {
        let entry: LedgerEntry = serde_json::from_slice(&record.payload).map_err(unreadable)?;
        open.remove(&entry.attempt.event_id);
    } else if record.lane == NOTES {
        match serde_json::from_slice(&record.payload).map_err(unreadable)? {
            Note::Opened(context) => {
                open.insert(context.event_id, *context);
            }
            Note::NotSent { event_id } => {
                open.remove(&event_id);
            }
            Note::Deferred(operation) => {
                open.remove(&operation.attempt.event_id);
            }
            Note::Gap {
                attempts,
                from,
                until,
            } => {
                recorder.restore_gap(
                    record.position,
                    GapStretch {
                        attempts,
                        from,
                        until,
                    },
                );
            }
        }
    }
    Ok(())
}
