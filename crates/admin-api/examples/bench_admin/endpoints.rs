//! What is measured: every list and overview, with every kind of filter, first pages and deep ones.

use serde_json::Value;

use crate::stage::Stage;
use crate::world::{World, key_id, upstream_id};
use crate::{Failure, client};

const API: &str = "/api/admin";

/// Paths that are the same for every database.
const PATHS: [&str; 86] = [
    "upstreams",
    "upstreams?activity=true&limit=200",
    "upstreams?q=open&provider=openai",
    "keys",
    "keys?limit=200",
    "keys?activity=true",
    "keys?activity=true&limit=200",
    "keys?team=team%203&enabled=true",
    "tokens",
    "audit-log",
    "audit-log?limit=200",
    "audit-log?actor=bench",
    "audit-log?actor=nobody",
    "audit-log?action=key.create&resource_kind=key",
    "audit-log?action=key.delete",
    "deferred-operations",
    "deferred-operations?state=open",
    "system/jobs",
    "system/jobs/price_sync",
    "system/jobs/deferred_usage",
    "system/version",
    "system/journal",
    "system/config",
    "billing/overview",
    "billing/timeseries",
    "billing/attention",
    "billing/attention?limit=200",
    "billing/attention?kind=unpriced",
    "billing/attention?kind=served_not_sent&snoozed=include",
    "billing/export?format=csv",
    "billing/export?format=jsonl",
    "billing/recent",
    "billing/recent?limit=200",
    "billing/recent?billing_status=billed",
    "billing/recent?billing_status=unbilled",
    "billing/recent?billing_status=no_charge",
    "billing/recent?reason=interrupted",
    "billing/recent?reason=not_metered",
    "billing/recent?provider=openai",
    "billing/recent?provider=nobody",
    "billing/recent?model=nothing-of-that-name",
    "billing/prices",
    "billing/prices?limit=200",
    "billing/prices?q=gpt",
    "billing/prices?provider=openai&mode=chat",
    "billing/prices?source=manual",
    "billing/prices?overridden=true",
    "billing/prices?stale=true",
    "billing/prices?held=true",
    "billing/prices?unpriced=true",
    "billing/prices?free=true",
    "billing/prices?page=60&page_size=50",
    "billing/prices/unresolved",
    "billing/prices/unresolved?include_resolved=true&limit=200",
    "billing/prices/releases",
    "billing/prices/stale",
    "billing/overrides",
    "billing/overrides?q=gpt&limit=200",
    "billing/aliases",
    "billing/upstream-multipliers",
    "request-logs/export?format=csv",
    "request-logs/export?format=jsonl",
    "request-logs",
    "request-logs?limit=200",
    "request-logs?sort=time_asc",
    "request-logs?billing_status=billed",
    "request-logs?billing_status=unbilled",
    "request-logs?billing_status=partly_billed",
    "request-logs?billing_status=no_charge",
    "request-logs?reason=interrupted",
    "request-logs?reason=not_metered",
    "request-logs?status_class=2xx",
    "request-logs?status_class=3xx",
    "request-logs?status_class=4xx",
    "request-logs?status_class=5xx",
    "request-logs?status_class=none",
    "request-logs?error_origin=gateway",
    "request-logs?error_origin=upstream",
    "request-logs?stream=true",
    "request-logs?protocol=openai_images",
    "request-logs?protocol=rerank",
    "request-logs?caller_request_id=call-0009",
    "request-logs?caller_request_id=nothing",
    "request-logs?min_ttft_ms=2900",
    "request-logs?min_duration_ms=60000",
    "request-logs?max_duration_ms=1",
];

