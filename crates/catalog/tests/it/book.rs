//! Building a price book.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_catalog::{CatalogError, PriceBook, snapshot};
use tollgate_domain::{
    Multiplier, PriceBookData, PriceVersion, ReleaseId, Timestamp, UpstreamId, UpstreamMultipliers,
};
use uuid::Uuid;

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
