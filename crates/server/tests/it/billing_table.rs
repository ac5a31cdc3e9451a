//! Each billing outcome through the proxy, stream and non-stream: the client's bytes unchanged, entry and log as expected.

use reqwest::Client;
use serde_json::{Value, json};
use tollgate_testkit::{Counts, Fault, HoldPoint, Meter, Report, Script};

use crate::support::{Backend, GatewayBuilder, Setup, both};

/// One row of the table.
struct Case {
    name: &'static str,
    path: &'static str,
    /// Empty where the request names none.
    model: &'static str,
    script: Script,
    stream: bool,
    /// What the client gets, seen at the simulator without a gateway too.
    http_status: u16,
    /// Expected billing status and reason of the entry.
    verdict: (&'static str, Option<&'static str>),
    /// Expected status in the request log.
    log: &'static str,
    /// What the detail must name.
    detail: Option<&'static str>,
}

const CHAT: &str = "/v1/chat/completions";
/// Not metered, and carried because the operator says so.
const UNMETERED: &str = "/v1/fine_tuning/jobs";

fn script(change: impl FnOnce(&mut Script)) -> Script {
    let mut script = Script::tokens(1_000, 200);
    change(&mut script);
    script
}

fn cases() -> Vec<Case> {
    let base = |name, stream| Case {
        name,
        path: CHAT,
        model: "gpt-4o",
        script: Script::tokens(1_000, 200),
        stream,
        http_status: 200,
        verdict: ("billed", None),
        log: "billed",
        detail: None,
    };
    let both = |name, change: fn(&mut Case)| {
        [false, true].map(|stream| {
            let mut case = base(name, stream);
            change(&mut case);
            case
        })
    };
    let mut cases = Vec::new();
    cases.extend(both("billed", |_| {}));
    cases.extend(both("cached tokens", |case| {
        case.script = Script::usage(
            Counts::text(500, 100)
                .with(Meter::CacheRead, 400)
                .with(Meter::Reasoning, 50),
        );
    }));
    cases.extend(both("usage missing", |case| {
        case.script = script(|script| script.report = Report::Missing);
        case.verdict = ("unbilled", Some("usage_missing"));
        case.log = "unbilled";
    }));
    cases.extend(both("price not found", |case| {
        case.model = "no-such-model";
        case.verdict = ("unbilled", Some("price_not_found"));
        case.log = "unbilled";
        case.detail = Some("no-such-model");
    }));
    cases.extend(both("model missing", |case| {
        case.model = "";
        case.script = script(|script| script.nameless = true);
        case.verdict = ("unbilled", Some("model_missing"));
        case.log = "unbilled";
    }));
    cases.extend(both("unknown tier", |case| {
        case.script = script(|script| script.tier_served = Some("ultraviolet".to_owned()));
        case.verdict = ("unbilled", Some("price_not_found"));
        case.log = "unbilled";
        case.detail = Some("ultraviolet");
    }));
    cases.extend(both("absurd counters", |case| {
        case.script = Script::tokens(1 << 45, 1);
        case.verdict = ("unbilled", Some("calculation_error"));
        case.log = "unbilled";
    }));
    cases.extend(both("rejected with 400", |case| {
        case.script = Script::status(400);
        case.http_status = 400;
        case.verdict = ("no_charge", Some("rejected"));
        case.log = "no_charge";
    }));
    cases.extend(both("rejected with 429", |case| {
        case.script = Script::status(429);
        case.http_status = 429;
        case.verdict = ("no_charge", Some("rejected"));
        case.log = "no_charge";
    }));
    cases.extend(both("failed with 500", |case| {
        case.script = Script::status(500);
        case.http_status = 500;
        case.verdict = ("no_charge", Some("rejected"));
        case.log = "no_charge";
    }));
    let mut error_event = base("error event before output", true);
    error_event.script = Script::fault(Fault::ErrorEvent { after: 0 });
    error_event.verdict = ("no_charge", Some("rejected"));
    error_event.log = "no_charge";
    cases.push(error_event);
    let mut late_error = base("error event after output", true);
    late_error.script = Script::fault(Fault::ErrorEvent { after: 3 });
    late_error.verdict = ("unbilled", Some("usage_missing"));
    late_error.log = "unbilled";
    cases.push(late_error);
    let mut free = base("free endpoint", false);
    free.path = "/v1/moderations";
    free.model = "omni-moderation-latest";
    free.verdict = ("no_charge", Some("free_endpoint"));
    free.log = "no_charge";
    cases.push(free);
    let mut unmetered = base("endpoint that is only carried", false);
    unmetered.path = UNMETERED;
    unmetered.verdict = ("unbilled", Some("not_metered"));
    unmetered.log = "unbilled";
    cases.push(unmetered);
    cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_outcome_leaves_the_bytes_alone_and_the_entry_it_should() {
    both(table).await;
}

async fn table(backend: Backend) {
    let allowed =
        |builder: GatewayBuilder| builder.env("TOLLGATE_PROXY__UNMETERED_PATHS", "[\"/v1/fine_tuning\"]");
    let mut setup = Setup::with(backend, allowed).await;
    let books = setup.books().await;
    for (index, case) in cases().into_iter().enumerate() {
        let name = format!("{} ({})", case.name, if case.stream { "stream" } else { "json" });
        setup.simulator.script(case.model, case.script.clone());
        let mut body = json!({
            "model": case.model, "stream": case.stream, "stream_options": {"include_usage": true},
            "messages": [{"role": "user", "content": format!("case {index}")}], "input": "hello",
        });
        if case.model.is_empty() {
            body.as_object_mut().unwrap().remove("model");
        }
        let direct = send_to(
            &setup.simulator.base_url(),
            case.path,
            setup.simulator.credential(),
            &body,
        )
        .await;
        let proxied = send_to(setup.gateway.base_url(), case.path, &setup.key, &body).await;
        assert_eq!(proxied.0, case.http_status, "{name}: {}", proxied.1);
        assert_eq!(
            masked(&proxied.1),
            masked(&direct.1),
            "{name}: the client's bytes"
        );

        let entries = books.wait_for(index + 1).await;
        assert_eq!(entries.len(), index + 1, "{name}");
        let entry = &entries.last().unwrap().journaled.entry;
        assert_eq!(
            (entry.verdict.status().as_str(), entry.verdict.reason()),
            case.verdict,
            "{name}: {:?}",
            entry.detail
        );
        assert_eq!(
            entry.amounts.is_some(),
            case.verdict.0 == "billed",
            "{name}: amounts"
        );
        if let Some(named) = case.detail {
            assert!(
                entry.detail.as_deref().unwrap_or_default().contains(named),
                "{name}: {:?}",
                entry.detail
            );
        }
        let log = wait_for_log(&setup, &entry.attempt.request_id.to_string()).await;
        assert_eq!(log["billing_status"], case.log, "{name}: {log}");
        assert_eq!(log["http_status"], case.http_status, "{name}: {log}");
        let reason = if case.log == "unbilled" {
            case.verdict.1.map_or(Value::Null, Value::from)
        } else {
            log["reason"].clone()
        };
        assert_eq!(log["reason"], reason, "{name}: {log}");
        let cost = entry
            .amounts
            .map_or(Value::Null, |amounts| Value::from(amounts.cost.to_string()));
        if case.verdict.0 == "billed" {
            assert_eq!(log["cost"], cost, "{name}: {log}");
        }
    }
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_gateway_left_open_is_interrupted() {
    both(interrupted).await;
}

/// The rows of the table whose client gets no whole answer.
async fn interrupted(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    setup.simulator.script(
        "gpt-4o",
        Script {
            hold: Some(HoldPoint::BeforeHeaders),
            ..Script::tokens(1_000, 200)
        },
    );
    let mut begun = Vec::new();
    for (held, stream) in [(1, false), (2, true)] {
        let body = json!({
            "model": "gpt-4o", "stream": stream, "messages": [{"role": "user", "content": "hello"}],
        });
        let request = Client::new()
            .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
            .bearer_auth(&setup.key)
            .json(&body);
        begun.push(tokio::spawn(request.send()));
        setup.simulator.wait_until_held(held).await;
    }
    setup.gateway.kill().await;
    for request in begun {
        assert!(request.await.unwrap().is_err(), "nobody answered");
    }
    setup.restart().await;
    let entries = setup.books().await.wait_for(2).await;
    let streams: Vec<_> = entries
        .iter()
        .map(|entry| entry.journaled.entry.attempt.stream)
        .collect();
    assert_eq!(streams, [false, true]);
    for recorded in &entries {
        let entry = &recorded.journaled.entry;
        assert_eq!(
            (entry.verdict.status().as_str(), entry.verdict.reason()),
            ("unbilled", Some("interrupted"))
        );
        assert!(entry.amounts.is_none() && entry.usage.is_none());
        let log = setup.admin.log(entry.attempt.request_id).await;
        assert_eq!(log["billing_status"], "unbilled", "{log}");
        assert_eq!(log["reason"], "interrupted", "{log}");
        assert!(log["cost"].is_null() && log["ended_at"].is_null(), "{log}");
    }
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn absurd_costs_that_no_sum_can_hold_do_not_stop_the_ledger() {
    both(absurd).await;
}

async fn absurd(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    // 5e11 tokens at 10 USD per million are 5,000,000 USD; two of them are past what SQLite can sum in one row.
    for _ in 0..2 {
        setup
            .simulator
            .script_next("gpt-4o", Script::tokens(1, 500_000_000_000));
    }
    let body = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]});
    for _ in 0..3 {
        assert_eq!(send(setup.gateway.base_url(), &setup.key, &body).await.0, 200);
    }
    let entries = setup.books().await.wait_for(3).await;
    let verdicts: Vec<_> = entries
        .iter()
        .map(|entry| entry.journaled.entry.verdict.to_string())
        .collect();
    assert_eq!(
        (verdicts[0].as_str(), verdicts[2].as_str()),
        ("billed", "billed"),
        "{verdicts:?}"
    );
    assert!(
        ["billed", "unbilled (calculation_error)"].contains(&verdicts[1].as_str()),
        "{verdicts:?}"
    );
    setup.gateway.stop().await;
}

/// The end of a request is journaled just after its last byte.
async fn wait_for_log(setup: &Setup, request_id: &str) -> Value {
    for _ in 0..300 {
        let log = setup.admin.log(request_id).await;
        if !log["ended_at"].is_null() {
            return log;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the log of {request_id} never ended");
}

async fn send(base_url: &str, key: &str, body: &Value) -> (u16, String) {
    send_to(base_url, CHAT, key, body).await
}

async fn send_to(base_url: &str, path: &str, key: &str, body: &Value) -> (u16, String) {
    let request = Client::new()
        .post(format!("{base_url}{path}"))
        .bearer_auth(key)
        .json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Ids and times differ between two answers of the simulator; everything else must not.
fn masked(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = ["\"id\":\"", "\"created\":"]
        .iter()
        .filter_map(|key| rest.find(key).map(|at| at + key.len()))
        .min()
    {
        let (head, tail) = rest.split_at(at);
        text.push_str(head);
        rest = tail.trim_start_matches(|c: char| c != '"' && c != ',');
    }
    text + rest
}
