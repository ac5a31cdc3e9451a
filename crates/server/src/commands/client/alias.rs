//! `gateway alias`

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::api::Query;
use super::body::{Body, BodyFile};
use super::connect::{Connect, Context};
use super::page::Page;
use super::show::{Column, text};
use super::{resolve, show};
use crate::logging::say;

const PATH: &str = "billing/aliases";
const COLUMNS: [Column; 5] = [
    text("ALIAS", "/alias"),
    text("TARGET", "/target"),
    text("UPSTREAM", "/upstream_id"),
    text("AUTHOR", "/author"),
    text("ID", "/id"),
];

#[derive(Debug, Args)]
pub(crate) struct AliasArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: AliasCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AliasCommand {
    /// List aliases.
    List {
        /// Part of either name.
        #[arg(long)]
        q: Option<String>,
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
    /// Price a name as another one.
    Create {
        /// The name that has no price.
        alias: String,
        /// The name it is priced as.
        target: String,
        #[command(flatten)]
        more: More,
    },
    /// Change what one stands for.
    Update {
        /// Its id.
        id: String,
        /// The name it is priced as.
        target: String,
        #[command(flatten)]
        more: More,
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
}

/// What goes with a change.
#[derive(Debug, Args)]
pub(crate) struct More {
    /// Only at this upstream, by name or id.
    #[arg(long)]
    upstream: Option<String>,
    /// The reason, kept in the history.
    #[arg(long)]
    note: Option<String>,
    /// Confirm a change of prices beyond the guard.
    #[arg(long)]
    confirm: bool,
    /// Only if it still is this version.
    #[arg(long, value_name = "VERSION")]
    if_match: Option<String>,
    #[command(flatten)]
    file: BodyFile,
}

pub(super) async fn run(context: &Context, command: AliasCommand) -> Result<()> {
    match command {
        AliasCommand::List { q, page } => {
            let query: Query = q.into_iter().map(|q| ("q".into(), q)).collect();
            page.print(context, PATH, query, &COLUMNS).await
        }
        AliasCommand::Get { id } => {
            show::one(
                context,
                &context.api.get(&format!("{PATH}/{id}"), &Vec::new()).await?,
            );
            Ok(())
        }
        AliasCommand::History { id } => {
            let path = format!("{PATH}/{id}/history");
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
        AliasCommand::Create { alias, target, more } => {
            let mut body = more.body(context).await?;
            body.set("alias", Some(alias)).set("target", Some(target));
            show::one(context, &context.api.post(PATH, Some(&body.into_value())).await?);
            Ok(())
        }
        AliasCommand::Update { id, target, more } => {
            let mut body = more.body(context).await?;
            body.set("target", Some(target));
            let (path, body) = (format!("{PATH}/{id}"), body.into_value());
            let changed = context
                .api
                .send(Method::PATCH, &path, Some(&body), more.if_match.as_deref());
            show::one(context, &changed.await?);
            Ok(())
        }
        AliasCommand::Delete { id, confirm, note } => delete(context, PATH, &id, confirm, note).await,
    }
}

/// Removes a price rule.
pub(super) async fn delete(
    context: &Context,
    resource: &str,
    id: &str,
    confirm: bool,
    note: Option<String>,
) -> Result<()> {
    let mut query: Query = Vec::new();
    query.extend(confirm.then(|| ("confirm".into(), "true".to_owned())));
    query.extend(note.map(|note| ("note".into(), note)));
    let gone = context.api.delete(&format!("{resource}/{id}"), &query).await?;
    if !context.json {
        say(&format!("{id} is gone"));
    } else if gone != Value::Null {
        say(&gone.to_string());
    }
    Ok(())
}

impl More {
    async fn body(&self, context: &Context) -> Result<Body> {
        let mut body = self.file.begin()?;
        if let Some(upstream) = &self.upstream {
            let id = resolve::id(context, "upstreams", upstream).await?;
            body.set("upstream_id", Some(id));
        }
        body.set("note", self.note.clone())
            .flag("confirm", self.confirm, true);
        Ok(body)
    }
}
