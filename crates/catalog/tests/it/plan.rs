//! What a map changes in the catalog.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use tollgate_catalog::{GuardRules, ParsedMap, Plan, PlanInput, parse_map, plan, snapshot};
use tollgate_domain::{
    CardId, HoldReason, ModelName, PriceBookData, PriceVersion, ReleaseId, ReleaseOrigin, ReleaseState,
};
use uuid::Uuid;

/// A map of models with an input price each, in USD per million.
fn map(prices: &[(&str, &str)]) -> ParsedMap {
    let mut json = "{".to_owned();
    for (at, (name, price)) in prices.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let provider = name.split('/').next().unwrap();
        write!(
            json,
            "{comma}\"{name}\": {{\"litellm_provider\": \"{provider}\", \"input_cost_per_token\": {price}e-6}}"
        )
        .unwrap();
    }
    parse_map(&format!("{json}}}")).unwrap()
}

/// The catalog a map makes of nothing.
fn book(map: ParsedMap) -> PriceBookData {
    let release = map.into_release(ReleaseId::new(Uuid::from_u128(1)), ReleaseOrigin::Synced, "test");
    PriceBookData {
        version: PriceVersion::new(1),
        created_at: "2026-11-05T08:00:00Z".parse().unwrap(),
        release_id: Some(release.id),
        models: release.models,
        cards: release.cards,
        overrides: Vec::new(),
        aliases: Vec::new(),
        multipliers: Vec::new(),
    }
}

#[derive(Default)]
struct Known {
    in_use: HashSet<ModelName>,
    refused: HashSet<(ModelName, CardId)>,
    waiting: HashMap<ModelName, Option<CardId>>,
}

fn compare(book: &PriceBookData, map: &ParsedMap, known: &Known) -> Plan {
    plan(PlanInput {
        map,
        book: Some(book),
        in_use: &known.in_use,
        refused: &known.refused,
        waiting: &known.waiting,
        rules: GuardRules::default(),
    })
}

fn names(plan: &Plan) -> Vec<String> {
    let rows = plan.write.put.iter();
    rows.map(|row| format!("{}{}", row.name, if row.stale { "*" } else { "" }))
        .collect()
}

#[test]
fn the_first_map_is_taken_whole() {
    let map = parse_map(snapshot::BUNDLED).unwrap();
    let first = plan(PlanInput {
        map: &map,
        book: None,
        in_use: &HashSet::new(),
        refused: &HashSet::new(),
        waiting: &HashMap::new(),
        rules: GuardRules::default(),
    });
    assert_eq!(first.state, ReleaseState::Success, "{:?}", first.write.holds);
    assert_eq!((first.counts.held, first.alarm.as_deref()), (0, None));
    assert!(first.models > 4_000);
    let whole = book(map.clone());
    assert_eq!(
        (first.counts.added, first.write.put.len()),
        (first.models, whole.models.len())
    );
    let again = compare(&whole, &map, &Known::default());
    assert_eq!(
        (again.state, again.write.put.len(), again.write.cards.len()),
        (ReleaseState::Unchanged, 0, 0)
    );
}

#[test]
fn only_what_differs_is_written() {
    let before = book(map(&[("a/1", "1"), ("a/2", "2"), ("a/3", "3")]));
    let plan = compare(
        &before,
        &map(&[("a/1", "1"), ("a/2", "4"), ("a/3", "3"), ("b/1", "4")]),
        &Known::default(),
    );
    assert_eq!(names(&plan), ["a/2", "b/1"]);
    assert_eq!(plan.write.cards.len(), 1, "both have the same new card");
    assert_eq!(
        (plan.counts.added, plan.counts.changed, plan.counts.removed),
        (1, 1, 0)
    );
    assert_eq!(plan.state, ReleaseState::Success);
}

#[test]
fn a_row_that_looks_wrong_waits_and_all_others_apply() {
    let before = book(map(&[("a/1", "1"), ("a/2", "2"), ("a/3", "3")]));
    let known = Known {
        in_use: [ModelName::new("a/2")].into(),
        ..Known::default()
    };
    let plan = compare(
        &before,
        &map(&[("a/1", "1000"), ("a/2", "7"), ("a/3", "12")]),
        &known,
    );
    assert_eq!(
        (plan.state, names(&plan)),
        (ReleaseState::Partial, vec!["a/3".to_owned()])
    );
    let held: Vec<_> = plan
        .write
        .holds
        .iter()
        .map(|hold| (hold.model.as_str(), hold.reason))
        .collect();
    assert_eq!(held, [("a/1", HoldReason::UnitJump), ("a/2", HoldReason::Factor)]);
    assert_eq!(
        plan.write.holds[1].detail,
        "input: 2 -> 7 USD per million tokens (x3.50)"
    );
    assert_eq!(plan.counts.held, 2);
    assert_eq!(plan.write.cards.len(), 3, "the cards of held prices are kept too");
    assert!(plan.reason.unwrap().contains("2 prices wait"));
}

