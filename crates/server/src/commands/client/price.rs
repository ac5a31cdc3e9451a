//! `gateway price`

use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::api::Query;
use super::body::Body;
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::page::Page;
use super::show::{Column, number, text};
use super::{resolve, show};

const PATH: &str = "billing/prices";
const COLUMNS: [Column; 6] = [
    text("MODEL", "/model"),
    text("PROVIDER", "/provider"),
    text("MODE", "/mode"),
    number("INPUT $/M", "/effective/input_usd_per_mtok"),
    number("OUTPUT $/M", "/effective/output_usd_per_mtok"),
    text("SOURCE", "/source"),
];
const RELEASES: [Column; 6] = [
    text("STARTED", "/started_at"),
    text("STATE", "/state"),
    text("TRIGGER", "/trigger"),
    number("CHANGED", "/changed"),
    number("HELD", "/held"),
    text("ID", "/id"),
];
const UNRESOLVED: [Column; 5] = [
    text("MODEL", "/model"),
    number("ATTEMPTS", "/attempts"),
    text("LAST SEEN", "/last_seen"),
    text("UPSTREAM", "/last_upstream"),
    text("MEANT?", "/suggestions/0/model"),
];
const SIMULATED: [Column; 6] = [
    text("UPSTREAM", "/upstream_name"),
    text("SENT AS", "/model_sent"),
    text("PRICED AS", "/pricing/priced_as"),
    number("LIST COST", "/list_cost"),
    number("COST", "/cost"),
    text("WHY NOT", "/detail"),
];
/// How often a run is looked at.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(crate) struct PriceArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: PriceCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PriceCommand {
    /// List what models cost.
    List {
        /// Part of the name.
        #[arg(long)]
        q: Option<String>,
        /// Of exactly this provider.
        #[arg(long)]
        provider: Option<String>,
        /// `chat`, `embedding`, `image_generation` …
        #[arg(long)]
        mode: Option<String>,
        /// litellm or manual.
        #[arg(long)]
        source: Option<String>,
        /// Only those with an override.
        #[arg(long)]
        overridden: Option<bool>,
        /// Only those that are gone from the public map.
        #[arg(long)]
        stale: Option<bool>,
        #[command(flatten)]
        page: Page,
    },
    /// List models that were served without a price, with names that may be meant.
    Unresolved {
        #[command(flatten)]
        page: Page,
    },
    /// Say what a request would cost, and on which upstream least.
    Simulate {
        /// The model a caller would name.
        model: String,
        /// What would be used, as METER=COUNT (input=1000); may be repeated.
        #[arg(long = "usage", value_name = "METER=COUNT", required = true)]
        usage: Vec<String>,
        /// Only at this upstream, by name or id.
        #[arg(long)]
        upstream: Option<String>,
        /// The service tier.
        #[arg(long)]
        tier: Option<String>,
    },
    /// Sync with the public price map.
    Sync {
        /// Compare the whole map even if it has not changed.
        #[arg(long)]
        force: bool,
        /// Wait for its end; fails where it fails.
        #[arg(long)]
        wait: bool,
    },
    /// List the runs of the sync, newest first.
    Releases {
        #[command(flatten)]
        page: Page,
    },
    /// Show what a release changed and holds.
    Diff {
        /// Its id.
        release: String,
        #[command(flatten)]
        page: Page,
    },
    /// Put held prices in force.
    Accept(Decision),
    /// Refuse held prices.
    Reject(Decision),
    /// Make an earlier release current again.
    Activate {
        /// Its id.
        release: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Decision {
    /// The release's id.
    release: String,
    /// A model; may be repeated.
    #[arg(long = "model", value_name = "MODEL", required_unless_present = "all")]
    models: Vec<String>,
    /// All that wait.
    #[arg(long, conflicts_with = "models")]
    all: bool,
}

pub(super) async fn run(context: &Context, command: PriceCommand) -> Result<()> {
    match command {
        PriceCommand::List {
            q,
            provider,
            mode,
            source,
            overridden,
            stale,
            page,
        } => {
            let mut query: Query = Vec::new();
            for (name, value) in [
                ("q", q),
                ("provider", provider),
                ("mode", mode),
                ("source", source),
            ] {
                query.extend(value.map(|value| (name.into(), value)));
            }
            for (name, value) in [("overridden", overridden), ("stale", stale)] {
                query.extend(value.map(|value| (name.into(), value.to_string())));
            }
            page.print(context, PATH, query, &COLUMNS).await
        }
        PriceCommand::Unresolved { page } => {
            let path = format!("{PATH}/unresolved");
            page.print(context, &path, Vec::new(), &UNRESOLVED).await
        }
        PriceCommand::Simulate {
            model,
            usage,
            upstream,
            tier,
        } => simulate(context, model, &usage, upstream, tier).await,
        PriceCommand::Sync { force, wait } => sync(context, force, wait).await,
        PriceCommand::Releases { page } => {
            let path = format!("{PATH}/releases");
            page.print(context, &path, Vec::new(), &RELEASES).await
        }
        PriceCommand::Diff { release, page } => {
            let path = format!("{PATH}/releases/{release}/diff");
            let columns = [
                text("MODEL", "/model"),
                text("CHANGE", "/change"),
                text("RATE", "/rates/0/text"),
                text("HELD", "/held/reason"),
            ];
            page.print(context, &path, Vec::new(), &columns).await
        }
        PriceCommand::Accept(decision) => decide(context, decision, "accept").await,
        PriceCommand::Reject(decision) => decide(context, decision, "reject").await,
        PriceCommand::Activate { release } => {
            let path = format!("{PATH}/releases/{release}/activate");
            show::one(context, &context.api.post(&path, None).await?);
            Ok(())
        }
    }
}

async fn simulate(
    context: &Context,
    model: String,
    usage: &[String],
    upstream: Option<String>,
    tier: Option<String>,
) -> Result<()> {
    let mut counts = Map::new();
    for part in usage {
        let counted = part.split_once('=').and_then(|(meter, count)| {
            let count: u64 = count.parse().ok()?;
            Some((meter.to_owned(), Value::from(count)))
        });
        let (meter, count) = counted
            .ok_or_else(|| Failure::usage(format!("--usage {part:?} is not of the form METER=COUNT")))?;
        counts.insert(meter, count);
    }
    let mut body = Body::new();
    body.set("model", Some(model))
        .set("usage", Some(Value::Object(counts)))
        .set("tier", tier);
    if let Some(upstream) = upstream {
        let id = resolve::id(context, "upstreams", &upstream).await?;
        body.set("upstream_id", Some(id));
    }
    let answer = context
        .api
        .post("billing/simulate", Some(&body.into_value()))
        .await?;
    if context.json {
        show::one(context, &answer);
    } else {
        let results = answer.get("results").and_then(Value::as_array);
        show::rows(results.map_or(&[][..], Vec::as_slice), &SIMULATED);
    }
    Ok(())
}

async fn sync(context: &Context, force: bool, wait: bool) -> Result<()> {
    let mut body = Body::new();
    body.flag("force", force, true);
    let mut run = context
        .api
        .post(&format!("{PATH}/sync"), Some(&body.into_value()))
        .await?;
    let state = |run: &Value| {
        run.get("state")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let id = run
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    while wait && state(&run) == "running" {
        tokio::time::sleep(LOOK).await;
        run = context
            .api
            .get(&format!("{PATH}/releases/{id}"), &Vec::new())
            .await?;
    }
    show::one(context, &run);
    if state(&run) == "failed" {
        return Err(
            Failure::Unsuccessful("the price sync failed; the prices before it serve".to_owned()).into(),
        );
    }
    Ok(())
}

async fn decide(context: &Context, decision: Decision, verb: &str) -> Result<()> {
    let mut body = Body::new();
    body.set("models", (!decision.all).then(|| Value::from(decision.models)))
        .flag("all", decision.all, true);
    let path = format!("{PATH}/releases/{}/{verb}", decision.release);
    show::one(context, &context.api.post(&path, Some(&body.into_value())).await?);
    Ok(())
}
