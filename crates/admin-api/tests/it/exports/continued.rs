//! Exports that were cut and go on.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use chrono::TimeDelta;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tollgate_domain::{AdjustmentRef, EntryKind, LedgerEntry};
use uuid::Uuid;

use super::{LEDGER, LOGS, attempt, records};
use crate::build::{log_row, recorded};
use crate::database_api::DatabaseApi;
use crate::on_both;
use crate::test_api::{ADMIN, TestApi, now};

const AS_OF: &str = "2026-11-05T08:00:00Z";

on_both!(a_cut_export_goes_on_where_it_was_cut);

/// The first correction of an attempt.
fn corrected(of: &LedgerEntry) -> LedgerEntry {
    LedgerEntry {
        revision: 1,
        kind: EntryKind::Adjustment,
        adjustment: Some(AdjustmentRef {
            run_id: Uuid::from_u128(5),
            author: "ada".to_owned(),
            note: Some("two\r\nlines".to_owned()),
        }),
        ..of.clone()
    }
}

/// What came before the connection was cut.
async fn beginning(api: &DatabaseApi, path: &str, bytes: usize) -> String {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {ADMIN}"));
    let response = api.respond(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["x-tollgate-as-of"], AS_OF);
    let mut body = response.into_body();
    let mut came = Vec::new();
    while came.len() < bytes {
        let frame = body.frame().await.unwrap().unwrap();
        came.extend_from_slice(&frame.into_data().unwrap());
    }
    came.truncate(bytes);
    String::from_utf8(came).unwrap()
}

/// Its whole rows, and the place of the last one.
fn whole_rows(text: &str, format: &str) -> (String, String) {
    if format == "jsonl" {
        let end = text.rfind('\n').unwrap() + 1;
        let last: Value = serde_json::from_str(text[..end].lines().last().unwrap()).unwrap();
        let place = format!("{}.{}", last["event_id"].as_str().unwrap(), last["revision"]);
        return (text[..end].to_owned(), place);
    }
    // A row ends with a line end that is in no quotes.
    let (mut end, mut quoted) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        quoted ^= byte == b'"';
        if byte == b'\n' && !quoted {
            end = at + 1;
        }
    }
    let rows = records(&text[..end]);
    let last = rows.last().unwrap();
    (text[..end].to_owned(), format!("{}.{}", last[0], last[1]))
}

async fn a_cut_export_goes_on_where_it_was_cut(api: DatabaseApi) {
    let attempts: Vec<_> = (1..=600).map(|n| attempt(2 * n, "0.000000000007")).collect();
    let corrections: Vec<_> = attempts.iter().step_by(3).map(corrected).collect();
    let count = attempts.len() + corrections.len();
    api.commit(1, attempts, Vec::new()).await;
    api.commit(1_000, corrections, Vec::new()).await;
    for format in ["csv", "jsonl"] {
        let path = format!("{LEDGER}?format={format}&as_of={AS_OF}");
        let whole = api.get(&path).await.text;
        let rows_end = whole.trim_end().rfind('\n').unwrap() + 1;
        for cut in [
            3_000,
            100_001,
            whole.len() / 2,
            whole.len() - 400,
            whole.len() - 5,
        ] {
            let (kept, place) = whole_rows(&beginning(&api, &path, cut).await, format);
            let rest = api.get(&format!("{path}&after={place}")).await;
            assert_eq!(rest.status, 200, "{}", rest.text);
            let end = rest.text.trim_end().rfind('\n').map_or(0, |end| end + 1);
            let (rows, last) = rest.text.split_at(end);
            assert!(
                kept.clone() + rows == whole[..rows_end],
                "{format} cut after {cut} bytes: a row is missing, or there twice"
            );
            let missing = if format == "csv" {
                records(rows).len()
            } else {
                rows.lines().count()
            };
            let told = match format {
                "csv" => format!("# complete entries={missing} "),
                _ => format!("{{\"export\":\"complete\",\"entries\":{missing},"),
            };
            assert!(last.starts_with(&told) && last.contains(&place), "{told}: {last}");
            assert!(missing < count && rest.header("x-tollgate-as-of") == AS_OF);
        }
    }
    // What is recorded meanwhile is no part of it, wherever it would stand.
    let path = format!("{LEDGER}?as_of={AS_OF}");
    let whole = api.get(&path).await.text;
    let (kept, place) = whole_rows(&whole[..whole.len() / 2], "csv");
    let late: Vec<_> = (1..=600).map(|n| attempt(2 * n + 1, "5")).collect();
    api.commit_at(5_000, late, now() + TimeDelta::seconds(1)).await;
    let rest = api.get(&format!("{path}&after={place}")).await.text;
    let rows = records(&(kept + &rest)).len();
    assert_eq!(rows, count + 2, "header, rows, end");
}

