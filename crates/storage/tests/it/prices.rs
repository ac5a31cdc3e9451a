//! The versioned price book.

use tollgate_domain::ports::{
    CatalogState, ConfigStore, PriceRuleStore, PriceStore, ReleaseStore, ReportStore, RuleBefore,
    UpstreamStore,
};
use tollgate_domain::{
    AliasId, ModelLimits, ModelName, NewRelease, OverrideId, PriceAlias, PriceBookData, PriceOverride,
    PriceVersion, PricedModel, ProviderName, ReleaseCounts, ReleaseId, ReleaseOrigin, UpstreamId,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::price_rules::{change, edit, end_alias, end_override, put_alias, put_override};
use crate::samples::{actor, at, card, id, multiplier, noon, upstream};

on_both!(
    before_the_first_release_there_is_no_book,
    a_release_is_the_book,
    every_past_version_can_be_rebuilt,
    the_bundled_release_is_published_once,
    an_altered_card_is_refused,
    concurrent_changes_take_consecutive_versions,
);

fn release(n: u32, origin: ReleaseOrigin, prices: &[(&str, &str)]) -> NewRelease {
    let models = prices.iter().map(|(name, price)| PricedModel {
        name: ModelName::new(*name),
        card_id: card(price).id(),
        provider: Some(ProviderName::new("openai")),
        mode: Some("chat".to_owned()),
        stale: *name == "old",
        limits: ModelLimits {
            max_input_tokens: Some(u32::MAX),
            max_output_tokens: None,
        },
    });
    NewRelease {
        id: ReleaseId::new(id(n)),
        content_hash: format!("hash {n}"),
        origin,
        author: "sync".to_owned(),
        models: models.collect(),
        cards: prices.iter().map(|(_, price)| card(price)).collect(),
        counts: ReleaseCounts {
            added: 2,
            ..ReleaseCounts::default()
        },
        unknown_fields: vec!["x_cost".to_owned()],
    }
}

pub(crate) fn price_override(n: u32, price: &str) -> PriceOverride {
    PriceOverride {
        id: OverrideId::new(id(n)),
        model: ModelName::new("gpt-5"),
        upstream_id: Some(UpstreamId::new(id(1))),
        card: card(price),
        apply_multipliers: true,
        note: Some("contract".to_owned()),
        author: "ada".to_owned(),
    }
}

pub(crate) fn alias(n: u32) -> PriceAlias {
    PriceAlias {
        id: AliasId::new(id(n)),
        alias: ModelName::new("my-gpt"),
        target: ModelName::new("gpt-5"),
        upstream_id: None,
        note: Some("house name".to_owned()),
        author: "ada".to_owned(),
    }
}

async fn book(fixture: &Fixture, version: i64) -> PriceBookData {
    let book = fixture.store.price_book(Some(PriceVersion::new(version))).await;
    book.unwrap().unwrap()
}

async fn before_the_first_release_there_is_no_book(fixture: Fixture) {
    assert_eq!(fixture.store.price_book(None).await.unwrap(), None);
    assert_eq!(fixture.store.current_release_hash().await.unwrap(), None);
    assert_eq!(fixture.store.catalog_state().await.unwrap(), None);
    assert_eq!(fixture.store.versions().await.unwrap().prices, None);
}

async fn a_release_is_the_book(fixture: Fixture) {
    let release = release(
        1,
        ReleaseOrigin::Synced,
        &[("old", "1"), ("new", "2"), ("twin", "2")],
    );
    let version = fixture
        .store
        .publish_release(release.clone(), noon())
        .await
        .unwrap();
    let book = fixture.store.price_book(None).await.unwrap().unwrap();
    let mut models = release.models.clone();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(
        (book.version, book.created_at, book.release_id),
        (version, noon(), Some(release.id))
    );
    assert_eq!(book.models, models);
    assert_eq!(book.cards.len(), 2);
    assert!(book.cards.contains(&card("1")) && book.cards.contains(&card("2")));
    assert_eq!(
        fixture.store.current_release_hash().await.unwrap().as_deref(),
        Some("hash 1")
    );
    assert_eq!(fixture.store.versions().await.unwrap().prices, Some(version));
    let state = CatalogState {
        models: 3,
        stale: 1,
        held: 0,
        overrides: 0,
        origin: ReleaseOrigin::Synced,
        published_at: noon(),
        content_hash: "hash 1".to_owned(),
        last_sync: fixture.store.release(release.id).await.unwrap(),
    };
    assert_eq!(fixture.store.catalog_state().await.unwrap(), Some(state));
}

async fn every_past_version_can_be_rebuilt(fixture: Fixture) {
    let store = &fixture.store;
    let mut history = Vec::new();
    let later = at("2026-11-15T13:00:00Z");
    let one = release(1, ReleaseOrigin::Synced, &[("a", "1"), ("b", "2")]);
    let two = release(2, ReleaseOrigin::Synced, &[("a", "3")]);
    let mut cheaper = store
        .create_upstream(upstream(1, "main"), None, &actor("ada"))
        .await
        .unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());
    store.publish_release(one, noon()).await.unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());
    change(
        store,
        vec![put_override(price_override(10, "5"), RuleBefore::Nothing)],
        noon(),
    )
    .await;
    history.push(store.price_book(None).await.unwrap().unwrap());
    change(
        store,
        vec![put_override(price_override(10, "6"), RuleBefore::Any)],
        later,
    )
    .await;
    history.push(store.price_book(None).await.unwrap().unwrap());
    change(store, vec![put_alias(alias(20), RuleBefore::Nothing)], later).await;
    history.push(store.price_book(None).await.unwrap().unwrap());
    cheaper.input_multiplier = multiplier("0.5");
    let keep = tollgate_domain::ports::NewCredential::Keep;
    store
        .update_upstream(cheaper, keep, None, &actor("ada"), None)
        .await
        .unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());
    store.publish_release(two, later).await.unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());
    store
        .change_rules(vec![end_override(10)], edit("bob", later))
        .await
        .unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());
    store
        .change_rules(vec![end_alias(20)], edit("bob", later))
        .await
        .unwrap();
    history.push(store.price_book(None).await.unwrap().unwrap());

    for (version, then) in (1..).zip(&history) {
        assert_eq!(book(&fixture, version).await, *then, "version {version}");
    }
    assert_eq!(store.price_book(Some(PriceVersion::new(10))).await.unwrap(), None);
    let (priced, aliased) = (&history[3], &history[4]);
    assert_eq!(priced.overrides, [price_override(10, "6")]);
    assert_eq!(history[2].overrides, [price_override(10, "5")]);
    assert_eq!(aliased.aliases, [alias(20)]);
    assert_eq!(aliased.multipliers[0].input, multiplier("0.85"));
    assert_eq!(history[5].multipliers[0].input, multiplier("0.5"));
    assert_eq!(history[6].models.len(), 1);
    let last = &history[8];
    assert!(last.overrides.is_empty() && last.aliases.is_empty());
    let ended = "SELECT author || ' ' || ended_by AS value FROM price_overrides ORDER BY valid_from_version";
    assert_eq!(fixture.values(ended).await, ["ada ada", "ada bob"]);
}

