use insta::assert_json_snapshot;
use serde_json::Value;
use tollgate_domain::ports::{CatalogState, GapStretch, JournalGap, JournalGaps, PendingGap, StoredGaps};
use tollgate_domain::{JournalId, ReleaseOrigin, RollupValues, Timestamp};
use uuid::Uuid;

use crate::test_api::{TestApi, now};

#[tokio::test]
async fn the_overview_shows_sums_gaps_and_the_state_of_the_books() {
    let api = TestApi::new();
    {
        let mut shelves = api.store.shelves();
        shelves.totals.values = RollupValues {
            requests: 11,
            estimated: 1,
            unbilled_input_tokens: 1800,
            unbilled_output_tokens: 420,
            estimated_list_cost: "0.000000000003".parse().unwrap(),
            estimated_charge: "0.000000000002".parse().unwrap(),
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
        shelves.attention.push(crate::attention::unpriced());
        shelves.catalog = Some(CatalogState {
            models: 4242,
            stale: 3,
            held: 1,
            overrides: 1,
            origin: ReleaseOrigin::Bundled,
            published_at: now(),
            content_hash: "abc".to_owned(),
            last_sync: Some(crate::price_releases::release(1)),
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
    let shown = |period: &Value| {
        [
            at(period["from"].as_str().unwrap()),
            at(period["until"].as_str().unwrap()),
        ]
    };
    let day = [at("2026-11-04T23:00:00Z"), at("2026-11-05T23:00:00Z")];
    let month = [at("2026-10-31T23:00:00Z"), at("2026-11-30T23:00:00Z")];
    assert_eq!(
        (shown(&overview["today"]), shown(&overview["month"])),
        (day, month)
    );
    let previous = &overview["previous"];
    let yesterday = [at("2026-11-03T23:00:00Z"), at("2026-11-04T23:00:00Z")];
    assert_eq!(shown(&previous["day"]), yesterday);
    assert_eq!(
        shown(&previous["day_so_far"]),
        [yesterday[0], at("2026-11-04T08:00:00Z")]
    );
    let last_month = [at("2026-09-30T22:00:00Z"), at("2026-10-31T23:00:00Z")];
    assert_eq!(shown(&previous["month"]), last_month);
    // At nine in the morning of the fifth, which was an hour earlier in summer.
    assert_eq!(
        shown(&previous["month_so_far"]),
        [last_month[0], at("2026-10-05T07:00:00Z")]
    );
    // Everything is read at once, without a gap.
    let asked = api.store.shelves().asked_ranges.clone();
    assert_eq!((asked[0].0, asked[asked.len() - 1].1), (last_month[0], month[1]));
    assert!(asked.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!(
        overview["previous"]["day_so_far"]["parts"]["unbilled"]["estimate"],
        Value::Null
    );
    assert_eq!(
        overview["today"]["parts"]["unbilled"]["estimate"]["cost_high"], "0",
        "nothing is unbilled"
    );
}

#[tokio::test]
async fn the_instant_sums_stand_for_lies_in_the_past() {
    let api = TestApi::new();
    let path = "/api/admin/billing/overview?as_of=2026-10-31T23:30:00%2B01:00";
    let overview = api.get(path).await.json();
    assert_eq!(overview["as_of"], "2026-10-31T22:30:00Z");
    assert_eq!(
        overview["month"]["from"], "2026-09-30T22:00:00Z",
        "the month of that instant"
    );
    let later = api
        .get("/api/admin/billing/overview?as_of=2026-11-05T08:00:01Z")
        .await;
    assert!(later.faults(&["as_of"])[0].contains("future"));
    let odd = api
        .get("/api/admin/billing/overview?as_of=yesterday&zone=UTC")
        .await;
    odd.faults(&["as_of", "zone"]);
}

#[tokio::test]
async fn unrecorded_attempts_of_every_journal_are_counted_once() {
    let api = TestApi::new();
    let stretch = |attempts| GapStretch {
        attempts,
        from: now(),
        until: now(),
    };
    let note = |journal, position, attempts| JournalGap {
        journal_id: JournalId::new(Uuid::from_u128(journal)),
        position,
        stretch: stretch(attempts),
    };
    let notes = [note(4, 17, 3), note(5, 9, 100)];
    api.store.shelves().gaps = StoredGaps {
        journals: notes
            .map(|note| JournalGaps {
                journal_id: note.journal_id,
                last_position: note.position,
                total: note.stretch,
            })
            .to_vec(),
        latest: notes.to_vec(),
    };
    // Of this gateway's own journal, 4: one note that is in the database, one that is not, and a count without one.
    *api.runtime.pending_gaps.lock().unwrap() = [(Some(17), 3), (Some(18), 20), (None, 1)]
        .map(|(position, attempts)| PendingGap {
            position,
            stretch: stretch(attempts),
        })
        .to_vec();
    let gaps = &api.get("/api/admin/billing/overview").await.json()["gaps"];
    assert_eq!(gaps["attempts"], 124);
    let counts: Vec<_> = gaps["stretches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["attempts"])
        .collect();
    assert_eq!(counts, [24, 100]);
}
