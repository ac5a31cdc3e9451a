//! Overrides and aliases as versioned rows.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    AliasVersion, OverrideVersion, PriceRuleStore, PriceStore, RuleBefore, RuleChange, RuleEdit, RuleEnd,
    RuleSpan, RulesChanged,
};
use tollgate_domain::{
    AliasId, ModelName, OverrideId, PriceAlias, PriceOverride, PriceVersion, Timestamp, UpstreamId,
};
use tollgate_storage::Database;

use crate::fixture::Fixture;
use crate::on_both;
use crate::prices::{alias, price_override};
use crate::samples::{actor, card, id, noon};

on_both!(
    an_override_keeps_every_version_with_author_and_reason,
    an_alias_keeps_every_version,
    a_change_that_starts_from_another_version_is_stale,
    ending_what_is_not_in_force_makes_no_version,
    a_second_rule_for_one_name_and_upstream_is_refused,
    many_changes_make_one_version_or_none,
    of_racing_creates_for_one_name_one_wins,
    the_schema_itself_refuses_a_second_rule_in_force,
);

pub(crate) fn edit(author: &str, at: Timestamp) -> RuleEdit {
    RuleEdit {
        actor: actor(author),
        at,
        note: None,
    }
}

pub(crate) fn put_override(price: PriceOverride, before: RuleBefore) -> RuleChange {
    RuleChange::PutOverride {
        price,
        effective_from: None,
        before,
    }
}

pub(crate) fn put_alias(alias: PriceAlias, before: RuleBefore) -> RuleChange {
    RuleChange::PutAlias {
        alias,
        effective_from: None,
        before,
    }
}

pub(crate) fn end_override(n: u32) -> RuleChange {
    RuleChange::EndOverride {
        id: OverrideId::new(id(n)),
        before: RuleBefore::Any,
    }
}

pub(crate) fn end_alias(n: u32) -> RuleChange {
    RuleChange::EndAlias {
        id: AliasId::new(id(n)),
        before: RuleBefore::Any,
    }
}

/// Changes rules as `ada`; all of the changes must go through.
pub(crate) async fn change(store: &Arc<Database>, changes: Vec<RuleChange>, at: Timestamp) -> PriceVersion {
    match store.change_rules(changes, edit("ada", at)).await.unwrap() {
        RulesChanged::Done(version) => version,
        refused => panic!("{refused:?}"),
    }
}

fn for_model(n: u32, model: &str) -> PriceOverride {
    PriceOverride {
        model: ModelName::new(model),
        ..price_override(n, "1")
    }
}

async fn an_override_keeps_every_version_with_author_and_reason(fixture: Fixture) {
    let store = &fixture.store;
    let (later, last) = (noon() + TimeDelta::hours(1), noon() + TimeDelta::hours(2));
    let first = price_override(10, "5");
    let backdated = noon() - TimeDelta::days(3);
    let created = RuleChange::PutOverride {
        price: first.clone(),
        effective_from: Some(backdated),
        before: RuleBefore::Nothing,
    };
    let one = change(store, vec![created], noon()).await;
    let second = PriceOverride {
        card: card("6"),
        note: None,
        author: "bob".to_owned(),
        ..first.clone()
    };
    let changed = vec![put_override(second.clone(), RuleBefore::Version(one))];
    let two = store.change_rules(changed, edit("bob", later)).await.unwrap();
    let RulesChanged::Done(two) = two else {
        panic!("{two:?}")
    };
    let living = store.overrides().await.unwrap();
    assert_eq!(living.len(), 1);
    assert_eq!((living[0].span.version, &living[0].span.ended), (two, &None));
    let goodbye = RuleEdit {
        note: Some("contract ended".to_owned()),
        ..edit("eve", last)
    };
    let three = store.change_rules(vec![end_override(10)], goodbye).await.unwrap();
    let RulesChanged::Done(three) = three else {
        panic!("{three:?}")
    };

    assert!(store.overrides().await.unwrap().is_empty());
    let end = |version, at, by: &str, note: Option<&str>| {
        Some(RuleEnd {
            version,
            at,
            by: by.to_owned(),
            note: note.map(ToOwned::to_owned),
        })
    };
    let span = |version, since, ended| RuleSpan {
        version,
        since,
        ended,
    };
    let expected = [
        OverrideVersion {
            price: second,
            effective_from: None,
            span: span(two, later, end(three, last, "eve", Some("contract ended"))),
        },
        OverrideVersion {
            price: first,
            effective_from: Some(backdated),
            span: span(one, noon(), end(two, later, "bob", None)),
        },
    ];
    assert_eq!(
        store.override_versions(OverrideId::new(id(10))).await.unwrap(),
        expected
    );
    assert!(
        store
            .override_versions(OverrideId::new(id(11)))
            .await
            .unwrap()
            .is_empty()
    );
}

