use tollgate_domain::ports::{
    Activated, Begun, Decided, FinishedRun, HeldChangeStore, LedgerStore, LetGo, PriceStore, ReleaseStore,
    UpstreamStore,
};
use tollgate_domain::{
    CatalogWrite, HoldState, ModelName, PriceVersion, PricedModel, ReleaseId, ReleaseState,
};

use super::{afterwards, begin, finished, hold, later, me, names, new_run, priced, release_id, shown, sync};
use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, card, noon, upstream};

on_both!(
    some_held_prices_are_accepted_and_the_rest_stays_held,
    a_rejected_price_stays_known,
    accepting_what_was_held_whole_makes_the_release_current,
    what_a_later_map_does_not_propose_is_superseded,
    an_earlier_release_is_made_current_again,
    a_release_shows_what_it_changed_and_held,
    held_prices_are_read_with_their_cards_where_asked_for,
    stale_models_are_let_go,
    models_in_use_are_those_of_rollups_and_request_logs,
);

async fn states(fixture: &Fixture) -> Vec<String> {
    fixture
        .values("SELECT model || ' ' || state AS value FROM price_holds ORDER BY model, state")
        .await
}

async fn some_held_prices_are_accepted_and_the_rest_stays_held(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2")], Vec::new()).await;
    sync(
        &fixture,
        2,
        &[("c", "3")],
        vec![hold("a", Some("50"), Some("1")), hold("b", Some("5"), Some("2"))],
    )
    .await;
    let id = release_id(2);
    let decide = async |models, accept| {
        store
            .decide(id, models, accept, &actor("ada"), afterwards())
            .await
            .unwrap()
    };
    assert_eq!(
        store
            .decide(release_id(9), None, true, &actor("ada"), noon())
            .await
            .unwrap(),
        Decided::Missing
    );
    assert_eq!(
        decide(Some(names(&["b", "c"])), true).await,
        Decided::NotHeld(names(&["c"]))
    );
    let version = Some(PriceVersion::new(3));
    assert_eq!(
        decide(Some(names(&["b"])), true).await,
        Decided::Done {
            version,
            models: names(&["b"])
        }
    );
    assert_eq!(shown(&fixture).await, "a=1 b=5 c=3");
    let release = store.release(id).await.unwrap().unwrap();
    assert_eq!(
        (release.holds.held, release.holds.accepted, release.current),
        (1, 1, true)
    );
    assert_eq!(store.held_prices(HoldState::Held).await.unwrap().len(), 1);
    let version = Some(PriceVersion::new(4));
    assert_eq!(
        decide(None, true).await,
        Decided::Done {
            version,
            models: names(&["a"])
        }
    );
    assert_eq!(decide(None, true).await, Decided::NothingHeld);
    assert_eq!(shown(&fixture).await, "a=50 b=5 c=3");
    let before = store
        .price_book(Some(PriceVersion::new(2)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        before.models,
        [priced("a", "1"), priced("b", "2"), priced("c", "3")]
    );
}

async fn a_rejected_price_stays_known(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1")], vec![hold("a", Some("50"), Some("1"))]).await;
    let done = store
        .decide(release_id(1), None, false, &actor("ada"), afterwards())
        .await
        .unwrap();
    assert_eq!(
        done,
        Decided::Done {
            version: None,
            models: names(&["a"])
        }
    );
    assert_eq!(shown(&fixture).await, "a=1");
    let rejected = store.held_prices(HoldState::Rejected).await.unwrap();
    assert_eq!(rejected[0].hold, hold("a", Some("50"), Some("1")));
    assert_eq!(rejected[0].decided_by.as_deref(), Some("ada"));
    assert_eq!(rejected[0].decided_at, Some(afterwards()));
    assert_eq!(fixture.count("price_book_versions").await, 1);
}

async fn accepting_what_was_held_whole_makes_the_release_current(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2")], Vec::new()).await;
    let lease = begin(&fixture, 2, me()).await;
    let write = CatalogWrite {
        put: Vec::new(),
        cards: vec![card("3")],
        holds: vec![hold("a", Some("3"), Some("1")), hold("b", None, Some("2"))],
    };
    let run = FinishedRun {
        state: ReleaseState::Held,
        write: Some(write),
        ..finished(2, lease, Some(PriceVersion::new(1)))
    };
    store.finish_run(run, later(1)).await.unwrap();
    assert_eq!(shown(&fixture).await, "a=1 b=2");
    store
        .decide(release_id(2), None, true, &actor("ada"), afterwards())
        .await
        .unwrap();
    assert_eq!(shown(&fixture).await, "a=3 b=2*");
    let release = store.release(release_id(2)).await.unwrap().unwrap();
    assert_eq!(
        (release.current, release.version),
        (true, Some(PriceVersion::new(2)))
    );
}

async fn what_a_later_map_does_not_propose_is_superseded(fixture: Fixture) {
    let both = vec![hold("a", Some("50"), Some("1")), hold("b", Some("5"), None)];
    sync(&fixture, 1, &[("a", "1")], both).await;
    let lease = begin(&fixture, 2, me()).await;
    let run = FinishedRun {
        write: Some(CatalogWrite::default()),
        still_held: vec![ModelName::new("b")],
        ..finished(2, lease, Some(PriceVersion::new(1)))
    };
    fixture.store.finish_run(run, later(1)).await.unwrap();
    assert_eq!(states(&fixture).await, ["a superseded", "b held"]);
}

async fn an_earlier_release_is_made_current_again(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2")], Vec::new()).await;
    store
        .create_upstream(upstream(1, "main"), None, &actor("ada"))
        .await
        .unwrap();
    sync(&fixture, 2, &[("a", "3"), ("c", "4")], Vec::new()).await;
    let activate = async |id: ReleaseId| {
        store
            .activate_release(id, &actor("ada"), afterwards())
            .await
            .unwrap()
    };
    assert_eq!(activate(release_id(9)).await, Activated::Missing);
    assert_eq!(activate(release_id(2)).await, Activated::Already);
    let begun = store.begin_run(new_run(3, me()), noon()).await.unwrap();
    assert!(matches!(begun, Begun::Yes(_)));
    assert_eq!(activate(release_id(3)).await, Activated::NeverInForce);
    let done = activate(release_id(1)).await;
    let version = PriceVersion::new(4);
    assert_eq!(
        done,
        Activated::Done {
            version,
            changed: 1,
            added: 0,
            removed: 1
        }
    );
    assert_eq!(shown(&fixture).await, "a=1 b=2");
    assert!(store.release(release_id(1)).await.unwrap().unwrap().current);
    let book = store.price_book(None).await.unwrap().unwrap();
    assert_eq!(
        (book.version, book.release_id, book.multipliers.len()),
        (version, Some(release_id(1)), 1)
    );
    // The next sync is told that this price was refused; going forward again forgets it.
    assert_eq!(states(&fixture).await, ["a rejected"]);
    activate(release_id(2)).await;
    assert_eq!(shown(&fixture).await, "a=3 b=2 c=4");
    let refused = store.held_prices(HoldState::Rejected).await.unwrap();
    let refused: Vec<_> = refused.iter().map(|held| held.hold.card_id).collect();
    assert_eq!(refused, [Some(card("1").id())]);
    let past = store
        .price_book(Some(PriceVersion::new(3)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        past.models,
        [priced("a", "3"), priced("b", "2"), priced("c", "4")]
    );
}

async fn held_prices_are_read_with_their_cards_where_asked_for(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2")], Vec::new()).await;
    let holds = vec![
        hold("a", Some("50"), Some("1")),
        hold("b", None, Some("2")),
        hold("c", Some("4"), None),
    ];
    sync(&fixture, 2, &[("d", "3")], holds).await;
    let read = async |models: &[&str]| {
        let mut changes = store.held_changes(names(models)).await.unwrap();
        changes.sort_by(|one, other| one.model.cmp(&other.model));
        let price = |side: Option<&(PricedModel, std::sync::Arc<tollgate_domain::RateCard>)>| {
            side.map_or("-".to_owned(), |(_, card)| {
                card.rates()[0].usd_per_million.to_string()
            })
        };
        let changes = changes.iter().map(|change| {
            let (before, after) = (price(change.before.as_ref()), price(change.after.as_ref()));
            format!("{} {before} {after}", change.model)
        });
        changes.collect::<Vec<_>>()
    };
    assert_eq!(read(&["a", "b", "c", "d"]).await, ["a 1 50", "b 2 2", "c - 4"]);
    assert_eq!(read(&["c"]).await, ["c - 4"]);
    assert!(read(&[]).await.is_empty());
    let (ada, only) = (actor("ada"), Some(names(&["a"])));
    let rejected = store.decide(release_id(2), only, false, &ada, afterwards()).await;
    rejected.unwrap();
    assert!(read(&["a"]).await.is_empty(), "it is decided");
}

async fn a_release_shows_what_it_changed_and_held(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2"), ("c", "3")], Vec::new()).await;
    sync(
        &fixture,
        2,
        &[("b", "4"), ("d", "5")],
        vec![hold("a", Some("50"), Some("1"))],
    )
    .await;
    let changes = store
        .release_changes(release_id(2), None, 10)
        .await
        .unwrap()
        .unwrap();
    let text: Vec<String> = changes
        .iter()
        .map(|change| {
            let price = |side: &Option<(PricedModel, std::sync::Arc<tollgate_domain::RateCard>)>| {
                side.as_ref().map_or("-".to_owned(), |(_, card)| {
                    card.rates()[0].usd_per_million.to_string()
                })
            };
            let held = change.held.as_ref().map_or("", |held| held.hold.reason.as_str());
            format!(
                "{} {} {} {held}",
                change.model,
                price(&change.before),
                price(&change.after)
            )
        })
        .collect();
    assert_eq!(text, ["a 1 50 factor", "b 2 4 ", "d - 5 "]);
    let page = store
        .release_changes(release_id(2), Some(ModelName::new("a")), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].model.as_str(), "b");
    assert_eq!(
        store.release_changes(release_id(9), None, 10).await.unwrap(),
        None
    );
}

async fn stale_models_are_let_go(fixture: Fixture) {
    let store = &fixture.store;
    assert_eq!(
        store.let_go(None, &actor("ada"), noon()).await.unwrap(),
        LetGo::Nothing
    );
    sync(&fixture, 1, &[("a", "1"), ("b", "2"), ("c", "3")], Vec::new()).await;
    let lease = begin(&fixture, 2, me()).await;
    let stale = |name: &str, price: &str| PricedModel {
        stale: true,
        ..priced(name, price)
    };
    let write = CatalogWrite {
        put: vec![stale("a", "1"), stale("b", "2")],
        ..CatalogWrite::default()
    };
    let run = FinishedRun {
        write: Some(write),
        ..finished(2, lease, Some(PriceVersion::new(1)))
    };
    store.finish_run(run, later(1)).await.unwrap();
    let listed = store.stale_models(None, 10).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(
        (listed[0].since_version, listed[0].since),
        (PriceVersion::new(2), later(1))
    );
    assert_eq!(
        store
            .stale_models(Some(ModelName::new("a")), 10)
            .await
            .unwrap()
            .len(),
        1
    );
    let wrong = store
        .let_go(Some(names(&["a", "c"])), &actor("ada"), noon())
        .await
        .unwrap();
    assert_eq!(wrong, LetGo::NotStale(names(&["c"])));
    let one = store
        .let_go(Some(names(&["a"])), &actor("ada"), noon())
        .await
        .unwrap();
    assert_eq!(
        one,
        LetGo::Done {
            version: PriceVersion::new(3),
            models: names(&["a"])
        }
    );
    assert_eq!(shown(&fixture).await, "b=2* c=3");
    store.let_go(None, &actor("ada"), noon()).await.unwrap();
    assert_eq!(shown(&fixture).await, "c=3");
}

async fn models_in_use_are_those_of_rollups_and_request_logs(fixture: Fixture) {
    let store = &fixture.store;
    let entries = crate::samples::journaled(1, vec![crate::samples::billed(1, "1")]);
    store.commit(crate::ledger::write(entries), noon()).await.unwrap();
    let nothing_yet = store
        .seen_models(noon() - chrono::TimeDelta::days(30))
        .await
        .unwrap();
    assert_eq!(nothing_yet.served, [], "the upstream of the entry is not stored");
    assert!(!nothing_yet.requested.is_empty());
    let mut known = upstream(1, "main");
    known.id = crate::samples::upstream_ref().id;
    store.create_upstream(known, None, &actor("ada")).await.unwrap();
    let seen = store
        .seen_models(noon() - chrono::TimeDelta::days(30))
        .await
        .unwrap();
    assert_eq!(seen.served.len(), 1);
    assert_eq!(
        store.seen_models(afterwards()).await.unwrap(),
        tollgate_domain::ports::SeenModels::default()
    );
}