#[tokio::test]
async fn only_what_was_begun_is_continued() {
    let api = TestApi::new();
    let entries = (1..=3).map(|n| recorded(attempt(2 * n, "1"), u64::from(n)));
    api.store.shelves().entries.extend(entries);
    let place = |n: u32| attempt(n, "1").attempt.event_id;
    let ask = async |query: String| api.get(&format!("{LEDGER}?{query}")).await;
    for (after, says) in [
        ("x".to_owned(), "revision"),
        (String::new(), "revision"),
        (place(4).to_string(), "revision"),
        (format!("{}.-1", place(4)), "revision"),
        (format!("{}.0", place(3)), "no row of this export"),
        (format!("{}.1", place(4)), "no row of this export"),
        (format!("{}.0", Uuid::nil()), "no row of this export"),
        (format!("{}.0", Uuid::max()), "no row of this export"),
    ] {
        let answer = ask(format!("as_of={AS_OF}&after={after}")).await;
        assert!(
            answer.faults(&["after"])[0].contains(says),
            "{after}: {}",
            answer.text
        );
    }
    let answer = ask(format!("after={}.0", place(4))).await;
    assert!(
        answer.faults(&["as_of"])[0].contains("x-tollgate-as-of"),
        "{}",
        answer.text
    );
    let answer = ask("as_of=2026-11-05T08:00:01Z".to_owned()).await;
    assert!(answer.faults(&["as_of"])[0].contains("future"), "{}", answer.text);
    // After the last row nothing is left to tell, and that is said.
    let rest = ask(format!("as_of={AS_OF}&after={}.0", place(6))).await.text;
    let end = format!(
        "# complete entries=0 list_cost_usd=0 cost_usd=0 charge_usd=0 as_of={AS_OF} after={}.0\r\n",
        place(6)
    );
    assert_eq!(rest, end);
}

#[tokio::test]
async fn an_export_of_request_logs_goes_on_after_a_request() {
    let api = TestApi::new();
    api.store
        .shelves()
        .logs
        .extend([log_row(1), log_row(2), log_row(3)]);
    let whole = api.get(&format!("{LOGS}?format=jsonl")).await.text;
    let lines: Vec<&str> = whole.lines().collect();
    for kept in 1..=3 {
        let last: Value = serde_json::from_str(lines[kept - 1]).unwrap();
        let after = last["request_id"].as_str().unwrap();
        let rest = api.get(&format!("{LOGS}?format=jsonl&after={after}")).await.text;
        let rest: Vec<&str> = rest.lines().collect();
        assert_eq!(rest[..rest.len() - 1], lines[kept..3]);
        let end: Value = serde_json::from_str(rest[rest.len() - 1]).unwrap();
        assert_eq!(
            (&end["requests"], &end["after"]),
            (&json!(3 - kept), &json!(after))
        );
    }
    let csv = api.get(&format!("{LOGS}?after={}", log_row(3).request_id)).await;
    assert_eq!(records(&csv.text).len(), 3, "two rows and the end, no header");
    for (after, says) in [
        ("x", "UUID"),
        ("0198f0a0-0000-7000-8000-000000000003", "not any more"),
    ] {
        let answer = api.get(&format!("{LOGS}?after={after}")).await;
        assert!(answer.faults(&["after"])[0].contains(says), "{}", answer.text);
    }
}