async fn an_alias_keeps_every_version(fixture: Fixture) {
    let store = &fixture.store;
    let one = change(store, vec![put_alias(alias(20), RuleBefore::Nothing)], noon()).await;
    let moved = PriceAlias {
        target: ModelName::new("gpt-6"),
        ..alias(20)
    };
    let since = noon() - TimeDelta::days(3);
    let put = RuleChange::PutAlias {
        alias: moved.clone(),
        effective_from: Some(since),
        before: RuleBefore::Any,
    };
    let two = change(store, vec![put], noon()).await;
    let living = AliasVersion {
        alias: moved,
        effective_from: Some(since),
        span: RuleSpan {
            version: two,
            since: noon(),
            ended: None,
        },
    };
    assert_eq!(store.aliases().await.unwrap(), std::slice::from_ref(&living));
    let versions = store.alias_versions(AliasId::new(id(20))).await.unwrap();
    assert_eq!((versions.len(), &versions[0]), (2, &living));
    assert_eq!((versions[1].span.version, &versions[1].alias), (one, &alias(20)));
    assert_eq!(versions[1].effective_from, None);
    change(store, vec![end_alias(20)], noon()).await;
    assert!(store.aliases().await.unwrap().is_empty());
}

async fn a_change_that_starts_from_another_version_is_stale(fixture: Fixture) {
    let store = &fixture.store;
    let one = change(
        store,
        vec![put_override(price_override(1, "1"), RuleBefore::Nothing)],
        noon(),
    )
    .await;
    let two = change(
        store,
        vec![put_override(price_override(1, "2"), RuleBefore::Version(one))],
        noon(),
    )
    .await;
    for before in [RuleBefore::Version(one), RuleBefore::Nothing] {
        let put = put_override(price_override(1, "3"), before);
        let end = RuleChange::EndOverride {
            id: OverrideId::new(id(1)),
            before,
        };
        for change in [put, end] {
            let refused = store
                .change_rules(vec![change], edit("bob", noon()))
                .await
                .unwrap();
            assert_eq!(
                refused,
                RulesChanged::Stale {
                    index: 0,
                    version: two
                }
            );
        }
    }
    assert_eq!(store.overrides().await.unwrap()[0].price.card, card("2"));
    assert_eq!(fixture.count("price_book_versions").await, 2);
}

async fn ending_what_is_not_in_force_makes_no_version(fixture: Fixture) {
    let store = &fixture.store;
    let missing = RulesChanged::Missing { index: 0 };
    let edit = || edit("ada", noon());
    assert_eq!(
        store.change_rules(vec![end_override(1)], edit()).await.unwrap(),
        missing
    );
    assert_eq!(
        store.change_rules(vec![end_alias(1)], edit()).await.unwrap(),
        missing
    );
    let vanished = put_override(price_override(1, "1"), RuleBefore::Any);
    assert_eq!(store.change_rules(vec![vanished], edit()).await.unwrap(), missing);
    change(store, vec![put_alias(alias(1), RuleBefore::Nothing)], noon()).await;
    change(store, vec![end_alias(1)], noon()).await;
    assert_eq!(
        store.change_rules(vec![end_alias(1)], edit()).await.unwrap(),
        missing
    );
    assert_eq!(fixture.count("price_book_versions").await, 2);
}

