//! A clock, a book, contexts, and a store in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use billing_core::{PriceBook, Reading};
use tollgate_domain::ports::{Committed, LedgerStore, LedgerWrite, RecordedEntry, StoreError};
use tollgate_domain::{
    AccountingZone, AttemptContext, BillBy, CallerRef, Clock, DeferredOperation, EventId, JournalId,
    JournaledEntry, KeyId, KeyRef, LedgerEntry, Meter, ModelName, OutcomeKind, PriceVersion, Protocol,
    ProviderName, ReportedCostPolicy, RequestFacts, RequestId, RequestLog, Timestamp, UpstreamId,
    UpstreamRef, Usage, UsageSource,
};
use tollgate_journal::{Journal, JournalConfig};
use tollgate_ledger::{AttemptEnd, Durability, ENTRIES, Recorder, RecorderConfig, WhenFull};
use uuid::Uuid;

pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        at("2026-11-05T10:00:01Z")
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The bundled prices, read once for all tests.
pub(crate) fn book() -> Arc<PriceBook> {
    static BOOK: LazyLock<Arc<PriceBook>> = LazyLock::new(|| Arc::new(PriceBook::bundled().unwrap()));
    Arc::clone(&BOOK)
}

pub(crate) fn context(number: u128) -> AttemptContext {
    AttemptContext {
        event_id: EventId::new(Uuid::from_u128(number)),
        request_id: RequestId::new(Uuid::from_u128(1_000_000 + number)),
        attempt: 1,
        occurred_at: at("2026-11-05T10:00:00Z"),
        key: Arc::new(KeyRef {
            id: KeyId::new(Uuid::from_u128(1)),
            name: "laptop".into(),
            owner: None,
            team: None,
            tags: Vec::new().into(),
        }),
        upstream: Arc::new(UpstreamRef {
            id: UpstreamId::new(Uuid::from_u128(2)),
            name: "openai".into(),
            provider: ProviderName::new("openai"),
            account_label: None,
            credential_fingerprint: None,
            bill_by: BillBy::Served,
            reported_cost: ReportedCostPolicy::Never,
            price_modifiers: Arc::default(),
        }),
        protocol: Protocol::OpenaiChat,
        stream: false,
        model_requested: Some(ModelName::new("gpt-4o")),
        model_sent: Some(ModelName::new("gpt-4o")),
        tier_requested: None,
        caller: Arc::new(CallerRef::default()),
        facts: RequestFacts::default(),
        price_version: PriceVersion::new(0),
    }
}

pub(crate) fn reading(input: u64, output: u64) -> Reading {
    let usage = Usage::new()
        .with(Meter::Input, input)
        .unwrap()
        .with(Meter::Output, output)
        .unwrap();
    Reading {
        usage: Some(usage),
        usage_source: UsageSource::Reported,
        model_served: Some(ModelName::new("gpt-4o")),
        complete: true,
        has_output: true,
        ..Reading::default()
    }
}

pub(crate) fn completed(reading: Reading) -> AttemptEnd {
    AttemptEnd {
        kind: OutcomeKind::Completed,
        http_status: Some(200),
        ttft_us: Some(1_000),
        reading: Some(reading),
        detail: None,
    }
}

pub(crate) async fn journal(dir: &std::path::Path) -> Journal {
    Journal::open(JournalConfig::new(dir), [7; 16])
        .await
        .unwrap()
        .journal
}

pub(crate) fn recorder(journal: &Journal) -> Recorder {
    recorder_with(journal, WhenFull::Refuse)
}

pub(crate) fn recorder_with(journal: &Journal, when_full: WhenFull) -> Recorder {
    let config = RecorderConfig {
        zone: AccountingZone::UTC,
        durability: Durability::Process,
        max_wait: Duration::from_secs(5),
        when_full,
    };
    Recorder::new(journal.clone(), Arc::new(FixedClock), config)
}

/// The entries a journal holds, in order.
pub(crate) async fn journaled(journal: &Journal) -> Vec<LedgerEntry> {
    journal.flush().await.unwrap();
    let records = journal.reader(0).try_next_batch(100_000, usize::MAX).unwrap();
    let entries = records.iter().filter(|record| record.lane == ENTRIES);
    entries
        .map(|record| serde_json::from_slice(&record.payload).unwrap())
        .collect()
}

/// A store in memory that can be away, or fail after it has written.
#[derive(Default)]
pub(crate) struct FakeStore {
    pub(crate) away: AtomicBool,
    pub(crate) forget_answer: AtomicBool,
    /// The amounts of this attempt are refused for good.
    pub(crate) poison: Mutex<Option<EventId>>,
    pub(crate) tries: AtomicU64,
    pub(crate) rows: Mutex<BTreeMap<(EventId, u32), JournaledEntry>>,
    pub(crate) logs: Mutex<Vec<RequestLog>>,
    pub(crate) deferred: Mutex<Vec<DeferredOperation>>,
}

#[async_trait]
impl LedgerStore for FakeStore {
    async fn commit(&self, write: LedgerWrite, _recorded_at: Timestamp) -> Result<Committed, StoreError> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(away());
        }
        let poison = *self.poison.lock().unwrap();
        let refused =
            |row: &JournaledEntry| Some(row.entry.attempt.event_id) == poison && row.entry.amounts.is_some();
        if write.entries.iter().any(refused) {
            return Err(StoreError::Failed {
                operation: "committing",
                source: "out of range".into(),
            });
        }
        let mut done = Committed::default();
        let mut rows = self.rows.lock().unwrap();
        for entry in write.entries {
            let key = (entry.entry.attempt.event_id, entry.entry.revision);
            if rows.insert(key, entry).is_none() {
                done.inserted += 1;
            } else {
                done.replayed += 1;
            }
        }
        self.logs.lock().unwrap().extend(write.logs);
        self.deferred.lock().unwrap().extend(write.deferred);
        if self.forget_answer.swap(false, Ordering::SeqCst) {
            Err(away())
        } else {
            Ok(done)
        }
    }

    async fn entries_of_request(&self, _request: RequestId) -> Result<Vec<RecordedEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn entries(
        &self,
        _after: Option<(EventId, u32)>,
        _limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn last_journal_seq(&self, _journal: JournalId) -> Result<u64, StoreError> {
        Ok(0)
    }
}

fn away() -> StoreError {
    StoreError::Unavailable {
        operation: "committing",
        source: "connection refused".into(),
    }
}
