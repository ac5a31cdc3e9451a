//! The shipped snapshot: nothing in it is lost.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use tollgate_catalog::{FieldClass, ParsedMap, parse_map, snapshot};
use tollgate_domain::{Meter, ReleaseId, ServiceTier};

static MAP: LazyLock<ParsedMap> = LazyLock::new(|| parse_map(snapshot::BUNDLED).unwrap());

#[test]
fn every_entry_with_any_price_yields_a_card() {
    let raw: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(snapshot::BUNDLED).unwrap();
    assert_eq!(raw.len(), MAP.models.len());
    let mut priced = 0;
    for model in &MAP.models {
        let fields = &raw[model.name.as_str()];
        let has_price = fields
            .iter()
            .any(|(name, value)| (name.contains("cost") || name.contains("pricing")) && !value.is_null());
        priced += usize::from(has_price);
        assert_eq!(model.card.is_some(), has_price, "{}", model.name);
    }
    assert_eq!((MAP.models.len(), priced), (4_240, 4_142));
}

#[test]
fn every_unknown_field_is_on_this_list() {
    let unknown: Vec<(&str, u32)> = MAP
        .unknown_fields
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    let expected = [
        // Google prices a second of video by the interval between embeddings, dearest where they are closest; the map's
        // two names say the opposite, and no answer says which interval was used. The plain rate, Google's for the
        // widest interval and its default, applies.
        ("input_cost_per_video_per_second_above_15s_interval", 2),
        ("input_cost_per_video_per_second_above_8s_interval", 2),
    ];
    assert_eq!(unknown, expected);
    assert_eq!(MAP.unusable_fields, BTreeMap::new());
}

#[test]
fn fields_are_counted_by_what_they_mean() {
    let count = |name: &str| {
        MAP.fields
            .iter()
            .find(|field| field.field == name)
            .map(|field| field.count)
    };
    assert_eq!(count("input_cost_per_token"), Some(3_423));
    assert_eq!(count("cache_creation_input_token_cost_above_1hr"), Some(199));
    assert_eq!(count("input_cost_per_token_above_272k_tokens_priority"), Some(38));
    assert_eq!(count("tiered_pricing"), Some(51));
    assert_eq!(count("supports_vision"), None);
    let placed = MAP
        .fields
        .iter()
        .filter(|field| matches!(field.class, FieldClass::Rate(_)))
        .count();
    let ignored = MAP
        .fields
        .iter()
        .filter(|field| matches!(field.class, FieldClass::Ignored(_)))
        .count();
    assert_eq!((placed, ignored), (142, 4));
}

#[test]
fn zeros_are_where_the_map_has_them() {
    let zero_input = MAP
        .models
        .iter()
        .filter_map(|model| {
            model
                .card
                .as_ref()?
                .rate(Meter::Input, &ServiceTier::Standard, None)
        })
        .filter(|rate| rate.pico() == 0)
        .count();
    assert_eq!(zero_input, 148);
}

#[test]
fn a_tier_is_never_known_by_a_stray_cache_price_alone() {
    for model in &MAP.models {
        let Some(card) = &model.card else { continue };
        for rate in card
            .rates()
            .iter()
            .filter(|rate| rate.tier != ServiceTier::Standard)
        {
            let primary = [Meter::Input, Meter::Output, Meter::Pages].iter().any(|meter| {
                card.rates()
                    .iter()
                    .any(|other| other.meter == *meter && other.tier == rate.tier)
            });
            assert!(
                primary,
                "{} names {} for {} only",
                model.name, rate.tier, rate.meter
            );
        }
    }
}

#[test]
fn importing_a_snapshot_again_changes_nothing() {
    assert_eq!(snapshot::import(snapshot::BUNDLED).unwrap(), snapshot::BUNDLED);
}

#[test]
fn a_snapshot_prices_as_its_map_does() {
    let map = r#"{
        "z/model": {"supports_vision": true, "input_cost_per_token": 1.50e-06, "max_tokens": 8,
                    "metadata": {"note": "cost"}, "max_input_tokens": 8,
                    "tiered_pricing": [ {"range": [0, 10.0], "output_cost_per_token": 2E-6} ]},
        "sample_spec": {"input_cost_per_token": 0},
        "a \"quoted\" name": {"mode": "chat", "new_cost_field": 1}
    }"#;
    let text = snapshot::import(map).unwrap();
    let expected = "{\n\
        \"a \\\"quoted\\\" name\":{\"mode\":\"chat\",\"new_cost_field\":1},\n\
        \"z/model\":{\"input_cost_per_token\":1.50e-06,\"max_input_tokens\":8,\
        \"tiered_pricing\":[{\"range\":[0,10.0],\"output_cost_per_token\":2E-6}]}\n}\n";
    assert_eq!(text, expected);
    let (from_map, from_snapshot) = (parse_map(map).unwrap(), parse_map(&text).unwrap());
    assert_eq!(from_map.models, from_snapshot.models);
    assert_eq!(from_map.unknown_fields, from_snapshot.unknown_fields);
}

#[test]
fn the_bundled_release_holds_each_card_once() {
    let id = ReleaseId::new(uuid::Uuid::nil());
    let release = snapshot::bundled_release(id, "test").unwrap();
    assert_eq!(release.models.len(), 4_142);
    assert_eq!(release.counts.added as usize, release.models.len());
    assert_eq!(
        release.unknown_fields.len(),
        release.counts.unknown_fields as usize
    );
    let mut ids: Vec<_> = release.cards.iter().map(|card| card.id()).collect();
    ids.dedup();
    assert_eq!(ids.len(), release.cards.len());
    assert!(
        release
            .models
            .iter()
            .all(|model| ids.binary_search(&model.card_id).is_ok())
    );
}
