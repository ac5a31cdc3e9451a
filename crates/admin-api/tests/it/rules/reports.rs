//! Reports over a real ledger: all of them say the same.

use serde_json::{Value, json};
use tollgate_domain::{LedgerEntry, Usd};

use super::api::{RulesApi, attempt};

/// What answers add up to.
fn usd(value: &Value) -> Usd {
    value.as_str().unwrap().parse().unwrap()
}

/// Two upstreams, four models, one of which nothing prices; some of it last month.
async fn filled(api: &RulesApi) -> (String, String) {
    let openai = api.upstream("openai-main", "openai").await;
    let house = api.upstream("house", "house").await;
    let models = [
        "gpt-4o",
        "claude-sonnet-4-5",
        "gpt-4o-2026-unheard-of",
        "azure/gpt-4o",
    ];
    let attempts: Vec<LedgerEntry> = (1..=120)
        .map(|number| {
            let upstream = if number % 3 == 0 { &house } else { &openai };
            let mut attempt = attempt(
                number,
                i64::from(number) * 5,
                upstream,
                models[usize::from(number % 4)],
            );
            attempt.attempt = {
                let mut context = (*attempt.attempt).clone();
                context.attempt = 1;
                context.into()
            };
            attempt
        })
        .collect();
    api.traffic(attempts).await;
    (openai, house)
}

#[tokio::test]
async fn overview_timeseries_recent_entries_and_receipts_say_the_same() {
    let api = RulesApi::new().await;
    let (openai, _) = filled(&api).await;
    let overview = api.get("/api/admin/billing/overview").await;
    assert_eq!(overview.status, 200, "{}", overview.text);
    let overview = overview.json();
    // Every entry of the ledger, page by page.
    let (mut path, mut entries) = ("/api/admin/billing/recent?limit=50".to_owned(), Vec::new());
    loop {
        let page = api.get(&path).await.json();
        entries.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/admin/billing/recent?limit=50&cursor={cursor}");
    }
    assert_eq!(entries.len(), 120);
    for period in [
        &overview["month"],
        &overview["previous"]["month"],
        &overview["today"],
    ] {
        let (from, until) = (
            period["from"].as_str().unwrap(),
            period["until"].as_str().unwrap(),
        );
        let within: Vec<&Value> = entries
            .iter()
            .filter(|entry| {
                let at = entry["occurred_at"].as_str().unwrap();
                from <= at && at < until
            })
            .collect();
        for amount in ["list_cost", "cost", "charge"] {
            let known = within
                .iter()
                .map(|entry| &entry["entry"][amount])
                .filter(|amount| amount.is_string());
            let ledger = Usd::checked_sum(known.map(usd)).unwrap();
            assert_eq!(usd(&period[amount]), ledger, "{amount} from {from}");
            let parts = &period["parts"];
            let parts = usd(&parts["reported"][amount]).checked_add(usd(&parts["estimated"][amount]));
            assert_eq!(parts.unwrap(), ledger);
        }
        assert_eq!(period["attempts"], within.len());
        for query in [
            "interval=day",
            "interval=hour&zone=Asia/Kathmandu",
            "interval=day&group_by=model&top=2",
            "interval=month&group_by=upstream",
            "interval=day&zone=America/New_York&group_by=key&top=1",
        ] {
            let path = format!("/api/admin/billing/timeseries?from={from}&until={until}&{query}");
            let series = api.get(&path).await;
            assert_eq!(series.status, 200, "{path}: {}", series.text);
            let series = series.json();
            assert_eq!(series["total"]["total"]["cost"], period["cost"], "{path}");
            assert_eq!(series["total"]["total"]["attempts"], period["attempts"], "{path}");
            let shown = series["series"].as_array().unwrap().iter();
            let all: Vec<&Value> = shown
                .chain(Some(&series["other"]).filter(|other| !other.is_null()))
                .collect();
            if series["group_by"].is_string() {
                let sum = Usd::checked_sum(all.iter().map(|series| usd(&series["total"]["cost"]))).unwrap();
                assert_eq!(sum, usd(&period["cost"]), "{path}");
            }
            let points = series["total"]["values"]["charge"].as_array().unwrap();
            assert_eq!(
                Usd::checked_sum(points.iter().map(usd)).unwrap(),
                usd(&period["charge"]),
                "{path}"
            );
        }
    }
    let path = format!(
        "/api/admin/billing/timeseries?upstream_id={openai}&group_by=model&from=2026-10-01T00:00:00Z"
    );
    let series = api.get(&path).await.json();
    let expected = entries
        .iter()
        .filter(|entry| entry["upstream_id"] == openai.as_str())
        .count();
    assert_eq!(series["total"]["total"]["attempts"], expected);
    assert_eq!(
        series["series"][0]["name"], "claude-sonnet-4-5",
        "the dearest first"
    );
    let first = entries[0]["request_id"].as_str().unwrap();
    let receipt = api
        .get(&format!("/api/admin/billing/requests/{first}/receipt"))
        .await
        .json();
    assert_eq!(receipt["cost"], entries[0]["entry"]["cost"]);
}