async fn a_second_rule_for_one_name_and_upstream_is_refused(fixture: Fixture) {
    let store = &fixture.store;
    let global = |n| PriceOverride {
        upstream_id: None,
        ..price_override(n, "1")
    };
    let elsewhere = |n| PriceOverride {
        upstream_id: Some(UpstreamId::new(id(2))),
        ..price_override(n, "1")
    };
    for price in [price_override(1, "1"), global(2), elsewhere(3)] {
        change(store, vec![put_override(price, RuleBefore::Nothing)], noon()).await;
    }
    for (price, by) in [(price_override(4, "2"), 1), (global(4), 2), (elsewhere(4), 3)] {
        let second = vec![put_override(price, RuleBefore::Nothing)];
        let refused = store.change_rules(second, edit("bob", noon())).await.unwrap();
        assert_eq!(refused, RulesChanged::Taken { index: 0, by: id(by) });
    }
    change(store, vec![put_alias(alias(5), RuleBefore::Nothing)], noon()).await;
    let second = vec![put_alias(alias(6), RuleBefore::Nothing)];
    let refused = store.change_rules(second, edit("bob", noon())).await.unwrap();
    assert_eq!(refused, RulesChanged::Taken { index: 0, by: id(5) });
    assert_eq!(fixture.count("price_book_versions").await, 4);
    // What ends makes room in the same change.
    let replaced = vec![put_override(global(7), RuleBefore::Nothing), end_override(2)];
    change(store, replaced, noon()).await;
}

async fn many_changes_make_one_version_or_none(fixture: Fixture) {
    let store = &fixture.store;
    let three = || {
        let new = |n: u32| put_override(for_model(n, &format!("m{n}")), RuleBefore::Nothing);
        vec![new(1), new(2), new(3)]
    };
    let version = change(store, three(), noon()).await;
    let spans: Vec<_> = store.overrides().await.unwrap();
    assert!(spans.len() == 3 && spans.iter().all(|rule| rule.span.version == version));
    let mixed = vec![end_override(1), end_override(9), end_override(2)];
    let refused = store.change_rules(mixed, edit("ada", noon())).await.unwrap();
    assert_eq!(refused, RulesChanged::Missing { index: 1 });
    assert_eq!(store.price_book(None).await.unwrap().unwrap().overrides.len(), 3);
    change(store, vec![end_override(1), end_override(2)], noon()).await;
    let book = store.price_book(None).await.unwrap().unwrap();
    assert_eq!((book.overrides.len(), book.version), (1, PriceVersion::new(2)));
}

async fn of_racing_creates_for_one_name_one_wins(fixture: Fixture) {
    let creates = (1..=5).map(|n| {
        let store = fixture.store.clone();
        async move {
            let new = vec![put_override(price_override(n, "1"), RuleBefore::Nothing)];
            store.change_rules(new, edit("ada", noon())).await.unwrap()
        }
    });
    let outcomes = futures_util::future::join_all(creates).await;
    let won = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, RulesChanged::Done(_)));
    assert_eq!(won.count(), 1, "{outcomes:?}");
    assert_eq!(fixture.store.overrides().await.unwrap().len(), 1);
}

async fn the_schema_itself_refuses_a_second_rule_in_force(fixture: Fixture) {
    let global = PriceOverride {
        upstream_id: None,
        ..price_override(1, "1")
    };
    change(
        &fixture.store,
        vec![put_override(global, RuleBefore::Nothing)],
        noon(),
    )
    .await;
    let other = if fixture.is_sqlite() {
        "x'00000000000070008000000000000009'"
    } else {
        "'00000000-0000-7000-8000-000000000009'"
    };
    let copy = format!(
        "INSERT INTO price_overrides (id, valid_from_version, valid_from, model, card_id, apply_multipliers, author)
         SELECT {other}, valid_from_version, valid_from, model, card_id, apply_multipliers, author FROM price_overrides"
    );
    let refused = fixture.execute(&copy).await.unwrap_err();
    assert!(refused.to_lowercase().contains("unique"), "{refused}");
}
