//! `gateway upstream`

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::api::Query;
use super::body::{Body, BodyFile};
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::page::Page;
use super::show::{Column, number, text};
use super::{resolve, secret, show};
use crate::logging::say;

const PATH: &str = "upstreams";
const COLUMNS: [Column; 7] = [
    text("NAME", "/name"),
    text("PROVIDER", "/provider"),
    text("ENABLED", "/enabled"),
    number("PRIORITY", "/priority"),
    number("WEIGHT", "/weight"),
    text("BASE URL", "/base_url"),
    text("ID", "/id"),
];
const ACTIVITY: [Column; 6] = [
    text("NAME", "/name"),
    text("PROVIDER", "/provider"),
    text("LAST USED", "/activity/last_used_at"),
    number("ATTEMPTS TODAY", "/activity/today/attempts"),
    number("COST TODAY", "/activity/today/cost"),
    number("COST THIS MONTH", "/activity/month/cost"),
];

#[derive(Debug, Args)]
pub(crate) struct UpstreamArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: UpstreamCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UpstreamCommand {
    /// List upstreams.
    List {
        /// Part of the name, account label or base URL.
        #[arg(long)]
        q: Option<String>,
        /// Of exactly this provider.
        #[arg(long)]
        provider: Option<String>,
        /// Only those that take traffic, or that do not.
        #[arg(long)]
        enabled: Option<bool>,
        /// When each was last used, and what it cost.
        #[arg(long)]
        activity: bool,
        #[command(flatten)]
        page: Page,
    },
    /// Show one.
    Get {
        /// Its name or id.
        upstream: String,
    },
    /// Make one.
    Create {
        #[command(flatten)]
        fields: Box<Fields>,
        #[command(flatten)]
        file: BodyFile,
    },
    /// Change one: what is not named stays as it is.
    Update {
        /// Its name or id.
        upstream: String,
        #[command(flatten)]
        fields: Box<Fields>,
        #[command(flatten)]
        file: BodyFile,
        /// Only if it still is at this revision.
        #[arg(long, value_name = "REVISION")]
        if_match: Option<String>,
    },
    /// Remove one: its credential is wiped, the ledger keeps what was billed.
    Delete {
        /// Its name or id.
        upstream: String,
        /// Only if it still is at this revision.
        #[arg(long, value_name = "REVISION")]
        if_match: Option<String>,
    },
    /// Send one tiny request through it; it costs money like any other. Fails if the upstream does not answer well.
    Test {
        /// Its name or id.
        upstream: String,
        /// The model to ask for [default: the first one its rules spell out].
        #[arg(long)]
        model: Option<String>,
        /// The wire protocol [default: one it speaks].
        #[arg(long)]
        protocol: Option<String>,
        /// Ask for a stream.
        #[arg(long)]
        stream: bool,
        /// Only say what it would cost at most.
        #[arg(long)]
        dry_run: bool,
    },
}

/// What an operator sets. The word `none` empties what may be empty.
#[derive(Debug, Args)]
pub(crate) struct Fields {
    /// A unique name.
    #[arg(long)]
    name: Option<String>,
    /// Provider in LiteLLM's vocabulary: openai, anthropic, gemini, azure …
    #[arg(long)]
    provider: Option<String>,
    /// A wire protocol it speaks; may be repeated.
    #[arg(long = "protocol", value_name = "PROTOCOL")]
    protocols: Vec<String>,
    /// What /v1/… is appended to.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// A file with the provider's key; - reads standard input.
    #[arg(long, value_name = "FILE")]
    credential_file: Option<PathBuf>,
    /// Which account at the provider is billed.
    #[arg(long)]
    account_label: Option<String>,
    /// Lower goes first.
    #[arg(long)]
    priority: Option<i64>,
    /// Share of traffic among equals.
    #[arg(long)]
    weight: Option<i64>,
    /// A model it serves, as `NAME`, `PATTERN*` or `NAME=SENT_AS`; may be repeated.
    #[arg(long = "model", value_name = "MODEL")]
    models: Vec<String>,
    /// Which name sets the price: served or sent.
    #[arg(long)]
    bill_by: Option<String>,
    /// Whether the provider's own figure may become the bill: never, fallback or always.
    #[arg(long)]
    reported_cost: Option<String>,
    /// What it charges for input relative to the list, as a decimal.
    #[arg(long, value_name = "FACTOR")]
    input_multiplier: Option<String>,
    /// What it charges for output relative to the list, as a decimal.
    #[arg(long, value_name = "FACTOR")]
    output_multiplier: Option<String>,
    /// Permit a multiplier of zero.
    #[arg(long)]
    allow_free: Option<bool>,
    /// What happens to requests without a price: serve or refuse.
    #[arg(long)]
    on_unpriced: Option<String>,
    /// Whether it takes traffic.
    #[arg(long)]
    enabled: Option<bool>,
    /// Confirm a change of prices beyond the guard.
    #[arg(long)]
    confirm: bool,
}

