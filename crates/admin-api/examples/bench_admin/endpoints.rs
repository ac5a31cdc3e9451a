//! What is measured: every list and overview, with every kind of filter, first pages and deep ones.

use crate::stage::Stage;
use crate::traffic::{MODELS, key_id, upstream_id};
use crate::{Failure, client};

const API: &str = "/api/admin";

/// Paths that are the same for every database.
const PATHS: [&str; 38] = [
    "upstreams",
    "keys",
    "billing/overview",
    "billing/timeseries",
    "billing/timeseries?group_by=model",
    "billing/timeseries?group_by=key&top=50",
    "billing/timeseries?interval=hour&group_by=model",
    "billing/attention",
    "billing/attention?kind=unpriced&limit=200",
    "billing/recent",
    "billing/recent?limit=200",
    "billing/recent?billing_status=billed",
    "billing/recent?billing_status=unbilled",
    "billing/recent?billing_status=no_charge",
    "billing/recent?reason=interrupted",
    "billing/recent?reason=model_missing",
    "billing/recent?provider=openai",
    "billing/recent?provider=nobody",
    "billing/prices",
    "billing/prices?q=gpt&limit=200",
    "billing/prices?page=60&page_size=50",
    "billing/prices/unresolved",
    "billing/prices/releases",
    "billing/prices/stale",
    "billing/overrides",
    "billing/aliases",
    "billing/upstream-multipliers",
    "request-logs",
    "request-logs?limit=200",
    "request-logs?billing_status=unbilled",
    "request-logs?billing_status=partly_billed",
    "request-logs?reason=interrupted",
    "request-logs?reason=usage_missing",
    "request-logs?status_class=4xx",
    "request-logs?protocol=openai_chat&stream=true",
    "stats",
    "stats?group_by=model",
    "audit-log",
];

/// Names and paths.
pub(crate) async fn all(stage: &Stage) -> Result<Vec<(String, String)>, Failure> {
    let (key, rare_key) = (key_id(1), key_id(57));
    let (upstream, model) = (upstream_id(1), MODELS[1]);
    let at = |days: i64| (stage.now - chrono::TimeDelta::days(days)).format("%Y-%m-%dT00:00:00Z");
    let (month_ago, week_ago, as_of) = (at(30), at(7), at(10));
    let mut paths = PATHS.map(|path| format!("{API}/{path}")).to_vec();
    for question in [
        format!("timeseries?from={month_ago}&group_by=model&key_id={key}"),
        format!("timeseries?from={month_ago}&group_by=key&upstream_id={upstream}"),
        format!("timeseries?from={month_ago}&group_by=team&model={model}"),
        format!("timeseries?from={month_ago}&interval=month&group_by=upstream"),
        format!("timeseries?from={week_ago}&interval=hour&group_by=key"),
        format!("timeseries?from={month_ago}&zone=America/New_York&group_by=model"),
        format!("timeseries?from={month_ago}&zone=Asia/Kolkata"),
        format!("timeseries?from={month_ago}&group_by=model&as_of={as_of}"),
        format!("overview?as_of={as_of}"),
        format!("recent?key_id={key}"),
        format!("recent?key_id={rare_key}&billing_status=unbilled"),
        format!("recent?upstream_id={upstream}&reason=interrupted"),
        format!("recent?model={model}"),
        format!("recent?model={model}&key_id={key}&upstream_id={upstream}"),
        "recent?model=nothing-of-that-name".to_owned(),
    ] {
        paths.push(format!("{API}/billing/{question}"));
    }
    for filter in [
        format!("key_id={key}"),
        format!("key_id={rare_key}&billing_status=unbilled"),
        format!("upstream_id={upstream}"),
        format!("upstream_id={upstream}&reason=interrupted"),
        format!("model={model}"),
        format!("model={model}&key_id={key}"),
        format!("from={month_ago}&until={as_of}"),
        format!("from={month_ago}&key_id={key}&billing_status=billed"),
    ] {
        paths.push(format!("{API}/request-logs?{filter}"));
    }
    let mut named: Vec<(String, String)> = Vec::new();
    for path in paths {
        let name = path.trim_start_matches(API).chars().take(57).collect();
        named.push((name, path));
    }
    for list in ["request-logs?limit=200", "billing/recent?limit=200"] {
        named.push((
            format!("/{list}, page 50"),
            deep(stage, &format!("{API}/{list}"), 50).await?,
        ));
    }
    let recent = client::get(stage, &format!("{API}/billing/recent?limit=1")).await?;
    let recent: serde_json::Value = serde_json::from_str(&recent.body)?;
    let request = recent
        .pointer("/items/0/request_id")
        .and_then(serde_json::Value::as_str)
        .ok_or("there is no request to look at")?
        .to_owned();
    named.push((
        "/billing/requests/{id}/receipt".to_owned(),
        format!("{API}/billing/requests/{request}/receipt"),
    ));
    named.push((
        "/request-logs/{id}".to_owned(),
        format!("{API}/request-logs/{request}"),
    ));
    Ok(named)
}

/// The path of a page far down.
async fn deep(stage: &Stage, list: &str, pages: u32) -> Result<String, Failure> {
    let mut path = list.to_owned();
    for _ in 1..pages {
        let page = client::get(stage, &path).await?;
        let page: serde_json::Value = serde_json::from_str(&page.body)?;
        let Some(cursor) = page.get("next_cursor").and_then(serde_json::Value::as_str) else {
            break;
        };
        path = format!("{list}&cursor={cursor}");
    }
    Ok(path)
}