#[test]
fn what_waits_already_is_not_held_again() {
    let before = book(map(&[("a/1", "1"), ("a/2", "2")]));
    let next = map(&[("a/1", "1000"), ("a/2", "2")]);
    let first = compare(&before, &next, &Known::default());
    assert_eq!(first.state, ReleaseState::Held, "nothing else changed");
    let card = first.write.holds[0].card_id;
    let known = Known {
        waiting: [(ModelName::new("a/1"), card)].into(),
        ..Known::default()
    };
    let again = compare(&before, &next, &known);
    assert_eq!(
        (again.state, again.write.holds.len()),
        (ReleaseState::Unchanged, 0)
    );
    assert_eq!(
        (again.still_held, again.counts.held),
        (vec![ModelName::new("a/1")], 1)
    );
    // Another price for the same model is another question.
    let other = compare(&before, &map(&[("a/1", "2000"), ("a/2", "2")]), &known);
    assert_eq!(
        (other.state, other.write.holds.len(), other.still_held.len()),
        (ReleaseState::Held, 1, 0)
    );
}

#[test]
fn a_refused_price_is_not_proposed_again_and_another_one_is() {
    let before = book(map(&[("a/1", "1"), ("a/2", "2")]));
    let next = map(&[("a/1", "2"), ("a/2", "2")]);
    let card = next.models[0].card.as_ref().unwrap().id();
    let known = Known {
        refused: [(ModelName::new("a/1"), card)].into(),
        ..Known::default()
    };
    let plan = compare(&before, &next, &known);
    assert_eq!(
        (plan.state, plan.counts.refused, names(&plan).len()),
        (ReleaseState::Unchanged, 1, 0)
    );
    assert!(plan.reason.unwrap().contains("rejected before"));
    let other = compare(&before, &map(&[("a/1", "1.5"), ("a/2", "2")]), &known);
    assert_eq!(names(&other), ["a/1"]);
}

#[test]
fn models_gone_keep_their_price_and_are_fresh_when_they_return() {
    let whole = [("a/1", "1"), ("a/2", "2"), ("a/3", "3")];
    let before = book(map(&whole));
    let plan = compare(&before, &map(&whole[..2]), &Known::default());
    assert_eq!((names(&plan), plan.counts.removed), (vec!["a/3*".to_owned()], 1));
    assert_eq!(plan.write.put[0].card_id, before.models[2].card_id);
    assert!(
        plan.alarm
            .unwrap()
            .contains("1 of 3 models are gone from the map, more than 5 %")
    );
    let mut after = before;
    after.models[2].stale = true;
    let still = compare(&after, &map(&whole[..2]), &Known::default());
    assert_eq!(
        (still.state, still.counts.removed, still.alarm),
        (ReleaseState::Unchanged, 0, None)
    );
    let back = compare(&after, &map(&whole), &Known::default());
    assert_eq!((names(&back), back.counts.added), (vec!["a/3".to_owned()], 1));
}

#[test]
fn five_percent_gone_is_no_alarm_and_a_whole_prefix_is() {
    static MANY: LazyLock<Vec<String>> = LazyLock::new(|| (0..100).map(|n| format!("a/{n:03}")).collect());
    let mut all: Vec<(&str, &str)> = MANY.iter().map(|name| (name.as_str(), "1")).collect();
    all.push(("openrouter/x", "1"));
    let before = book(map(&all));
    assert_eq!(compare(&before, &map(&all[5..]), &Known::default()).alarm, None);
    let six = compare(&before, &map(&all[6..]), &Known::default());
    assert!(
        six.alarm
            .unwrap()
            .contains("6 of 101 models are gone from the map")
    );
    let prefix = compare(&before, &map(&all[..100]), &Known::default())
        .alarm
        .unwrap();
    assert!(
        prefix.contains("every model with the prefix openrouter (1)"),
        "{prefix}"
    );
}

#[test]
fn far_fewer_models_hold_the_whole_release() {
    let whole = [
        ("a/1", "1"),
        ("a/2", "2"),
        ("a/3", "3"),
        ("a/4", "4"),
        ("a/5", "5"),
    ];
    let before = book(map(&whole));
    let plan = compare(&before, &map(&[("a/1", "1"), ("a/2", "2.5")]), &Known::default());
    assert_eq!((plan.state, plan.write.put.len()), (ReleaseState::Held, 0));
    assert!(
        plan.reason
            .unwrap()
            .contains("2 priced models where the catalog has 5: fewer than 50 %")
    );
    let held: Vec<_> = plan
        .write
        .holds
        .iter()
        .map(|hold| (hold.model.as_str(), hold.card_id.is_some()))
        .collect();
    assert_eq!(
        held,
        [("a/2", true), ("a/3", false), ("a/4", false), ("a/5", false)]
    );
    assert!(
        plan.write
            .holds
            .iter()
            .all(|hold| hold.reason == HoldReason::Release)
    );
    let three = compare(&before, &map(&whole[..3]), &Known::default());
    assert_eq!(three.state, ReleaseState::Success, "60 % is enough to go on");
}
