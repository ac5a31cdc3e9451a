use std::collections::BTreeMap;

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::ports::{StatsBy, StatsFilter, StatsGroup};
use tollgate_domain::{Histogram, KeyId, LatencyBin, LatencyMetric, RollupExtras, RollupValues, UpstreamId};
use uuid::Uuid;

use crate::fake::Failure;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/stats";

fn group(of: &str, attempts: i64) -> StatsGroup {
    let mut histogram = Histogram::new();
    for micros in [100_000, 200_000, 900_000] {
        for metric in [LatencyMetric::Ttft, LatencyMetric::Duration] {
            *histogram.entry((metric, LatencyBin::of(micros))).or_default() += attempts;
        }
    }
    StatsGroup {
        of: of.to_owned(),
        name: Some(format!("name of {of}")),
        requests: BTreeMap::from([
            ((String::new(), 2), 7),
            (("upstream".to_owned(), 2), 1),
            (("client".to_owned(), 4), 2),
        ]),
        values: RollupValues {
            attempts,
            input_tokens: 1_000,
            cache_read_tokens: 333,
            output_tokens: 500,
            cost: "1.5".parse().unwrap(),
            ..RollupValues::default()
        },
        extras: RollupExtras {
            timed_output_tokens: 500,
            generation_us: 4_000_000,
            cache_saved_cost: "-0.25".parse().unwrap(),
            cache_known: 1,
            cache_unknown: 2,
        },
        histogram,
    }
}

#[tokio::test]
async fn groups_are_shown_with_their_total_the_busiest_first() {
    let api = TestApi::new();
    api.store.shelves().stats = vec![group("a", 1), group("b", 3), StatsGroup::default()];
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_json_snapshot!(answer.json());
    let answer = api.get(&format!("{PATH}?limit=1")).await.json();
    assert_eq!(answer["groups"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&answer["more_groups"], &answer["total"]["attempts"]),
        (&json!(2), &json!(4))
    );
}

#[tokio::test]
async fn what_is_not_known_is_null() {
    let api = TestApi::new();
    let answer = api.get(PATH).await.json();
    for field in [
        "ttft",
        "duration",
        "tokens_per_second",
        "cache_hit_share",
        "cache_saved_cost",
    ] {
        assert_eq!(answer["total"][field], Value::Null, "{field}");
    }
}

#[tokio::test]
async fn ranges_are_widened_to_whole_buckets() {
    let api = TestApi::new();
    let (key, upstream) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let query = format!(
        "from=2026-11-01T00:14:59Z&until=2026-11-01T01:00:01Z&group_by=model&key_id={key}&upstream_id={upstream}\
         &team=search&model=x"
    );
    assert_eq!(api.get(&format!("{PATH}?{query}")).await.status, 200);
    let expected = StatsFilter {
        from: "2026-11-01T00:00:00Z".parse().unwrap(),
        until: "2026-11-01T01:15:00Z".parse().unwrap(),
        key_id: Some(KeyId::new(key)),
        team: Some("search".to_owned()),
        upstream_id: Some(UpstreamId::new(upstream)),
        model: Some("x".to_owned()),
    };
    assert_eq!(
        api.store.shelves().asked_stats.take(),
        Some((expected, StatsBy::Model))
    );
    let answer = api.get(PATH).await.json();
    assert_eq!(answer["from"], "2026-11-04T08:00:00Z", "a day until now");
    assert_eq!(answer["until"], "2026-11-05T08:00:00Z");
}

#[tokio::test]
async fn every_wrong_parameter_is_named() {
    let api = TestApi::new();
    for (query, field, says) in [
        ("from=x", "from", "RFC 3339"),
        ("until=x", "until", "RFC 3339"),
        ("from=2026-11-05T08:00:00Z", "until", "later than from"),
        ("from=2025-11-04T07:59:59Z", "from", "366"),
        ("group_by=owner", "group_by", "upstream, key, team, model"),
        ("key_id=x", "key_id", "UUID"),
        ("upstream_id=x", "upstream_id", "UUID"),
        ("team=", "team", "empty"),
        ("model=", "model", "empty"),
        ("limit=0", "limit", "1..=200"),
        ("limit=201", "limit", "1..=200"),
        ("by=key", "by", "not a parameter"),
    ] {
        let answer = api.get(&format!("{PATH}?{query}")).await;
        assert!(answer.faults(&[field])[0].contains(says), "{}", answer.text);
    }
    assert!(api.store.shelves().asked_stats.is_none());
}

#[tokio::test]
async fn a_database_that_is_away_is_said_so() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(Failure::Unavailable);
    // The token cannot be looked up either.
    api.get(PATH).await.problem(503, "database_unavailable");
}
