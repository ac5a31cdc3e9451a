//! Exports of the ledger and of request logs.

mod continued;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tollgate_domain::ports::ExportFilter;
use tollgate_domain::{
    Amounts, BillingStatus, EventId, KeyId, LedgerEntry, RequestId, UnbilledReason, UpstreamId, UsageSource,
    Usd, Verdict,
};
use uuid::Uuid;

use crate::build::{billed_entry, log_row, recorded};
use crate::database_api::DatabaseApi;
use crate::fake::Failure;
use crate::on_both;
use crate::test_api::{ADMIN, TestApi, now};

const LEDGER: &str = "/api/admin/billing/export";
const LOGS: &str = "/api/admin/request-logs/export";

/// Attempt `n`, billed `cost`, of a request of its own.
fn attempt(n: u32, cost: &str) -> LedgerEntry {
    let mut entry = billed_entry(1).journaled.entry;
    let millis = u128::try_from(now().timestamp_millis()).unwrap();
    let id = |low: u128| Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | low);
    let context = Arc::make_mut(&mut entry.attempt);
    context.event_id = EventId::new(id(u128::from(n)));
    context.request_id = RequestId::new(id(0x1_0000_0000 + u128::from(n)));
    let cost: Usd = cost.parse().unwrap();
    entry.amounts = Some(Amounts {
        list_cost: cost,
        cost,
        charge: cost,
    });
    entry
}

/// The records of a CSV text, as a strict reader has them.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('"', true) if characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => record.push(std::mem::take(&mut cell)),
            ('\r', false) if characters.peek() == Some(&'\n') => {
                characters.next();
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            (other, _) => cell.push(other),
        }
    }
    assert!(cell.is_empty() && record.is_empty(), "the last line ends");
    records
}

#[tokio::test]
async fn formulas_are_told_apart_and_numbers_stay_numbers() {
    let api = TestApi::new();
    let mut entry = attempt(1, "-0.000000000001");
    let context = Arc::make_mut(&mut entry.attempt);
    Arc::make_mut(&mut context.key).name = "=HYPERLINK(\"http://x\",\"y\")".into();
    Arc::make_mut(&mut context.upstream).account_label = Some("@SUM(A1), \"quoted\"".into());
    Arc::make_mut(&mut context.caller).end_user = Some("+49 30 1234".to_owned());
    Arc::make_mut(&mut context.caller).request_id = Some("-1".to_owned());
    entry.detail = Some("line one\r\nline two, with a comma".to_owned());
    api.store.shelves().entries.push(recorded(entry, 7));
    let answer = api.get(LEDGER).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"tollgate-ledger-20261105T080000Z.csv\""
    );
    let records = records(&answer.text);
    assert_eq!(records.len(), 3, "header, entry, end");
    assert_eq!(records[0].len(), records[1].len());
    let row: BTreeMap<&str, &str> = records[0]
        .iter()
        .map(String::as_str)
        .zip(records[1].iter().map(String::as_str))
        .collect();
    assert_eq!(row["key_name"], "'=HYPERLINK(\"http://x\",\"y\")");
    assert_eq!(row["account_label"], "'@SUM(A1), \"quoted\"");
    assert_eq!(row["end_user"], "'+49 30 1234");
    assert_eq!(row["caller_request_id"], "'-1", "text, whatever it looks like");
    assert_eq!(row["detail"], "line one\r\nline two, with a comma");
    assert_eq!(row["cost_usd"], "-0.000000000001", "a number");
    assert_eq!(
        (row["input_tokens"], row["input_multiplier"], row["stream"]),
        ("1000", "0.85", "true")
    );
    assert_eq!((row["reason"], row["key_team"]), ("", ""));
    assert_eq!(row["usage"], r#"{"input":1000,"output":1000}"#);
    assert_eq!(
        records[2],
        [
            "# complete entries=1 list_cost_usd=-0.000000000001 cost_usd=-0.000000000001 charge_usd=-0.000000000001 \
          as_of=2026-11-05T08:00:00Z"
        ]
    );
}

