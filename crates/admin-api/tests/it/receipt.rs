use insta::assert_json_snapshot;
use serde_json::Value;
use tollgate_domain::{AdjustmentRef, EntryKind, NoChargeReason, PriceSource, UnbilledReason, Usd, Verdict};
use uuid::Uuid;

use crate::build::{billed_entry, log_row, recorded, request_id};
use crate::test_api::TestApi;

fn path() -> String {
    format!("/api/admin/billing/requests/{}/receipt", request_id(1))
}

#[tokio::test]
async fn a_billed_request_is_written_out_line_by_line() {
    let api = TestApi::new();
    api.store.shelves().entries.push(billed_entry(1));
    let answer = api.get(&path()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        answer
            .text
            .contains("{\"prompt_tokens\":1000,  \"completion_tokens\":1000}"),
        "verbatim: {}",
        answer.text
    );
    assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn an_unbilled_attempt_beside_a_billed_one_makes_the_request_partly_billed() {
    let api = TestApi::new();
    let mut lost = billed_entry(1).journaled.entry;
    lost.verdict = Verdict::Unbilled(UnbilledReason::UsageMissing);
    lost.detail = Some("the stream ended early".to_owned());
    (lost.amounts, lost.pricing, lost.usage) = (None, None, None);
    lost.lines.clear();
    lost.provider_usage = Some("not json".to_owned());
    api.store
        .shelves()
        .entries
        .extend([billed_entry(2), recorded(lost, 7)]);
    let receipt = api.get(&path()).await.json();
    assert_eq!(receipt["billing_status"], "partly_billed");
    assert_eq!(receipt["cost"], "0.0019125");
    let attempts = receipt["attempts"].as_array().unwrap();
    assert_eq!(
        (&attempts[0]["attempt"], &attempts[1]["attempt"]),
        (&1.into(), &2.into())
    );
    assert_eq!(attempts[0]["billing_status"], "unbilled");
    assert_eq!(attempts[0]["reason"], "usage_missing");
    assert_eq!(attempts[0]["detail"], "the stream ended early");
    for unknown in ["list_cost", "cost", "charge"] {
        assert_eq!(attempts[0][unknown], Value::Null, "unknown is not zero");
    }
    assert_eq!(attempts[0]["entries"][0]["formula"], Value::Null);
    assert_eq!(attempts[0]["entries"][0]["provider_usage"], "not json");
}

#[tokio::test]
async fn an_adjustment_adds_its_delta_and_sets_the_status() {
    let api = TestApi::new();
    let first = billed_entry(1);
    let mut later = first.journaled.entry.clone();
    later.revision = 1;
    later.kind = EntryKind::Adjustment;
    later.verdict = Verdict::NoCharge(NoChargeReason::Rejected);
    let delta = later.amounts.as_mut().unwrap();
    for amount in [&mut delta.list_cost, &mut delta.cost, &mut delta.charge] {
        *amount = Usd::from_pico(-amount.pico());
    }
    let run_id = Uuid::from_u128(9);
    later.adjustment = Some(AdjustmentRef {
        run_id,
        author: "ada".to_owned(),
        note: None,
    });
    api.store.shelves().entries.extend([recorded(later, 8), first]);
    let receipt = api.get(&path()).await.json();
    assert_eq!(
        (&receipt["billing_status"], &receipt["cost"]),
        (&"no_charge".into(), &"0".into())
    );
    let attempt = &receipt["attempts"][0];
    assert_eq!(
        (&attempt["billing_status"], &attempt["reason"]),
        (&"no_charge".into(), &"rejected".into())
    );
    let entries = attempt["entries"].as_array().unwrap();
    assert_eq!(
        (&entries[0]["revision"], &entries[1]["revision"]),
        (&0.into(), &1.into())
    );
    assert_eq!(entries[1]["cost"], "-0.0019125");
    assert_eq!(entries[1]["adjustment"]["author"], "ada");
}

#[tokio::test]
async fn a_cost_the_provider_reported_says_so() {
    let api = TestApi::new();
    let mut entry = billed_entry(1);
    entry.journaled.entry.lines.clear();
    entry.journaled.entry.pricing.as_mut().unwrap().source = PriceSource::ProviderReported;
    api.store.shelves().entries.push(entry);
    let receipt = api.get(&path()).await.json();
    let formula = &receipt["attempts"][0]["entries"][0]["formula"];
    assert_eq!(formula, "as the provider reports it = 0.0019125 USD");
}

#[tokio::test]
async fn a_request_of_which_nothing_was_sent_has_an_empty_receipt() {
    let api = TestApi::new();
    api.store.shelves().logs.push(log_row(1));
    let receipt = api.get(&path()).await.json();
    assert_eq!(receipt["billing_status"], "no_charge");
    assert_eq!(
        (&receipt["cost"], &receipt["attempts"]),
        (&Value::Null, &serde_json::json!([]))
    );
}

#[tokio::test]
async fn a_request_nobody_knows_is_a_404() {
    let api = TestApi::new();
    api.get(&path()).await.problem(404, "not_found");
    api.get("/api/admin/billing/requests/x/receipt")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn amounts_past_the_exact_range_are_our_failure_not_a_wrong_sum() {
    let api = TestApi::new();
    let mut entries = [billed_entry(1), billed_entry(2)];
    for entry in &mut entries {
        entry.journaled.entry.amounts.as_mut().unwrap().cost = Usd::from_pico(i128::MAX);
    }
    api.store.shelves().entries.extend(entries);
    api.get(&path()).await.problem(500, "internal");
}
