//! `gateway key`

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::api::Query;
use super::body::{Body, BodyFile};
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::page::Page;
use super::show::{Column, number, text};
use super::{resolve, show};
use crate::logging::say;

const PATH: &str = "keys";
const COLUMNS: [Column; 7] = [
    text("NAME", "/name"),
    text("TOKEN", "/token_hint"),
    text("OWNER", "/owner"),
    text("TEAM", "/team"),
    text("ENABLED", "/enabled"),
    text("EXPIRES", "/expires_at"),
    text("ID", "/id"),
];
const ACTIVITY: [Column; 7] = [
    text("NAME", "/name"),
    text("OWNER", "/owner"),
    text("TEAM", "/team"),
    text("LAST USED", "/activity/last_used_at"),
    number("ATTEMPTS TODAY", "/activity/today/attempts"),
    number("CHARGE TODAY", "/activity/today/charge"),
    number("CHARGE THIS MONTH", "/activity/month/charge"),
];

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// List keys.
    List {
        /// Part of the name, owner or team.
        #[arg(long)]
        q: Option<String>,
        /// Of exactly this team.
        #[arg(long)]
        team: Option<String>,
        /// Of exactly this owner.
        #[arg(long)]
        owner: Option<String>,
        /// Only those that are accepted, or that are not.
        #[arg(long)]
        enabled: Option<bool>,
        /// Only those that have expired, or that have not.
        #[arg(long)]
        expired: Option<bool>,
        /// When each was last used, and what it cost.
        #[arg(long)]
        activity: bool,
        #[command(flatten)]
        page: Page,
    },
    /// Show one.
    Get {
        /// Its name or id.
        key: String,
    },
    /// Make one. Its token is shown this once.
    Create {
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        file: BodyFile,
    },
    /// Change one: what is not named stays as it is.
    Update {
        /// Its name or id.
        key: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        file: BodyFile,
        /// Only if it still is at this revision.
        #[arg(long, value_name = "REVISION")]
        if_match: Option<String>,
    },
    /// Give one a new token, shown this once.
    Rotate {
        /// Its name or id.
        key: String,
        /// How long the token before works on, in seconds; up to a week.
        #[arg(long, value_name = "SECONDS")]
        grace_seconds: Option<i64>,
    },
    /// Remove one: it is refused from now on.
    Delete {
        /// Its name or id.
        key: String,
        /// Only if it still is at this revision.
        #[arg(long, value_name = "REVISION")]
        if_match: Option<String>,
    },
}

/// What an operator sets. The word `none` empties what may be empty.
#[derive(Debug, Args)]
pub(crate) struct Fields {
    /// A unique name.
    #[arg(long)]
    name: Option<String>,
    /// Who it belongs to.
    #[arg(long)]
    owner: Option<String>,
    /// The team that pays.
    #[arg(long)]
    team: Option<String>,
    /// A free label; may be repeated.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Only this upstream, by name or id; may be repeated, none lifts the restriction.
    #[arg(long = "allow-upstream", value_name = "UPSTREAM")]
    upstreams: Vec<String>,
    /// Only models of this name or PATTERN*; may be repeated, none lifts the restriction.
    #[arg(long = "allow-model", value_name = "MODEL")]
    models: Vec<String>,
    /// What happens to requests without a price: serve or refuse.
    #[arg(long)]
    on_unpriced: Option<String>,
    /// Whether it is accepted.
    #[arg(long)]
    enabled: Option<bool>,
    /// From when on it is refused, as 2027-12-31T23:59:59Z.
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
}

pub(super) async fn run(context: &Context, command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::List {
            q,
            team,
            owner,
            enabled,
            expired,
            activity,
            page,
        } => {
            let mut query: Query = Vec::new();
            query.extend(q.map(|q| ("q".into(), q)));
            query.extend(team.map(|team| ("team".into(), team)));
            query.extend(owner.map(|owner| ("owner".into(), owner)));
            query.extend(enabled.map(|enabled| ("enabled".into(), enabled.to_string())));
            query.extend(expired.map(|expired| ("expired".into(), expired.to_string())));
            query.extend(activity.then(|| ("activity".into(), "true".to_owned())));
            let columns = if activity { &ACTIVITY[..] } else { &COLUMNS[..] };
            page.print(context, PATH, query, columns).await
        }
        KeyCommand::Get { key } => {
            let path = path(context, &key).await?;
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
        KeyCommand::Create { fields, file } => {
            let body = fields.body(context, &file).await?;
            fresh_token(context, &context.api.post(PATH, Some(&body)).await?);
            Ok(())
        }
        KeyCommand::Update {
            key,
            fields,
            file,
            if_match,
        } => {
            let body = fields.body(context, &file).await?;
            let path = path(context, &key).await?;
            let changed = context
                .api
                .send(Method::PATCH, &path, Some(&body), if_match.as_deref());
            show::one(context, &changed.await?);
            Ok(())
        }
        KeyCommand::Rotate { key, grace_seconds } => {
            let mut body = Body::new();
            body.set("grace_seconds", grace_seconds);
            let path = format!("{}/rotate", path(context, &key).await?);
            fresh_token(context, &context.api.post(&path, Some(&body.into_value())).await?);
            Ok(())
        }
        KeyCommand::Delete { key, if_match } => {
            let path = path(context, &key).await?;
            let gone = context.api.send(Method::DELETE, &path, None, if_match.as_deref());
            gone.await?;
            if !context.json {
                say(&format!("{key} is gone"));
            }
            Ok(())
        }
    }
}

/// A thing and the token that is shown this once.
pub(super) fn fresh_token(context: &Context, answer: &Value) {
    if !context.json {
        let thing = ["key", "admin_token"]
            .into_iter()
            .find_map(|name| answer.get(name));
        show::one(context, thing.unwrap_or(&Value::Null));
        let token = answer.get("token").and_then(Value::as_str).unwrap_or_default();
        return say(&format!("\ntoken, shown this once: {token}"));
    }
    show::one(context, answer);
}

async fn path(context: &Context, key: &str) -> Result<String> {
    let id = resolve::id(context, PATH, key).await?;
    Ok(format!("{PATH}/{id}"))
}

impl Fields {
    async fn body(&self, context: &Context, file: &BodyFile) -> Result<Value> {
        let mut body = file.begin()?;
        let mut upstreams = Vec::new();
        for upstream in &self.upstreams {
            upstreams.push(if upstream == "none" {
                upstream.clone()
            } else {
                resolve::id(context, "upstreams", upstream).await?
            });
        }
        body.set("name", self.name.clone())
            .text("owner", self.owner.as_ref())
            .text("team", self.team.as_ref())
            .set("tags", (!self.tags.is_empty()).then(|| self.tags.clone()))
            .list("allowed_upstreams", &upstreams)
            .list("allowed_models", &self.models)
            .text("on_unpriced", self.on_unpriced.as_ref())
            .set("enabled", self.enabled)
            .text("expires_at", self.expires_at.as_ref());
        if body.is_empty() {
            return Err(Failure::usage("nothing to set; see --help"));
        }
        Ok(body.into_value())
    }
}
