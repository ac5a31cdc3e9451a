//! How long a release takes to apply: 4,000 models, then each of them at another price, on both databases.
//!
//! `cargo run --release -p tollgate-storage --example apply_release`; `TOLLGATE_TEST_PG` names a cluster to use, or one
//! is started.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Instant;

use secrecy::ExposeSecret as _;
use tollgate_domain::ports::{Begun, Finish, FinishedRun, NewRun, PriceStore as _, ReleaseStore as _};
use tollgate_domain::{
    Actor, CardRate, CatalogWrite, JournalId, Meter, ModelLimits, ModelName, PricedModel, ProviderName,
    RateCard, ReleaseCounts, ReleaseId, ReleaseState, RunTrigger, ServiceTier, Timestamp, Validators,
};
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use tollgate_testkit::postgres::PgCluster;
use uuid::Uuid;

const MODELS: u32 = 4_000;
const ROUNDS: u32 = 5;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let sqlite = format!("sqlite://{}", directory.path().join("bench.sqlite").display());
    measure("SQLite", &sqlite).await?;
    let cluster = PgCluster::start()?;
    let database = cluster.fresh_database(None).await?;
    measure("PostgreSQL", database.url()).await
}

async fn measure(name: &str, url: &str) -> Result<()> {
    migrate(url).await?;
    let key = Keyring::generate()?;
    let keyring = Keyring::from_base64(key.expose_secret(), [])?;
    let store = connect(DatabaseConfig {
        url: url.to_owned(),
        keyring,
        max_connections: 2,
    })
    .await?;
    for round in 0..=ROUNDS {
        let write = catalog(round)?;
        let started = Instant::now();
        let version = apply(&store, round, write).await?;
        let what = if round == 0 { "new" } else { "changed" };
        writeln!(
            io::stdout(),
            "{name}: {MODELS} {what} models in {} ms, version {version}",
            started.elapsed().as_millis()
        )?;
    }
    let started = Instant::now();
    let book = store.price_book(None).await?.ok_or("no book")?;
    writeln!(
        io::stdout(),
        "{name}: a book of {} models read in {} ms",
        book.models.len(),
        started.elapsed().as_millis()
    )?;
    Ok(())
}

async fn apply(store: &Arc<Database>, round: u32, write: CatalogWrite) -> Result<i64> {
    let now: Timestamp = "2026-11-15T12:00:00Z".parse()?;
    let id = ReleaseId::new(Uuid::from_u128(u128::from(round) + 1));
    let run = NewRun {
        id,
        trigger: RunTrigger::Manual,
        actor: Actor::system("bench"),
        holder: JournalId::new(Uuid::from_u128(7)),
        lease_until: now + chrono::TimeDelta::minutes(1),
    };
    let base = store.price_book(None).await?.map(|book| book.version);
    let started = Instant::now();
    let Begun::Yes(lease) = store.begin_run(run, now).await? else {
        return Err("another run is under way".into());
    };
    let finished = FinishedRun {
        id,
        lease,
        next_due_at: now,
        state: ReleaseState::Success,
        reason: None,
        alarm: None,
        url: None,
        validators: Validators::default(),
        grammar: String::new(),
        content_hash: Some(round.to_string()),
        models: Some(MODELS),
        counts: ReleaseCounts::default(),
        unknown_fields: Vec::new(),
        base,
        write: Some(write),
        still_held: Vec::new(),
    };
    let done = store.finish_run(finished, now).await?;
    writeln!(
        io::stdout(),
        "  begun and applied in {} ms",
        started.elapsed().as_millis()
    )?;
    match done {
        Finish::Done(Some(version)) => Ok(version.get()),
        other => Err(format!("{other:?}").into()),
    }
}

/// Cards of the size most chat models have, none like another.
fn catalog(round: u32) -> Result<CatalogWrite> {
    let mut write = CatalogWrite::default();
    for n in 0..MODELS {
        let price = u64::from(round * MODELS + n + 1);
        let mut rates = Vec::new();
        for (meter, part) in [
            (Meter::Input, 1),
            (Meter::Output, 4),
            (Meter::CacheRead, 2),
            (Meter::CacheWrite5m, 3),
        ] {
            for tier in [ServiceTier::Standard, ServiceTier::Batch, ServiceTier::Flex] {
                // CardRate may grow: everything but these four is left at its default.
                let json = serde_json::json!({
                    "meter": meter,
                    "tier": tier,
                    "usd_per_million": format!("{}.{part}", price),
                });
                rates.push(serde_json::from_value::<CardRate>(json)?);
            }
        }
        let card = Arc::new(RateCard::try_new(rates, BTreeMap::new())?);
        write.put.push(PricedModel {
            name: ModelName::new(format!("provider-{}/model-{n}", n % 40)),
            card_id: card.id(),
            provider: Some(ProviderName::new(format!("provider-{}", n % 40))),
            mode: Some("chat".to_owned()),
            stale: false,
            limits: ModelLimits::default(),
        });
        write.cards.push(card);
    }
    Ok(write)
}