/// Names and paths.
pub(crate) async fn all(stage: &Stage, world: &World) -> Result<Vec<(String, String)>, Failure> {
    let mut paths = PATHS.map(ToOwned::to_owned).to_vec();
    paths.extend(series(stage, world));
    paths.extend(recent(world));
    paths.extend(logs(stage, world));
    paths.extend(stats(stage, world));
    let mut named: Vec<(String, String)> = Vec::new();
    for path in paths {
        let name = path.chars().take(110).collect();
        named.push((name, format!("{API}/{path}")));
    }
    for list in [
        "request-logs?limit=200",
        "billing/recent?limit=200",
        "request-logs?sort=cost_desc&limit=200",
    ] {
        let path = deep(stage, &format!("{API}/{list}"), 50).await?;
        named.push((format!("{list}, page 50"), path));
    }
    let recent = json(stage, "billing/recent?limit=1").await?;
    let request = text(&recent, "/items/0/request_id")?;
    let release = text(
        &json(stage, "billing/prices/releases?limit=1").await?,
        "/items/0/id",
    )?;
    for path in [
        format!("billing/requests/{request}/receipt"),
        format!("request-logs/{request}"),
        format!("billing/prices/releases/{release}/diff"),
    ] {
        let name = path.replace(&request, "{id}").replace(&release, "{id}");
        named.push((name, format!("{API}/{path}")));
    }
    Ok(named)
}

/// So many days ago, at midnight.
fn days_ago(stage: &Stage, days: i64) -> String {
    let at = stage.now - chrono::TimeDelta::days(days);
    at.format("%Y-%m-%dT00:00:00Z").to_string()
}

fn series(stage: &Stage, world: &World) -> Vec<String> {
    let (key, upstream, model) = (key_id(1), upstream_id(1), common_model(world));
    let (all, month, week, as_of) = (
        days_ago(stage, 90),
        days_ago(stage, 30),
        days_ago(stage, 7),
        days_ago(stage, 10),
    );
    let mut found = vec![format!("overview?as_of={as_of}")];
    let groups = [
        "",
        "&group_by=upstream",
        "&group_by=key",
        "&group_by=team",
        "&group_by=model",
    ];
    for group in groups {
        found.push(format!("timeseries?from={month}{group}"));
        found.push(format!("timeseries?from={all}{group}&top=50"));
        found.push(format!("timeseries?from={all}&interval=month{group}"));
        found.push(format!("timeseries?from={week}&interval=hour{group}"));
        found.push(format!("timeseries?from={month}&interval=hour{group}"));
        found.push(format!("timeseries?from={month}&zone=America/New_York{group}"));
        found.push(format!("timeseries?from={month}&zone=Asia/Kolkata{group}"));
        found.push(format!("timeseries?from={month}&as_of={as_of}{group}"));
    }
    let filters = [
        ("upstream_id", upstream.to_string()),
        ("key_id", key.to_string()),
        ("team", "team%201".to_owned()),
        ("model", model),
    ];
    for (name, value) in &filters {
        for group in groups {
            if group.ends_with(name.trim_end_matches("_id")) {
                continue;
            }
            found.push(format!("timeseries?from={month}{group}&{name}={value}"));
            found.push(format!(
                "timeseries?from={month}&interval=hour{group}&{name}={value}"
            ));
        }
    }
    // Three dimensions at once are read from the sums of all combinations.
    found.push(format!(
        "timeseries?from={month}&group_by=model&upstream_id={upstream}&team=team%201"
    ));
    found.push(format!(
        "timeseries?from={month}&interval=hour&group_by=model&upstream_id={upstream}&team=team%201"
    ));
    found.into_iter().map(|path| format!("billing/{path}")).collect()
}

fn recent(world: &World) -> Vec<String> {
    let (key, rare_key, upstream, model) = (key_id(1), key_id(290), upstream_id(1), common_model(world));
    let found = [
        format!("key_id={key}"),
        format!("key_id={rare_key}&billing_status=unbilled"),
        format!("upstream_id={upstream}&reason=interrupted"),
        format!("model={model}"),
        format!("model={model}&key_id={key}&upstream_id={upstream}"),
        format!("provider=openai&key_id={rare_key}"),
    ];
    found.map(|filter| format!("billing/recent?{filter}")).to_vec()
}

