//! The ledger, read straight from the database and held against the simulator's invoice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tollgate_domain::ports::{LedgerStore, RecordedEntry};
use tollgate_domain::{LedgerEntry, Verdict};
use tollgate_storage::{Database, DatabaseConfig, Keyring};
use tollgate_testkit::InvoiceLine;

use super::gateway::SECRET_KEY;

/// A reader of its own beside the gateway.
pub(crate) struct Books {
    database: Arc<Database>,
}

impl Books {
    pub(crate) async fn open(url: &str) -> Self {
        let keyring = Keyring::from_base64(SECRET_KEY, []).unwrap();
        let config = DatabaseConfig {
            url: url.to_owned(),
            keyring,
            max_connections: 2,
        };
        Self {
            database: tollgate_storage::connect(config).await.unwrap(),
        }
    }

    /// The database itself.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Every entry, by event and revision.
    pub(crate) async fn entries(&self) -> Vec<RecordedEntry> {
        let mut entries: Vec<RecordedEntry> = Vec::new();
        loop {
            let after = entries.last().map(|last| {
                (
                    last.journaled.entry.attempt.event_id,
                    last.journaled.entry.revision,
                )
            });
            let page = self.database.entries(after, 1_000).await.unwrap();
            if page.is_empty() {
                return entries;
            }
            entries.extend(page);
        }
    }

    /// Waits until the ledger holds this many entries; the writer works behind the answers.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<RecordedEntry> {
        let mut entries = Vec::new();
        for _ in 0..600 {
            entries = self.entries().await;
            if entries.len() >= count {
                return entries;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} entries after a minute, expected {count}", entries.len());
    }
}

/// Holds every billed line against the entry with the provider's response id: same vector, same money, nothing missing,
/// nothing twice.
pub(crate) fn compare_with_invoice(entries: &[RecordedEntry], invoice: &[InvoiceLine]) {
    let mut by_response: BTreeMap<&str, &LedgerEntry> = BTreeMap::new();
    for recorded in entries {
        let entry = &recorded.journaled.entry;
        let Some(id) = entry.outcome.response_id.as_deref() else {
            continue;
        };
        assert!(
            by_response.insert(id, entry).is_none(),
            "two entries for response {id}"
        );
    }
    let billed: Vec<_> = invoice.iter().filter(|line| line.billed).collect();
    for line in &billed {
        let entry = by_response.remove(line.id.as_str());
        let entry =
            entry.unwrap_or_else(|| panic!("no entry for invoice line {} ({})", line.number, line.path));
        assert_eq!(
            entry.verdict,
            Verdict::Billed,
            "line {}: {:?}",
            line.number,
            entry.detail
        );
        let counted: BTreeMap<String, u64> = entry
            .usage
            .iter()
            .flat_map(|usage| {
                usage
                    .iter()
                    .map(|(meter, count)| (meter.to_string(), count.get()))
                    .collect::<Vec<_>>()
            })
            .collect();
        let invoiced: BTreeMap<String, u64> = line
            .counts
            .iter()
            .map(|(meter, count)| {
                (
                    serde_json::to_value(meter).unwrap().as_str().unwrap().to_owned(),
                    count,
                )
            })
            .collect();
        assert_eq!(
            counted, invoiced,
            "usage of line {} ({} {})",
            line.number, line.path, line.model
        );
        let cost = entry.amounts.map(|amounts| amounts.cost.pico());
        assert_eq!(
            cost, line.amount_pico_usd,
            "cost of line {} ({} {})",
            line.number, line.path, line.model
        );
    }
    let left: Vec<_> = by_response
        .values()
        .filter(|entry| entry.verdict == Verdict::Billed)
        .collect();
    assert!(
        left.is_empty(),
        "{} billed entries that the provider did not invoice",
        left.len()
    );
}