#[tokio::test]
async fn each_line_of_json_lines_is_an_object_and_the_last_one_says_that_it_is_complete() {
    let api = TestApi::new();
    let mut unbilled = attempt(2, "0");
    unbilled.amounts = None;
    unbilled.usage = None;
    unbilled.usage_source = UsageSource::None;
    unbilled.verdict = Verdict::Unbilled(UnbilledReason::UsageMissing);
    unbilled.provider_usage = Some("{\n \"x\": 1}".to_owned());
    api.store
        .shelves()
        .entries
        .extend([recorded(attempt(1, "1.5"), 1), recorded(unbilled, 2)]);
    let answer = api
        .get(&format!("{LEDGER}?format=jsonl&as_of=2026-11-04T00:00:00Z"))
        .await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert!(answer.header("content-disposition").ends_with(".jsonl\""));
    let lines: Vec<Value> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    insta::assert_json_snapshot!(lines[0]);
    assert_eq!(
        (&lines[1]["cost_usd"], &lines[1]["input_tokens"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(lines[1]["provider_usage"], "{\n \"x\": 1}");
    assert_eq!(
        (&lines[1]["status"], &lines[1]["reason"]),
        (&json!("unbilled"), &json!("usage_missing"))
    );
    let expected = json!({
        "export": "complete", "entries": 2, "list_cost_usd": "1.5", "cost_usd": "1.5", "charge_usd": "1.5",
        "as_of": "2026-11-04T00:00:00Z",
    });
    assert_eq!(lines[2], expected);
}

#[tokio::test]
async fn filters_reach_the_store_as_asked() {
    let api = TestApi::new();
    let (key, upstream) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let query = format!(
        "from=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z&recorded_from=2026-11-02T00:00:00Z\
         &recorded_until=2026-12-02T00:00:00Z&as_of=2026-11-05T07:00:00Z&key_id={key}&upstream_id={upstream}&team=search\
         &model=x&billing_status=no_charge"
    );
    assert_eq!(api.get(&format!("{LEDGER}?{query}")).await.status, 200);
    let (filter, after, _) = api.store.shelves().asked_exports.pop().unwrap();
    let day = |text: &str| Some(format!("{text}T00:00:00Z").parse().unwrap());
    let expected = ExportFilter {
        occurred_from: day("2026-11-01"),
        occurred_until: day("2026-12-01"),
        recorded_from: day("2026-11-02"),
        recorded_until: day("2026-12-02"),
        as_of: Some("2026-11-05T07:00:00Z".parse().unwrap()),
        key_id: Some(KeyId::new(key)),
        team: Some("search".to_owned()),
        upstream_id: Some(UpstreamId::new(upstream)),
        model: Some("x".to_owned()),
        status: Some(BillingStatus::NoCharge),
    };
    assert_eq!((filter, after), (expected, None));
    api.get(LEDGER).await;
    let (filter, ..) = api.store.shelves().asked_exports.pop().unwrap();
    assert_eq!(
        filter.as_of,
        Some(now()),
        "as the ledger stands when the export begins"
    );
}

#[tokio::test]
async fn every_wrong_parameter_is_named() {
    let api = TestApi::new();
    for path in [LEDGER, LOGS] {
        for (query, field, says) in [
            ("format=xlsx", "format", "csv, jsonl"),
            ("from=x", "from", "RFC 3339"),
            (
                "from=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z",
                "until",
                "later than",
            ),
            ("key_id=x", "key_id", "UUID"),
            ("team=", "team", "empty"),
            ("billing_status=paid", "billing_status", "no_charge"),
            ("limit=5", "limit", "not a parameter"),
        ] {
            let answer = api.get(&format!("{path}?{query}")).await;
            assert!(answer.faults(&[field])[0].contains(says), "{}", answer.text);
        }
    }
    let answer = api
        .get(&format!(
            "{LEDGER}?recorded_from=2026-11-02T00:00:00Z&recorded_until=2026-11-02T00:00:00Z"
        ))
        .await;
    assert!(
        answer.faults(&["recorded_until"])[0].contains("recorded_from"),
        "{}",
        answer.text
    );
    assert!(api.store.shelves().asked_exports.is_empty());
}

async fn begin(api: &TestApi, path: &str) -> Body {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {ADMIN}"));
    let response = api.respond(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    response.into_body()
}

#[tokio::test]
async fn pages_are_read_as_the_reader_takes_them() {
    let api = TestApi::new();
    let entries = (1..=3_000).map(|n| recorded(attempt(n, "0.001"), u64::from(n)));
    api.store.shelves().entries.extend(entries);
    let mut body = begin(&api, LEDGER).await;
    assert_eq!(
        api.store.shelves().asked_exports.len(),
        1,
        "nothing but the first page is read ahead"
    );
    let (mut frames, mut bytes) = (0, 0);
    while let Some(frame) = body.frame().await {
        let length = frame.unwrap().into_data().unwrap().len();
        assert!(length < 80 * 1024, "{length} bytes at once");
        (frames, bytes) = (frames + 1, bytes + length);
        // 250 entries a page; what has been read is no more than a page beyond what has gone out.
        let pages = api.store.shelves().asked_exports.len();
        assert!(
            (pages - 1) * 250 <= 250 + bytes / 1_000,
            "{pages} pages read for {bytes} bytes"
        );
    }
    assert!(frames > 10, "{frames}");
    assert_eq!(
        api.store.shelves().asked_exports.len(),
        13,
        "12 pages, and one that is empty"
    );
}

#[tokio::test]
async fn an_export_that_fails_is_cut_and_does_not_say_that_it_is_complete() {
    let api = TestApi::new();
    let entries = (1..=3_000).map(|n| recorded(attempt(n, "0.001"), u64::from(n)));
    api.store.shelves().entries.extend(entries);
    let mut body = begin(&api, LEDGER).await;
    let mut text = String::new();
    api.store.shelves().failure = Some(Failure::Unavailable);
    let cut = loop {
        match body.frame().await.unwrap() {
            Ok(frame) => text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap()),
            Err(error) => break error,
        }
    };
    assert!(!cut.to_string().contains("secret"), "{cut}");
    assert!(!text.contains("# complete"));
}

#[tokio::test]
async fn request_logs_are_exported_the_oldest_first() {
    let api = TestApi::new();
    let mut odd = log_row(2);
    odd.error = Some("=cmd|'/c calc'!A1".to_owned());
    (odd.list_cost, odd.cost, odd.charge, odd.tokens) = (None, None, None, None);
    api.store.shelves().logs.extend([log_row(1), odd, log_row(3)]);
    let answer = api.get(LOGS).await;
    let records = records(&answer.text);
    assert_eq!(records.len(), 5);
    let column = |name: &str| records[0].iter().position(|column| column == name).unwrap();
    let read = |name: &str| {
        records[1..4]
            .iter()
            .map(|record| record[column(name)].clone())
            .collect::<Vec<_>>()
    };
    let times = read("occurred_at");
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(read("error"), ["", "'=cmd|'/c calc'!A1", ""]);
    assert_eq!(read("cost_usd"), ["0.0019125", "", "0.0019125"]);
    assert_eq!(read("cache_read_tokens"), ["200", "", "200"]);
    assert_eq!(
        records[4],
        ["# complete requests=3 list_cost_usd=0.0045 cost_usd=0.003825 charge_usd=0.003825"]
    );
    assert!(
        answer
            .header("content-disposition")
            .contains("tollgate-requests-20261105T080000Z.csv")
    );
    let asked = api.store.shelves().asked_logs.clone();
    let untils: Vec<_> = asked.iter().map(|asked| asked.filter.until).collect();
    assert!(
        untils.iter().all(|until| *until == Some(now())),
        "it ends, whatever comes in: {untils:?}"
    );
    let answer = api.get(&format!("{LOGS}?format=jsonl")).await;
    let last: Value = serde_json::from_str(answer.text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["export"], &last["requests"]),
        (&json!("complete"), &json!(3))
    );
}

on_both!(sums_of_thousands_of_entries_are_the_ledgers);

async fn sums_of_thousands_of_entries_are_the_ledgers(api: DatabaseApi) {
    let costs = ["0.000000000001", "-0.3", "9", "0.123456789012", "17.000000000007"];
    let mut expected = Usd::ZERO;
    let entries = (1..=4_321_u32).zip(costs.iter().cycle()).map(|(n, cost)| {
        expected = expected.checked_add(cost.parse().unwrap()).unwrap();
        attempt(n, cost)
    });
    let entries: Vec<_> = entries.collect();
    for (first, part) in (1..).step_by(1_000).zip(entries.chunks(1_000)) {
        api.commit(first, part.to_vec(), Vec::new()).await;
    }
    let answer = api.get(&format!("{LEDGER}?format=jsonl")).await;
    let mut lines: Vec<Value> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let end = lines.pop().unwrap();
    assert_eq!(lines.len(), 4_321);
    let ids: Vec<&str> = lines
        .iter()
        .map(|line| line["event_id"].as_str().unwrap())
        .collect();
    assert!(ids.is_sorted_by(|one, other| one < other), "each once, in order");
    let costs = lines
        .iter()
        .map(|line| line["cost_usd"].as_str().unwrap().parse().unwrap());
    let sum = Usd::checked_sum(costs).unwrap();
    assert_eq!(sum, expected);
    assert_eq!(
        (&end["entries"], &end["cost_usd"]),
        (&json!(4_321), &json!(expected))
    );
    let overview = api.get("/api/admin/billing/overview").await.json();
    assert_eq!(
        overview["month"]["cost"],
        json!(expected),
        "and the rollups' with it"
    );
    let csv = records(&api.get(LEDGER).await.text);
    let cost = csv[0].iter().position(|column| column == "cost_usd").unwrap();
    let of_csv = csv[1..4_322].iter().map(|record| record[cost].parse().unwrap());
    assert_eq!(Usd::checked_sum(of_csv).unwrap(), expected);
    assert_eq!(csv.len(), 4_323);
    let logs = api
        .get(&format!("{LOGS}?format=jsonl&until=2027-01-01T00:00:00Z"))
        .await;
    let end: Value = serde_json::from_str(logs.text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&end["requests"], &end["cost_usd"]),
        (&json!(4_321), &json!(expected))
    );
}
