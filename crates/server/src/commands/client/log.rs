//! `gateway log`

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::api::Query;
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::page::Page;
use super::show::{Column, number, text};
use super::table::Table;
use super::{resolve, show, sse};
use crate::logging::say;

const PATH: &str = "request-logs";
/// How long a stream that was there before is asked for again.
const PATIENCE: Duration = Duration::from_mins(5);
/// Between two times.
const PAUSE: Duration = Duration::from_secs(2);
/// Requests remembered as printed.
const LATEST: usize = 256;
const COLUMNS: [Column; 8] = [
    text("AT", "/occurred_at"),
    text("KEY", "/key_name"),
    text("UPSTREAM", "/upstream_name"),
    text("MODEL", "/model_requested"),
    number("HTTP", "/http_status"),
    text("BILLING", "/billing_status"),
    number("COST", "/cost"),
    text("REQUEST", "/request_id"),
];

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(flatten)]
    pub(super) list: List,
    #[command(subcommand)]
    pub(super) command: Option<LogCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Show one request.
    Get {
        /// Its id: the answer's x-tollgate-request-id.
        request: String,
    },
    /// Show what a request cost, and why exactly that much.
    Receipt {
        /// Its id: the answer's x-tollgate-request-id.
        request: String,
    },
}

/// List requests, newest first, or follow them as they end.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    filter: Box<Filter>,
    #[command(flatten)]
    page: Page,
    /// Show requests as they end, until interrupted.
    #[arg(long, conflicts_with_all = ["cursor", "all", "limit"])]
    follow: bool,
}

/// Which requests.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Admitted at or after, as 2026-11-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Admitted before.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Of this key, by name or id.
    #[arg(long)]
    key: Option<String>,
    /// Answered by this upstream, by name or id.
    #[arg(long)]
    upstream: Option<String>,
    /// Naming exactly this model.
    #[arg(long)]
    model: Option<String>,
    /// `billed`, `partly_billed`, `unbilled` or `no_charge`.
    #[arg(long, value_name = "STATUS")]
    billing_status: Option<String>,
    /// With this unbilled reason.
    #[arg(long)]
    reason: Option<String>,
    /// Any other filter of the list, as NAME=VALUE; may be repeated.
    #[arg(long = "filter", value_name = "NAME=VALUE")]
    others: Vec<String>,
}

pub(super) async fn run(context: &Context, list: List, command: Option<LogCommand>) -> Result<()> {
    let Some(command) = command else {
        let query = list.filter.query(context).await?;
        return if list.follow {
            follow(context, query).await
        } else {
            list.page.print(context, PATH, query, &COLUMNS).await
        };
    };
    match command {
        LogCommand::Get { request } => {
            let log = context.api.get(&format!("{PATH}/{request}"), &Vec::new()).await?;
            show::one(context, &log);
            Ok(())
        }
        LogCommand::Receipt { request } => {
            let path = format!("billing/requests/{request}/receipt");
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
    }
}

/// Prints requests as they end: a line each, JSON or columns. A stream that ends is taken up again where it ended, so a
/// restart of the gateway loses nothing.
async fn follow(context: &Context, query: Query) -> Result<()> {
    let path = format!("{PATH}/stream");
    let mut printed = Printed::default();
    // Who cannot be reached at first is told at once: it is rather a wrong address than a restart.
    let mut next = context.api.stream(&path, &query, "text/event-stream", None).await;
    let mut gone_since = None;
    loop {
        let why = match next {
            Ok(response) => {
                gone_since = None;
                printed.follow(context, response).await
            }
            Err(error) if gone_since.is_none() || !may_pass(&error) => return Err(error),
            Err(error) => error.to_string(),
        };
        let since = *gone_since.get_or_insert_with(Instant::now);
        if since.elapsed() > PATIENCE {
            return Err(Failure::Unreachable(format!("the stream has ended: {why}")).into());
        }
        if !context.json {
            say(&format!("(the stream has ended: {why}; trying again)"));
        }
        tokio::time::sleep(PAUSE).await;
        let known = printed.last_id.as_deref();
        next = context
            .api
            .stream(&path, &query, "text/event-stream", known)
            .await;
    }
}

/// Whether the same question may be answered later.
fn may_pass(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<Failure>() {
        Some(Failure::Refused { status, .. }) => {
            *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
        }
        Some(Failure::Unreachable(_)) => true,
        _ => false,
    }
}

/// What has been printed.
#[derive(Debug, Default)]
struct Printed {
    /// The id of the last event.
    last_id: Option<String>,
    /// The last requests: taken up again, a stream tells some of them twice.
    latest: VecDeque<String>,
}

impl Printed {
    /// Prints a stream until it ends; says why it did.
    async fn follow(&mut self, context: &Context, response: Response) -> String {
        let mut farewell = None;
        let each = |event: sse::Event| {
            if !event.id.is_empty() {
                self.last_id = Some(event.id);
            }
            match event.kind.as_str() {
                "request" => self.print(context, event.data),
                "unavailable" if !context.json => {
                    say("(the database is away; the stream goes on when it is back)");
                }
                "slow_reader" | "closing" => farewell = Some(event.kind.clone()),
                _ => {}
            }
            Ok(true)
        };
        match sse::follow(&context.api, response, each).await {
            Ok(()) => farewell.unwrap_or_else(|| "it broke off".to_owned()),
            Err(error) => error.to_string(),
        }
    }

    fn print(&mut self, context: &Context, data: String) {
        if self.latest.contains(&data) {
            return;
        }
        if context.json {
            say(&data);
        } else {
            line(&serde_json::from_str(&data).unwrap_or(Value::Null));
        }
        if self.latest.len() == LATEST {
            self.latest.pop_front();
        }
        self.latest.push_back(data);
    }
}

fn line(log: &Value) {
    let mut table = Table::new(COLUMNS.iter().map(|column| ("", column.align)));
    let cells = COLUMNS
        .iter()
        .map(|column| log.pointer(column.at).map_or_else(String::new, show::cell));
    table.push(cells.collect());
    say(table.to_string().trim_start());
}

impl Filter {
    async fn query(&self, context: &Context) -> Result<Query> {
        let mut query: Query = Vec::new();
        for (name, value) in [
            ("from", &self.from),
            ("until", &self.until),
            ("model", &self.model),
            ("billing_status", &self.billing_status),
            ("reason", &self.reason),
        ] {
            query.extend(value.clone().map(|value| (name.into(), value)));
        }
        if let Some(key) = &self.key {
            query.push(("key_id".into(), resolve::id(context, "keys", key).await?));
        }
        if let Some(upstream) = &self.upstream {
            query.push((
                "upstream_id".into(),
                resolve::id(context, "upstreams", upstream).await?,
            ));
        }
        for other in &self.others {
            let (name, value) = other
                .split_once('=')
                .ok_or_else(|| Failure::usage(format!("--filter {other:?} is not of the form NAME=VALUE")))?;
            query.push((name.to_owned().into(), value.to_owned()));
        }
        Ok(query)
    }
}
