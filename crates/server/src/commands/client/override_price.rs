//! `gateway override`

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::alias::delete;
use super::api::Query;
use super::body::{Body, BodyFile};
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::page::Page;
use super::show::{Column, number, text};
use super::{resolve, show};

const PATH: &str = "billing/overrides";
const COLUMNS: [Column; 7] = [
    text("MODEL", "/model"),
    text("UPSTREAM", "/upstream_id"),
    number("INPUT $/M", "/input_usd_per_mtok"),
    number("OUTPUT $/M", "/output_usd_per_mtok"),
    number("CACHE READ $/M", "/cache_read_usd_per_mtok"),
    text("AUTHOR", "/author"),
    text("ID", "/id"),
];

#[derive(Debug, Args)]
pub(crate) struct OverrideArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: OverrideCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OverrideCommand {
    /// List overrides.
    List {
        /// Part of the model's name.
        #[arg(long)]
        q: Option<String>,
        /// Of exactly this model.
        #[arg(long)]
        model: Option<String>,
        /// Of this upstream, by name or id.
        #[arg(long)]
        upstream: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Show one.
    Get {
        /// Its id.
        id: String,
    },
    /// Show every version of one.
    History {
        /// Its id.
        id: String,
    },
    /// Set a price. It replaces the whole card: name all it should cover.
    Create {
        /// The model, as served or sent.
        #[arg(long)]
        model: Option<String>,
        /// Only at this upstream, by name or id.
        #[arg(long)]
        upstream: Option<String>,
        #[command(flatten)]
        fields: Box<Fields>,
    },
    /// Change a price: what is not named stays as it is.
    Update {
        /// Its id.
        id: String,
        #[command(flatten)]
        fields: Box<Fields>,
        /// Only if it still is this version.
        #[arg(long, value_name = "VERSION")]
        if_match: Option<String>,
    },
    /// Remove one.
    Delete {
        /// Its id.
        id: String,
        /// Confirm a change of prices beyond the guard.
        #[arg(long)]
        confirm: bool,
        /// The reason, kept in the history.
        #[arg(long)]
        note: Option<String>,
    },
    /// Go back to the official prices, for one or many, all in one version.
    Reset {
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
        /// Confirm a change of prices beyond the guard.
        #[arg(long)]
        confirm: bool,
        /// The reason, kept in the history.
        #[arg(long)]
        note: Option<String>,
    },
}

/// A price in USD per million tokens, as decimals; bands, tiers and other meters by --file. The word `none` takes a rate
/// away.
#[derive(Debug, Args)]
pub(crate) struct Fields {
    /// Uncached input.
    #[arg(long, value_name = "USD_PER_MTOK", allow_hyphen_values = true)]
    input: Option<String>,
    /// Output.
    #[arg(long, value_name = "USD_PER_MTOK", allow_hyphen_values = true)]
    output: Option<String>,
    /// Input read from a cache.
    #[arg(long, value_name = "USD_PER_MTOK", allow_hyphen_values = true)]
    cache_read: Option<String>,
    /// Input written to a cache for 5 minutes.
    #[arg(long, value_name = "USD_PER_MTOK", allow_hyphen_values = true)]
    cache_write_5m: Option<String>,
    /// Input written to a cache for an hour.
    #[arg(long, value_name = "USD_PER_MTOK", allow_hyphen_values = true)]
    cache_write_1h: Option<String>,
    /// Whether the upstream's multipliers apply.
    #[arg(long)]
    apply_multipliers: Option<bool>,
    /// The reason, kept in the history.
    #[arg(long)]
    note: Option<String>,
    /// Confirm a change of prices beyond the guard.
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    file: BodyFile,
}

pub(super) async fn run(context: &Context, command: OverrideCommand) -> Result<()> {
    match command {
        OverrideCommand::List {
            q,
            model,
            upstream,
            page,
        } => {
            let mut query: Query = Vec::new();
            query.extend(q.map(|q| ("q".into(), q)));
            query.extend(model.map(|model| ("model".into(), model)));
            if let Some(upstream) = upstream {
                let id = resolve::id(context, "upstreams", &upstream).await?;
                query.push(("upstream_id".into(), id));
            }
            page.print(context, PATH, query, &COLUMNS).await
        }
        OverrideCommand::Get { id } => {
            show::one(
                context,
                &context.api.get(&format!("{PATH}/{id}"), &Vec::new()).await?,
            );
            Ok(())
        }
        OverrideCommand::History { id } => {
            let path = format!("{PATH}/{id}/history");
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
        OverrideCommand::Create {
            model,
            upstream,
            fields,
        } => {
            let mut body = fields.body()?;
            body.set("model", model);
            if let Some(upstream) = upstream {
                let id = resolve::id(context, "upstreams", &upstream).await?;
                body.set("upstream_id", Some(id));
            }
            show::one(context, &context.api.post(PATH, Some(&body.into_value())).await?);
            Ok(())
        }
        OverrideCommand::Update { id, fields, if_match } => {
            let body = fields.body()?;
            if body.is_empty() {
                return Err(Failure::usage("nothing to set; see --help"));
            }
            let (path, body) = (format!("{PATH}/{id}"), body.into_value());
            let changed = context
                .api
                .send(Method::PATCH, &path, Some(&body), if_match.as_deref());
            show::one(context, &changed.await?);
            Ok(())
        }
        OverrideCommand::Delete { id, confirm, note } => delete(context, PATH, &id, confirm, note).await,
        OverrideCommand::Reset { ids, confirm, note } => {
            let mut body = Body::new();
            body.set("override_ids", Some(Value::from(ids)))
                .set("note", note)
                .flag("confirm", confirm, true);
            let (path, body) = (format!("{PATH}/reset"), body.into_value());
            show::one(context, &context.api.post(&path, Some(&body)).await?);
            Ok(())
        }
    }
}

impl Fields {
    fn body(&self) -> Result<Body> {
        let mut body = self.file.begin()?;
        body.text("input_usd_per_mtok", self.input.as_ref())
            .text("output_usd_per_mtok", self.output.as_ref())
            .text("cache_read_usd_per_mtok", self.cache_read.as_ref())
            .text("cache_write_5m_usd_per_mtok", self.cache_write_5m.as_ref())
            .text("cache_write_1h_usd_per_mtok", self.cache_write_1h.as_ref())
            .set("apply_multipliers", self.apply_multipliers)
            .set("note", self.note.clone())
            .flag("confirm", self.confirm, true);
        Ok(body)
    }
}