async fn the_bundled_release_is_published_once(fixture: Fixture) {
    let mut versions = Vec::new();
    for n in 1..=2 {
        let mut bundled = release(n, ReleaseOrigin::Bundled, &[("a", "1")]);
        "same".clone_into(&mut bundled.content_hash);
        versions.push(fixture.store.publish_release(bundled, noon()).await.unwrap());
    }
    assert_eq!(versions, [PriceVersion::new(1); 2]);
    let newer = release(3, ReleaseOrigin::Bundled, &[("a", "2")]);
    assert_eq!(
        fixture.store.publish_release(newer, noon()).await.unwrap(),
        PriceVersion::new(2)
    );
}

async fn an_altered_card_is_refused(fixture: Fixture) {
    let published = release(1, ReleaseOrigin::Synced, &[("a", "1")]);
    fixture.store.publish_release(published, noon()).await.unwrap();
    fixture
        .execute("UPDATE rate_cards SET body = replace(body, '\"1\"', '\"2\"')")
        .await
        .unwrap();
    let error = fixture.store.price_book(None).await.unwrap_err().to_string();
    assert!(error.contains("rate card"), "{error}");
}

async fn concurrent_changes_take_consecutive_versions(fixture: Fixture) {
    let changes = (1..=6).map(|n| {
        let store = fixture.store.clone();
        async move {
            let mut price = price_override(n, "1");
            price.model = ModelName::new(format!("model {n}"));
            change(&store, vec![put_override(price, RuleBefore::Nothing)], noon()).await
        }
    });
    let mut versions = futures_util::future::join_all(changes).await;
    versions.sort_unstable();
    assert_eq!(versions, (1..=6).map(PriceVersion::new).collect::<Vec<_>>());
    assert_eq!(
        fixture
            .store
            .price_book(None)
            .await
            .unwrap()
            .unwrap()
            .overrides
            .len(),
        6
    );
}
