//! Building a price book.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_catalog::{CatalogError, PriceBook, snapshot};
use tollgate_domain::{
    AliasId, CardRate, Meter, ModelName, Multiplier, OverrideId, PriceAlias, PriceBookData, PriceOverride,
    PriceVersion, RateCard, ReleaseId, Timestamp, UpstreamId, UpstreamMultipliers,
};
use uuid::Uuid;

fn card(usd_per_million: &str) -> Arc<RateCard> {
    let rate = CardRate::flat(Meter::Input, usd_per_million.parse().unwrap());
    Arc::new(RateCard::try_new(vec![rate], BTreeMap::new()).unwrap())
}

fn data() -> PriceBookData {
    let release = snapshot::bundled_release(ReleaseId::new(Uuid::nil()), "test").unwrap();
    PriceBookData {
        version: PriceVersion::new(7),
        created_at: Timestamp::UNIX_EPOCH,
        release_id: Some(release.id),
        models: release.models,
        cards: release.cards,
        overrides: Vec::new(),
        aliases: Vec::new(),
        multipliers: Vec::new(),
    }
}

#[test]
fn a_stored_release_prices_as_the_bundled_book_does() {
    let (stored, bundled) = (PriceBook::build(data()).unwrap(), PriceBook::bundled().unwrap());
    assert_eq!((stored.len(), stored.version().get()), (bundled.len(), 7));
    for model in data().models {
        let name = model.name.as_str();
        assert_eq!(stored.synced_card(name), bundled.synced_card(name), "{name}");
        assert!(stored.synced_card(name).is_some(), "{name}");
    }
}

#[test]
fn a_model_without_its_card_is_an_error_naming_it() {
    let mut data = data();
    let lost = data.models[0].clone();
    data.cards.retain(|card| card.id() != lost.card_id);
    let error = PriceBook::build(data).unwrap_err();
    assert!(matches!(&error, CatalogError::CardMissing { card_id, .. } if *card_id == lost.card_id));
}

#[test]
fn an_upstream_has_the_multipliers_set_for_it_and_another_one_has_none() {
    let (known, unknown) = (
        UpstreamId::new(Uuid::from_u128(1)),
        UpstreamId::new(Uuid::from_u128(2)),
    );
    let set = UpstreamMultipliers {
        upstream_id: known,
        input: "0.5".parse().unwrap(),
        output: Multiplier::ZERO,
        allow_free: true,
        by_model: Vec::new(),
    };
    let book = PriceBook::build(PriceBookData {
        multipliers: vec![set.clone()],
        ..data()
    })
    .unwrap();
    assert_eq!(
        (book.multipliers(known), book.multipliers(unknown)),
        (Some(&set), None)
    );
}

#[test]
fn cards_of_ones_own_make_a_book() {
    let rate = tollgate_domain::CardRate::flat(tollgate_domain::Meter::Input, "3".parse().unwrap());
    let card = tollgate_domain::RateCard::try_new(vec![rate], BTreeMap::new()).unwrap();
    let book = PriceBook::from_cards([(tollgate_domain::ModelName::new("mine"), card.clone())]);
    assert_eq!(book.synced_card("mine"), Some(&card));
    assert_eq!(Arc::new(book).len(), 1);
}

#[test]
fn a_book_can_be_asked_what_it_would_be_with_one_rule_more_or_less() {
    let upstream_id = UpstreamId::new(Uuid::from_u128(7));
    let book = PriceBook::from_litellm_json(
        r#"{"a/b": {"input_cost_per_token": 1e-06, "litellm_provider": "a", "mode": "chat", "max_input_tokens": 8192},
            "c": {"input_cost_per_token": 2e-06}}"#,
    )
    .unwrap();
    let price = |upstream_id| PriceOverride {
        id: OverrideId::new(Uuid::from_u128(8)),
        model: ModelName::new("a/b"),
        upstream_id,
        card: card("5"),
        apply_multipliers: false,
        note: None,
        author: "ada".to_owned(),
    };
    let more = book
        .clone()
        .with_price_override(price(None))
        .with_price_override(price(Some(upstream_id)));
    let card_of = |book: &PriceBook| book.override_of(None, "a/b").map(|name| name.card_id);
    assert_eq!(card_of(&more), Some(card("5").id()));
    assert_eq!(more.overrides().count(), 2);
    assert_eq!(book.overrides().count(), 0, "the first book is as it was");
    let less = more.without_price_override(None, &ModelName::new("a/b"));
    assert_eq!(card_of(&less), None);
    let left: Vec<_> = less
        .overrides()
        .map(|name| (name.upstream_id, name.multiplied))
        .collect();
    assert_eq!(left, [(Some(upstream_id), false)]);

    let synced = book.synced_name("a/b").unwrap();
    assert_eq!(
        (synced.mode, synced.limits.max_input_tokens),
        (Some("chat"), Some(8192))
    );
    assert_eq!((book.synced().count(), synced.override_id), (2, None));

    let alias = PriceAlias {
        id: AliasId::new(Uuid::from_u128(9)),
        alias: ModelName::new("house"),
        target: ModelName::new("c"),
        upstream_id: None,
        note: None,
        author: "ada".to_owned(),
    };
    let aliased = book.with_price_alias(alias);
    assert_eq!(aliased.alias_of(None, "house").map(ModelName::as_str), Some("c"));
    assert_eq!(aliased.aliases().count(), 1);
    assert_eq!(
        aliased
            .without_price_alias(None, &ModelName::new("house"))
            .aliases()
            .count(),
        0
    );
}