fn logs(stage: &Stage, world: &World) -> Vec<String> {
    let (key, rare_key, upstream, model) = (key_id(1), key_id(290), upstream_id(1), common_model(world));
    let (month, as_of) = (days_ago(stage, 30), days_ago(stage, 10));
    let found = [
        format!("key_id={key}"),
        format!("key_id={rare_key}&billing_status=unbilled"),
        format!("key_id={key}&min_duration_ms=60000"),
        "team=team%201".to_owned(),
        "team=nobody".to_owned(),
        "owner=owner%207".to_owned(),
        format!("upstream_id={upstream}"),
        format!("upstream_id={upstream}&reason=interrupted"),
        format!("upstream_id={upstream}&key_id={rare_key}"),
        format!("upstream_id={upstream}&team=team%207&stream=true"),
        format!("model={model}"),
        format!("model={model}&key_id={key}"),
        format!("model={model}&min_cost_usd=0.3"),
        "model=nothing-of-that-name".to_owned(),
        format!("from={month}&until={as_of}"),
        format!("from={month}&key_id={key}&billing_status=billed"),
        format!("from={month}&until={as_of}&status_class=5xx"),
        "min_cost_usd=0.3".to_owned(),
        "min_cost_usd=100".to_owned(),
        "max_cost_usd=0.000001".to_owned(),
        "min_ttft_ms=2500&min_cost_usd=0.05&stream=true".to_owned(),
        "sort=cost_desc".to_owned(),
        format!("sort=cost_desc&from={month}"),
        format!("sort=cost_asc&from={month}"),
        format!("sort=cost_desc&from={month}&key_id={key}"),
        format!("sort=cost_desc&from={month}&model={model}"),
        format!("sort=cost_desc&from={month}&min_duration_ms=60000"),
        format!("sort=cost_desc&from={month}&billing_status=partly_billed"),
        format!("sort=cost_desc&from={month}&upstream_id={upstream}&stream=true&limit=200"),
    ];
    found.map(|filter| format!("request-logs?{filter}")).to_vec()
}

fn stats(stage: &Stage, world: &World) -> Vec<String> {
    let (key, upstream, model) = (key_id(1), upstream_id(1), common_model(world));
    let (all, month, week) = (days_ago(stage, 90), days_ago(stage, 30), days_ago(stage, 7));
    let mut found = Vec::new();
    for group in ["upstream", "key", "team", "model"] {
        found.push(format!("group_by={group}"));
        found.push(format!("group_by={group}&from={week}"));
        found.push(format!("group_by={group}&from={month}"));
        found.push(format!("group_by={group}&from={all}"));
        found.push(format!("group_by={group}&from={month}&limit=200"));
    }
    for filter in [
        format!("key_id={key}"),
        format!("upstream_id={upstream}"),
        format!("model={model}"),
        "team=team%201".to_owned(),
    ] {
        for group in ["upstream", "key", "model"] {
            found.push(format!("group_by={group}&from={month}&{filter}"));
        }
    }
    found.push(format!("group_by=model&key_id={key}&upstream_id={upstream}"));
    found.push(format!(
        "group_by=model&from={week}&key_id={key}&upstream_id={upstream}"
    ));
    found
        .into_iter()
        .map(|filter| format!("stats?{filter}"))
        .collect()
}

/// One that many requests name.
fn common_model(world: &World) -> String {
    world.models.get(3).cloned().unwrap_or_default()
}

async fn json(stage: &Stage, path: &str) -> Result<Value, Failure> {
    let answer = client::get(stage, &format!("{API}/{path}")).await?;
    Ok(serde_json::from_str(&answer.body)?)
}

fn text(value: &Value, pointer: &str) -> Result<String, Failure> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("there is no {pointer}"))?.to_owned())
}

/// The path of a page far down.
async fn deep(stage: &Stage, list: &str, pages: u32) -> Result<String, Failure> {
    let mut path = list.to_owned();
    for _ in 1..pages {
        let page = client::get(stage, &path).await?;
        let page: Value = serde_json::from_str(&page.body)?;
        let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else {
            break;
        };
        path = format!("{list}&cursor={cursor}");
    }
    Ok(path)
}