#[tokio::test]
async fn what_has_no_price_is_estimated_and_never_summed() {
    let api = RulesApi::new().await;
    filled(&api).await;
    let overview = api.get("/api/admin/billing/overview").await.json();
    let unpriced = &overview["unpriced"];
    assert_eq!(unpriced["models"], 1);
    assert_eq!(unpriced["items"][0]["model"], "gpt-4o-2026-unheard-of");
    let part = &overview["month"]["parts"]["unbilled"];
    let attempts = part["attempts"].as_i64().unwrap();
    assert!(attempts > 0);
    assert_eq!(part["estimate"]["unknown_attempts"], 0);
    // 1,000 tokens in and out each: gpt-4o-mini to gpt-4o, its family.
    let (low, high) = (
        usd(&part["estimate"]["cost_low"]),
        usd(&part["estimate"]["cost_high"]),
    );
    assert!(Usd::ZERO < low && low <= high, "{part}");
    let queue = api.get("/api/admin/billing/attention?kind=unpriced").await.json();
    let items = queue["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "one for each upstream");
    let count: i64 = items.iter().map(|item| item["count"].as_i64().unwrap()).sum();
    assert_eq!(count, 30);

    // With a price the estimate is that price, at once; the entries stay as they are.
    let alias = json!({"alias": "gpt-4o-2026-unheard-of", "target": "gpt-4o"});
    let created = api.post("/api/admin/billing/aliases", &alias).await;
    assert_eq!(created.status, 201, "{}", created.text);
    api.refresh_prices().await;
    let queue = api.get("/api/admin/billing/attention?kind=unpriced").await.json();
    let item = &queue["items"][0];
    assert_eq!(item["at_stake"]["basis"], "current_price", "{item}");
    // 1,000 x 2.5 + 1,000 x 10 USD per million, each.
    let each = usd(&item["at_stake"]["cost_low"]).pico() / i128::from(item["count"].as_i64().unwrap());
    assert_eq!(Usd::from_pico(each), "0.0125".parse().unwrap());
    assert_eq!(item["at_stake"]["cost_low"], item["at_stake"]["cost_high"]);
    assert_eq!(item["action"]["operation"], "list_recent_entries");
    let path = item["action"]["path"].as_str().unwrap();
    let entries = api.get(path).await.json();
    assert_eq!(
        entries["items"].as_array().unwrap().len(),
        usize::try_from(item["count"].as_u64().unwrap()).unwrap()
    );
}

#[tokio::test]
async fn a_month_reads_the_same_again_at_its_instant() {
    let api = RulesApi::new().await;
    filled(&api).await;
    let now = api.get("/api/admin/billing/overview").await.json();
    let path = format!(
        "/api/admin/billing/overview?as_of={}",
        now["generated_at"].as_str().unwrap()
    );
    let then = api.get(&path).await.json();
    for field in ["today", "month", "previous", "unbilled", "unpriced"] {
        assert_eq!(then[field], now[field], "{field}");
    }
    let before = api
        .get("/api/admin/billing/overview?as_of=2026-11-05T07:59:59Z")
        .await
        .json();
    assert_eq!(before["month"]["attempts"], 0, "nothing was recorded yet");
}