pub(super) async fn run(context: &Context, command: UpstreamCommand) -> Result<()> {
    match command {
        UpstreamCommand::List {
            q,
            provider,
            enabled,
            activity,
            page,
        } => {
            let mut query: Query = Vec::new();
            query.extend(q.map(|q| ("q".into(), q)));
            query.extend(provider.map(|provider| ("provider".into(), provider)));
            query.extend(enabled.map(|enabled| ("enabled".into(), enabled.to_string())));
            query.extend(activity.then(|| ("activity".into(), "true".to_owned())));
            let columns = if activity { &ACTIVITY[..] } else { &COLUMNS[..] };
            page.print(context, PATH, query, columns).await
        }
        UpstreamCommand::Get { upstream } => {
            let path = path(context, &upstream).await?;
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
        UpstreamCommand::Create { fields, file } => {
            let body = fields.body(&file)?;
            show::one(context, &context.api.post(PATH, Some(&body)).await?);
            Ok(())
        }
        UpstreamCommand::Update {
            upstream,
            fields,
            file,
            if_match,
        } => {
            let body = fields.body(&file)?;
            let path = path(context, &upstream).await?;
            let changed = context
                .api
                .send(Method::PATCH, &path, Some(&body), if_match.as_deref());
            show::one(context, &changed.await?);
            Ok(())
        }
        UpstreamCommand::Delete { upstream, if_match } => {
            let path = path(context, &upstream).await?;
            let gone = context.api.send(Method::DELETE, &path, None, if_match.as_deref());
            gone.await?;
            if !context.json {
                say(&format!("{upstream} is gone"));
            }
            Ok(())
        }
        UpstreamCommand::Test {
            upstream,
            model,
            protocol,
            stream,
            dry_run,
        } => {
            let mut body = Body::new();
            body.set("model", model)
                .set("protocol", protocol)
                .flag("stream", stream, true)
                .flag("dry_run", dry_run, true);
            let path = path(context, &upstream).await?;
            let tested = context
                .api
                .post(&format!("{path}/test"), Some(&body.into_value()))
                .await?;
            show::one(context, &tested);
            let ok = tested.pointer("/result/ok").and_then(Value::as_bool);
            if ok == Some(false) {
                return Err(Failure::Unsuccessful(format!("the test of {upstream} failed")).into());
            }
            Ok(())
        }
    }
}

async fn path(context: &Context, upstream: &str) -> Result<String> {
    let id = resolve::id(context, PATH, upstream).await?;
    Ok(format!("{PATH}/{id}"))
}

impl Fields {
    fn body(&self, file: &BodyFile) -> Result<Value> {
        let mut body = file.begin()?;
        let rules: Vec<Value> = self.models.iter().map(|rule| model_rule(rule)).collect();
        let credential = match &self.credential_file {
            Some(file) => Some(secret::read(file)?.expose_secret().to_owned()),
            None => None,
        };
        body.set("name", self.name.clone())
            .set("provider", self.provider.clone())
            .list("protocols", &self.protocols)
            .set("base_url", self.base_url.clone())
            .set("credential", credential)
            .text("account_label", self.account_label.as_ref())
            .set("priority", self.priority)
            .set("weight", self.weight)
            .set("models", (!rules.is_empty()).then_some(rules))
            .set("bill_by", self.bill_by.clone())
            .set("reported_cost", self.reported_cost.clone())
            .set("input_multiplier", self.input_multiplier.clone())
            .set("output_multiplier", self.output_multiplier.clone())
            .set("allow_free", self.allow_free)
            .text("on_unpriced", self.on_unpriced.as_ref())
            .set("enabled", self.enabled)
            .flag("confirm", self.confirm, true);
        if body.is_empty() {
            return Err(Failure::usage("nothing to set; see --help"));
        }
        Ok(body.into_value())
    }
}

fn model_rule(text: &str) -> Value {
    match text.split_once('=') {
        Some((model, sent)) => json!({"model": model, "send_as": sent}),
        None => json!({"model": text}),
    }
}
