use std::collections::BTreeSet;

use http::Request;
use http_body_util::Full;
use serde_json::json;
use tollgate_testkit::{
    Counts, InvoiceLine, Meter, PriceList, Protocol, Script, Simulator, total_pico_usd, usd_text,
};

use crate::client::{CHAT, MESSAGES, RESPONSES, STREAM_SSE, ask, body, get, post, send};

#[tokio::test]
async fn a_line_says_what_was_asked_what_was_used_and_what_it_costs() {
    let simulator = Simulator::start().await.unwrap();
    let counts = Counts::text(1_000, 10)
        .with(Meter::CacheRead, 2_000)
        .with(Meter::CacheWrite1h, 50);
    simulator.script_all(Script::usage(counts.clone()));
    ask(&simulator, MESSAGES, true).await;
    simulator.wait_until_idle().await;
    let lines = simulator.invoice();
    let line = &lines[0];
    assert_eq!(
        (line.number, line.protocol, line.stream),
        (1, Protocol::AnthropicMessages, true)
    );
    assert_eq!(
        (line.model.as_str(), line.tier.as_str(), line.status),
        ("claude-sonnet-4-5", "standard", 200)
    );
    assert!(line.completed && line.billed && line.usage_reported);
    assert_eq!(line.counts, counts);
    // 0.003 + 0.0006 + 0.0003 + 0.00015 USD.
    assert_eq!(line.amount_pico_usd, Some(4_050_000_000));
    assert_eq!(usd_text(total_pico_usd(&lines)), "0.00405");
}

#[tokio::test]
async fn a_multiplier_of_one_half_rounds_ties_to_even() {
    let prices = PriceList::empty()
        .with_flat("gpt-4o", &[(Meter::Input, 5_000_000), (Meter::Output, 7_000_000)])
        .with_multipliers(500_000, 500_000);
    let simulator = Simulator::builder().prices(prices).start().await.unwrap();
    simulator.script_all(Script::tokens(1, 1));
    ask(&simulator, CHAT, false).await;
    assert_eq!(simulator.invoice()[0].amount_pico_usd, Some(2 + 4));
}

#[tokio::test]
async fn a_model_without_a_price_has_no_amount() {
    let simulator = Simulator::builder()
        .prices(PriceList::empty())
        .start()
        .await
        .unwrap();
    ask(&simulator, CHAT, false).await;
    let line = &simulator.invoice()[0];
    assert_eq!((line.billed, line.amount_pico_usd), (true, None));
    assert!(!line.counts.is_empty());
}

#[tokio::test]
async fn usage_without_a_script_depends_on_the_request_alone() {
    let simulator = Simulator::start().await.unwrap();
    for _ in 0..2 {
        ask(&simulator, RESPONSES, false).await;
    }
    ask(&simulator, RESPONSES, true).await;
    let lines = simulator.invoice();
    assert_eq!(lines[0].counts, lines[1].counts);
    assert_ne!(lines[0].counts, lines[2].counts);
    let ids: BTreeSet<_> = lines.iter().map(|line| &line.id).collect();
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn the_file_holds_every_line_as_it_ended() {
    let path = std::env::temp_dir().join(format!("tollgate-invoice-{}.jsonl", std::process::id()));
    let simulator = Simulator::builder().invoice_file(&path).start().await.unwrap();
    ask(&simulator, CHAT, false).await;
    ask(&simulator, STREAM_SSE, true).await;
    simulator.wait_until_idle().await;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let written: Vec<InvoiceLine> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(written.len(), 4);
    let ended: Vec<_> = written.into_iter().filter(|line| line.completed).collect();
    assert_eq!(ended, simulator.invoice());
}

#[tokio::test]
async fn another_process_can_read_the_invoice_and_set_scripts() {
    let simulator = Simulator::start().await.unwrap();
    let url = |path: &str| format!("{}/_sim/{path}", simulator.base_url());
    let control = async |path: &str, body: serde_json::Value| {
        send(
            Request::post(url(path))
                .body(Full::from(body.to_string()))
                .unwrap(),
        )
        .await
        .unwrap()
        .status
        .as_u16()
    };
    let script =
        json!({"model": "gpt-4o", "times": 1, "script": {"usage": {"input": 3, "cache_write_5m": 0}}});
    assert_eq!(control("script", script).await, 200);
    assert_eq!(control("script", json!({"preset": "error-503"})).await, 200);
    assert_eq!(control("script", json!({"preset": "no-such"})).await, 400);
    assert_eq!(control("script", json!({"script": {"chonks": 1}})).await, 400);
    ask(&simulator, CHAT, false).await;
    assert_eq!(ask(&simulator, CHAT, false).await.status, 503);
    let lines: Vec<InvoiceLine> = serde_json::from_value(get(url("invoice"), &[]).await.json()).unwrap();
    assert_eq!(lines, simulator.invoice());
    assert_eq!(lines[0].amount_pico_usd, Some(7_500_000));
    assert_eq!(
        get(url("stats"), &[]).await.json(),
        json!({"received": 2, "in_flight": 0, "held": 0})
    );
    assert_eq!(control("reset", json!(null)).await, 200);
    assert_eq!(ask(&simulator, CHAT, false).await.status, 200);
    assert_eq!(simulator.invoice().len(), 1);
}

#[tokio::test]
async fn requests_are_kept_as_they_came() {
    let simulator = Simulator::start().await.unwrap();
    let mut request = body(CHAT, false);
    request["user"] = json!("sim:error-429");
    assert_eq!(post(&simulator, CHAT, &request).await.unwrap().status, 429);
    let seen = simulator.requests();
    assert_eq!((seen[0].path.as_str(), seen[0].query.as_deref()), (CHAT, None));
    assert_eq!(seen[0].json(), request);
    assert_eq!(seen[0].header("x-api-key"), Some("sim-credential"));
}
