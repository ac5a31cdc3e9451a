//! Journal, recorder, recovery, writer.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;
use tollgate_journal::{Journal, JournalConfig};
use tollgate_ledger::{
    Durability, Recorder, RecorderConfig, WhenFull, Writer, WriterConfig, WriterState, recover,
};
use tollgate_storage::Database;

use super::Edge;
use crate::config::{self, Config, DurabilityMode};
use crate::home::Home;
use crate::snapshots::Snapshots;

/// The billing side of a running gateway.
pub(super) struct Billing {
    pub(super) journal: Journal,
    pub(super) recorder: Recorder,
    pub(super) writer: Writer,
    pub(super) state: Arc<WriterState>,
    pub(super) stop: CancellationToken,
}

/// Opens the journal and locks the data directory.
pub(super) async fn open_journal(config: &Config, home: &Home, edge: &Edge) -> Result<Journal> {
    let section = &config.journal;
    let defaults = JournalConfig::new(home.journal());
    let budget = section.disk_budget_mb << 20;
    let settings = JournalConfig {
        // A small budget needs small segments: only whole ones make room.
        segment_bytes: defaults.segment_bytes.min(budget / 8),
        disk_budget_bytes: budget,
        retention: Duration::from_secs(section.retention_hours * 3_600),
        ..defaults
    };
    let id = edge.ids.new_id(edge.clock.now());
    let opened = Journal::open(settings, id.into_bytes())
        .await
        .context("opening the journal; each gateway needs a data_dir (TOLLGATE_DATA_DIR) of its own")?;
    Ok(opened.journal)
}

/// Gives interrupted attempts their entries and makes the writer ready.
pub(super) fn start(
    config: &Config,
    edge: &Edge,
    journal: Journal,
    database: &Arc<Database>,
    snapshots: &Snapshots,
) -> Result<Billing> {
    let section = &config.journal;
    let settings = RecorderConfig {
        zone: edge.zone,
        durability: match section.durability {
            DurabilityMode::Process => Durability::Process,
            DurabilityMode::Strict => Durability::Strict,
        },
        max_wait: Duration::from_millis(section.max_wait_ms),
        when_full: match section.when_full {
            config::WhenFull::Refuse => WhenFull::Refuse,
            config::WhenFull::Serve => WhenFull::Serve,
        },
    };
    let recorder = Recorder::new(journal.clone(), Arc::clone(&edge.clock), settings);
    let recovery = recover(&recorder, &snapshots.book.load()).context("replaying the journal")?;
    if recovery.interrupted > 0 {
        tracing::warn!(
            attempts = recovery.interrupted,
            "attempts cut short by the last stop are in the ledger as interrupted"
        );
    }
    let state = Arc::new(WriterState::default());
    let writer = Writer::new(
        recorder.clone(),
        Arc::clone(database) as _,
        Arc::clone(&edge.clock),
        WriterConfig::default(),
        Arc::clone(&state),
    );
    Ok(Billing {
        journal,
        recorder,
        writer,
        state,
        stop: CancellationToken::new(),
    })
}
