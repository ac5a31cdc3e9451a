use insta::assert_json_snapshot;
use serde_json::Value;
use tollgate_domain::ports::{CatalogState, UnbilledGroup};
use tollgate_domain::{ReleaseOrigin, RollupValues, Timestamp};

use crate::test_api::{TestApi, now};

#[tokio::test]
async fn the_overview_shows_sums_gaps_and_the_state_of_the_books() {
    let api = TestApi::new();
    {
        let mut shelves = api.store.shelves();
        shelves.totals.values = RollupValues {
            attempts: 12,
            billed: 9,
            unbilled: 2,
            no_charge: 1,
            input_tokens: 5000,
            cache_read_tokens: 1000,
            cache_write_tokens: 10,
            output_tokens: 700,
            reasoning_tokens: 70,
            list_cost: "12.5".parse().unwrap(),
            cost: "10.625".parse().unwrap(),
            charge: "11".parse().unwrap(),
            estimated_cost: "0.000000000001".parse().unwrap(),
        };
        shelves.unbilled.push(UnbilledGroup {
            reason: "price_not_found".to_owned(),
            model: Some("acme-large".to_owned()),
            attempts: 2,
            input_tokens: 1800,
            output_tokens: 420,
            last_seen: now(),
            last_upstream: "acme".to_owned(),
        });
        shelves.catalog = Some(CatalogState {
            models: 4242,
            overrides: 1,
            origin: ReleaseOrigin::Bundled,
            published_at: now(),
            content_hash: "abc".to_owned(),
        });
    }
    let answer = api.get("/api/admin/billing/overview").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn today_and_this_month_are_those_of_the_accounting_zone() {
    let api = TestApi::new();
    let overview = api.get("/api/admin/billing/overview").await.json();
    assert_eq!(overview["catalog"], Value::Null);
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let day = (at("2026-11-04T23:00:00Z"), at("2026-11-05T23:00:00Z"));
    let month = (at("2026-10-31T23:00:00Z"), at("2026-11-30T23:00:00Z"));
    assert_eq!(api.store.shelves().asked_ranges, [day, month, month]);
}
