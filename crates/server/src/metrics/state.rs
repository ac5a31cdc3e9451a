//! What is read when it is asked for: the journal, the recorder, the writer.

use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{DeferredSummary, Runtime};
use tollgate_ledger::{Recorder, WriterState};

/// The state of a running gateway.
pub(super) struct StateCollector {
    pub(super) runtime: Arc<dyn Runtime>,
    pub(super) recorder: Recorder,
    pub(super) writer: Arc<WriterState>,
    /// What is used later than it is asked for; `None` while the database does not say.
    pub(super) deferred: Option<(DeferredSummary, Timestamp)>,
}

impl Collector for StateCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let (journal, recorder, writer) = (self.runtime.journal(), self.recorder.stats(), &self.writer);
        let mut gauge = |name: &str, help: &str, value: u64| {
            let metric = ConstGauge::new(value);
            let described = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
            metric.encode(described)
        };
        gauge(
            "attempts_open",
            "Attempts sent and not settled yet",
            recorder.open,
        )?;
        gauge("journal_bytes", "Disk the journal uses", journal.bytes_on_disk)?;
        gauge(
            "journal_entries_pending",
            "Entries in the journal and not yet in the database",
            journal.pending_entries,
        )?;
        gauge(
            "journal_full",
            "1 while the journal has used up its disk budget",
            u64::from(journal.full),
        )?;
        gauge(
            "writer_database_away",
            "1 while entries cannot be written because the database is away",
            u64::from(writer.database_away()),
        )?;
        gauge(
            "writer_in_trouble",
            "1 while the journal itself cannot be read or marked",
            u64::from(writer.in_trouble()),
        )?;
        if let Some((deferred, now)) = &self.deferred {
            let oldest = deferred.oldest.map_or(0, |oldest| (*now - oldest).num_seconds());
            gauge(
                "deferred_operations_open",
                "Background responses and batches whose usage is not in the ledger yet, of all replicas",
                deferred.open,
            )?;
            gauge(
                "deferred_operations_oldest_seconds",
                "How long the oldest of them has been open",
                u64::try_from(oldest).unwrap_or(0),
            )?;
        }
        let mut counter = |name: &str, help: &str, value: u64| {
            let metric = ConstCounter::new(value);
            let described = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
            metric.encode(described)
        };
        counter(
            "entries_unsaved",
            "Entries the journal would not take",
            recorder.unsaved,
        )?;
        counter(
            "settlement_waits_slow",
            "Answers whose last frame went out before its entry was durable",
            recorder.slow_waits,
        )?;
        counter(
            "entries_committed",
            "Entries in the database, by this journal's numbering",
            writer.committed_seq(),
        )?;
        counter(
            "entries_defused",
            "Entries whose content the database refused for good",
            writer.defused(),
        )?;
        counter(
            "entries_conflicting",
            "Entries that met another one of the same identity",
            writer.conflicts(),
        )
    }
}

impl std::fmt::Debug for StateCollector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateCollector").finish_non_exhaustive()
    }
}
