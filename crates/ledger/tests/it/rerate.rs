//! The same attempt with other prices.

use std::sync::Arc;

use billing_core::{CandidateOutcome, PriceBook, Reading};
use tollgate_domain::{AccountingZone, LedgerEntry, ModelName, OutcomeKind, PriceRule};
use tollgate_ledger::{AttemptEnd, explain_entry, rerate, settle};

use crate::support::{at, book, completed, context, reading};

fn settled(end: AttemptEnd, book: &PriceBook) -> LedgerEntry {
    let ended = at("2026-11-05T10:00:01Z");
    settle(Arc::new(context(1)), end, book, AccountingZone::UTC, ended)
}

fn priced(json: &str) -> PriceBook {
    PriceBook::from_litellm_json(json).unwrap()
}

fn other() -> PriceBook {
    priced(r#"{"other": {"input_cost_per_token": 1e-06}}"#)
}

#[test]
fn the_book_it_was_settled_with_gives_the_same_bill() {
    let fast = Reading {
        modifiers: vec!["fast".to_owned()],
        model_served: Some(ModelName::new("m")),
        ..reading(1_000, 200)
    };
    let with_factor = priced(
        r#"{"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
            "provider_specific_entry": {"fast": 6}}}"#,
    );
    for (reading, book) in [(reading(1_000, 200), (*book()).clone()), (fast, with_factor)] {
        let entry = settled(completed(reading), &book);
        let again = rerate(&entry, &book);
        assert_eq!((again.verdict, again.amounts), (entry.verdict, entry.amounts));
        assert_eq!(again.charge.map(|charge| charge.lines), Some(entry.lines));
    }
}

#[test]
fn an_unpriced_attempt_is_billed_once_there_is_a_price() {
    let entry = settled(completed(reading(1_000, 200)), &other());
    assert_eq!(entry.verdict.reason(), Some("price_not_found"));
    let priced = rerate(&entry, &book());
    assert_eq!(priced.amounts.unwrap().cost.to_string(), "0.0045");
    assert_eq!(rerate(&entry, &other()).detail, entry.detail);
}

#[test]
fn a_modifier_nobody_priced_is_remembered_from_the_detail() {
    let fast = Reading {
        modifiers: vec!["fast".to_owned()],
        ..reading(1_000, 0)
    };
    let entry = settled(completed(fast), &book());
    assert!(
        entry.detail.as_deref().unwrap().ends_with("price modifier fast"),
        "{:?}",
        entry.detail
    );
    assert_eq!(
        rerate(&entry, &book()).verdict,
        entry.verdict,
        "it is not priced as if it were not fast"
    );
}

#[test]
fn what_no_price_changes_stays_as_it_is() {
    for (kind, http_status) in [
        (OutcomeKind::UpstreamError, Some(429)),
        (OutcomeKind::Cut, Some(200)),
    ] {
        let end = AttemptEnd {
            kind,
            http_status,
            ttft_us: None,
            reading: None,
            detail: None,
        };
        let entry = settled(end, &book());
        let again = rerate(&entry, &other());
        assert_eq!(
            (again.verdict, again.amounts, again.detail),
            (entry.verdict, None, entry.detail)
        );
    }
}

#[test]
fn an_entry_explains_itself_with_the_places_that_lost() {
    let entry = settled(completed(reading(1, 1)), &book());
    let explanation = explain_entry(&entry, &book());
    let won = explanation
        .candidates
        .iter()
        .find(|candidate| candidate.outcome == CandidateOutcome::Won);
    assert_eq!(
        won.map(|won| (won.rule, won.name.as_str())),
        Some((PriceRule::SyncedCard, "gpt-4o"))
    );
    assert!(explanation.candidates.len() > 4);
}
