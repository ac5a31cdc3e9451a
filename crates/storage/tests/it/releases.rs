//! Runs of the price sync, held prices, and going back.

mod decisions;
mod migration;
mod runs;

use tollgate_domain::ports::{Begun, Finish, FinishedRun, Lease, NewRun, PriceStore, ReleaseStore};
use tollgate_domain::{
    CatalogWrite, HoldReason, JournalId, ModelLimits, ModelName, NewHold, PriceBookData, PriceVersion,
    PricedModel, ProviderName, ReleaseCounts, ReleaseId, ReleaseState, RunTrigger, Timestamp, Validators,
};

use crate::fixture::Fixture;
use crate::samples::{actor, at, card, id, noon};

/// The process that runs.
fn me() -> JournalId {
    JournalId::new(id(1_000))
}

/// Another process.
fn other() -> JournalId {
    JournalId::new(id(2_000))
}

pub(crate) fn release_id(n: u32) -> ReleaseId {
    ReleaseId::new(id(n))
}

fn later(seconds: i64) -> Timestamp {
    noon() + chrono::TimeDelta::seconds(seconds)
}

pub(crate) fn new_run(n: u32, holder: JournalId) -> NewRun {
    NewRun {
        id: release_id(n),
        trigger: RunTrigger::Manual,
        actor: actor("ada"),
        holder,
        lease_until: later(60),
    }
}

fn priced(name: &str, price: &str) -> PricedModel {
    PricedModel {
        name: ModelName::new(name),
        card_id: card(price).id(),
        provider: Some(ProviderName::new("openai")),
        mode: Some("chat".to_owned()),
        stale: false,
        limits: ModelLimits::default(),
    }
}

pub(crate) fn hold(name: &str, price: Option<&str>, current: Option<&str>) -> NewHold {
    NewHold {
        model: ModelName::new(name),
        card_id: price.map(|price| card(price).id()),
        provider: Some(ProviderName::new("openai")),
        mode: Some("chat".to_owned()),
        limits: ModelLimits {
            max_input_tokens: Some(7),
            max_output_tokens: None,
        },
        current_card_id: current.map(|price| card(price).id()),
        reason: HoldReason::Factor,
        detail: "input: 1 -> 50".to_owned(),
    }
}

fn finished(n: u32, lease: Lease, base: Option<PriceVersion>) -> FinishedRun {
    FinishedRun {
        id: release_id(n),
        lease,
        next_due_at: later(86_400),
        state: ReleaseState::Success,
        reason: None,
        alarm: None,
        url: Some("http://example.com/map.json".to_owned()),
        validators: Validators {
            etag: Some(format!("\"{n}\"")),
            last_modified: None,
        },
        grammar: "g".to_owned(),
        content_hash: Some(format!("hash {n}")),
        models: Some(2),
        counts: ReleaseCounts {
            changed: 1,
            ..ReleaseCounts::default()
        },
        unknown_fields: vec!["x_cost".to_owned()],
        base,
        write: None,
        still_held: Vec::new(),
    }
}

async fn begin(fixture: &Fixture, n: u32, holder: JournalId) -> Lease {
    match fixture.store.begin_run(new_run(n, holder), noon()).await.unwrap() {
        Begun::Yes(lease) => lease,
        Begun::Busy(id) => panic!("{id:?} is under way"),
    }
}

/// A run that puts these prices in force and holds those.
pub(crate) async fn sync(fixture: &Fixture, n: u32, prices: &[(&str, &str)], holds: Vec<NewHold>) -> Finish {
    let base = book(fixture).await.map(|book| book.version);
    let lease = begin(fixture, n, me()).await;
    let held = holds.iter().filter_map(|hold| hold.card_id).collect::<Vec<_>>();
    let all = ["1", "2", "3", "4", "5", "50"].map(card);
    let run = FinishedRun {
        write: Some(CatalogWrite {
            put: prices.iter().map(|(name, price)| priced(name, price)).collect(),
            cards: prices
                .iter()
                .map(|(_, price)| card(price))
                .chain(all.into_iter().filter(|card| held.contains(&card.id())))
                .collect(),
            holds,
        }),
        ..finished(n, lease, base)
    };
    fixture.store.finish_run(run, later(1)).await.unwrap()
}

async fn book(fixture: &Fixture) -> Option<PriceBookData> {
    fixture.store.price_book(None).await.unwrap()
}

/// The catalog as text: `name=price`, stale ones with a star.
async fn shown(fixture: &Fixture) -> String {
    let book = book(fixture).await.unwrap();
    let models = book.models.iter().map(|model| {
        let card = book.cards.iter().find(|card| card.id() == model.card_id).unwrap();
        let price = card.rates()[0].usd_per_million;
        format!("{}={price}{}", model.name, if model.stale { "*" } else { "" })
    });
    models.collect::<Vec<_>>().join(" ")
}

pub(crate) fn names(names: &[&str]) -> Vec<ModelName> {
    names.iter().map(|name| ModelName::new(*name)).collect()
}

fn afterwards() -> Timestamp {
    at("2026-11-16T12:00:00Z")
}
