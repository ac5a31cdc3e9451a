//! Attempts served while the journal had no room: their number outlives restarts and the journal's own memory of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use billing_core::{PriceBook, Reading};
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{GapSummary, LedgerStore, ReportStore};
use tollgate_domain::{
    AccountingZone, AttemptContext, BillBy, CallerRef, Clock, EventId, JournalId, KeyId, KeyRef, Meter,
    ModelName, OutcomeKind, PriceVersion, Protocol, ProviderName, ReportedCostPolicy, RequestFacts,
    RequestId, Timestamp, UpstreamId, UpstreamRef, Usage, UsageSource,
};
use tollgate_journal::{Journal, JournalConfig};
use tollgate_ledger::{
    AttemptEnd, Durability, Recorder, RecorderConfig, WhenFull, Writer, WriterConfig, WriterState, recover,
};
use tollgate_storage::{Database, DatabaseConfig, Keyring};
use uuid::Uuid;

use crate::support::{Backend, SECRET_KEY, both};

const NOON: &str = "2026-11-05T12:00:00Z";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        NOON.parse().unwrap()
    }
}

/// One run of a gateway's billing side.
struct Session {
    journal: Journal,
    recorder: Recorder,
    database: Arc<Database>,
    book: Arc<PriceBook>,
}

impl Session {
    async fn start(dir: &Path, url: &str) -> Self {
        let config = JournalConfig {
            segment_bytes: 8 << 10,
            disk_budget_bytes: 96 << 10,
            reserve_bytes: 16 << 10,
            ..JournalConfig::new(dir.join("journal"))
        };
        let journal = Journal::open(config, [7; 16]).await.unwrap().journal;
        let settings = RecorderConfig {
            zone: AccountingZone::UTC,
            durability: Durability::Process,
            max_wait: Duration::from_secs(5),
            when_full: WhenFull::Serve,
        };
        let recorder = Recorder::new(journal.clone(), Arc::new(Noon), settings);
        let book = Arc::new(PriceBook::bundled().unwrap());
        recover(&recorder, &book).unwrap();
        let config = DatabaseConfig {
            url: url.to_owned(),
            keyring: Keyring::from_base64(SECRET_KEY, []).unwrap(),
            max_connections: 2,
        };
        let database = tollgate_storage::connect(config).await.unwrap();
        Self {
            journal,
            recorder,
            database,
            book,
        }
    }

    async fn settle(&self, numbers: std::ops::Range<u128>) {
        for number in numbers {
            let usage = Usage::new().with(Meter::Input, 1).unwrap();
            let reading = Reading {
                usage: Some(usage),
                usage_source: UsageSource::Reported,
                model_served: Some(ModelName::new("gpt-4o")),
                complete: true,
                has_output: true,
                ..Reading::default()
            };
            let end = AttemptEnd {
                kind: OutcomeKind::Completed,
                http_status: Some(200),
                ttft_us: None,
                reading: Some(reading),
                detail: None,
            };
            let attempt = self
                .recorder
                .open(context(number), Arc::clone(&self.book))
                .await
                .unwrap();
            attempt.settle(end).wait().await;
        }
    }

    /// What the overview shows.
    async fn shown(&self) -> Option<u64> {
        let stored = self.database.gaps().await.unwrap();
        let own = JournalId::new(Uuid::from_bytes(self.journal.id()));
        let summary = GapSummary::new(&stored, own, &self.recorder.pending_gaps());
        if let Some(total) = summary.total {
            let noon: Timestamp = NOON.parse().unwrap();
            assert_eq!((total.from, total.until), (noon, noon));
            assert_eq!(summary.stretches, [(own, total)]);
        }
        summary.total.map(|total| total.attempts)
    }

    /// Writes everything to the database and stops in order.
    async fn write_and_stop(self) {
        let (state, stop) = (Arc::new(WriterState::default()), CancellationToken::new());
        let writer = Writer::new(
            self.recorder.clone(),
            Arc::clone(&self.database) as _,
            Arc::new(Noon),
            WriterConfig::default(),
            state,
        );
        stop.cancel();
        writer.run(stop, Duration::from_mins(1)).await.unwrap();
        self.journal.close().await.unwrap();
    }
}

fn context(number: u128) -> AttemptContext {
    let millis = u128::from(Noon.now().timestamp_millis().unsigned_abs());
    let id = |n: u128| Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | n);
    AttemptContext {
        event_id: EventId::new(id(number)),
        request_id: RequestId::new(id(1_000_000 + number)),
        attempt: 1,
        occurred_at: Noon.now(),
        key: Arc::new(KeyRef {
            id: KeyId::new(id(1)),
            name: "laptop".into(),
            owner: None,
            team: None,
            tags: Vec::new().into(),
        }),
        upstream: Arc::new(UpstreamRef {
            id: UpstreamId::new(id(2)),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unrecorded_attempts_are_known_after_two_restarts_and_counted_once() {
    both(async |backend: Backend| {
        let dir = tempfile::tempdir().unwrap();
        let url = backend.url(dir.path());
        tollgate_storage::migrate(&url).await.unwrap();

        // The database takes nothing until the journal is full.
        let session = Session::start(dir.path(), &url).await;
        assert_eq!(session.shown().await, None);
        let mut sent = 0;
        while session.recorder.stats().gap_attempts < 20 {
            session.settle(sent..sent + 1).await;
            sent += 1;
        }
        assert_eq!(session.shown().await, Some(20));
        let database = Arc::clone(&session.database);
        session.write_and_stop().await;

        // The count made since the first note is noted at the stop, behind what is written: the next run writes it.
        let session = Session::start(dir.path(), &url).await;
        assert_eq!(session.shown().await, Some(20));
        session.settle(sent..sent + 5).await;
        let noted = session.journal.stats().last_position;
        session.write_and_stop().await;

        let session = Session::start(dir.path(), &url).await;
        assert!(
            session.journal.last_mark().low_water > noted - 5,
            "the notes are past replay"
        );
        assert!(
            session.recorder.pending_gaps().is_empty(),
            "only the database knows"
        );
        assert_eq!(session.shown().await, Some(20));
        session.settle(sent + 5..sent + 6).await;
        session.write_and_stop().await;

        let entries = database.entries(None, 10_000).await.unwrap().len() as u128;
        assert_eq!(entries + 20, sent + 6, "every attempt has an entry or is counted");
        let stored = database.gaps().await.unwrap();
        assert_eq!(stored.journals[0].total.attempts, 20);
    })
    .await;
}
