//! `gateway token` and `gateway whoami`

use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::body::{Body, BodyFile};
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::key::fresh_token;
use super::page::Page;
use super::show::{Column, text};
use super::{resolve, show};
use crate::logging::say;

const PATH: &str = "tokens";
const COLUMNS: [Column; 6] = [
    text("NAME", "/name"),
    text("ROLE", "/role"),
    text("CREATED", "/created_at"),
    text("EXPIRES", "/expires_at"),
    text("LAST USED", "/last_used_at"),
    text("ID", "/id"),
];

#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: TokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// List admin tokens.
    List {
        #[command(flatten)]
        page: Page,
    },
    /// Show one.
    Get {
        /// Its name or id.
        #[arg(value_name = "TOKEN")]
        which: String,
    },
    /// Make one. It is shown this once.
    Create {
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        file: BodyFile,
    },
    /// Change one.
    Update {
        /// Its name or id.
        #[arg(value_name = "TOKEN")]
        which: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        file: BodyFile,
    },
    /// Put a new token in its place, shown this once.
    Rotate {
        /// Its name or id.
        #[arg(value_name = "TOKEN")]
        which: String,
        /// How long the one before works on, in seconds.
        #[arg(long, value_name = "SECONDS")]
        grace_seconds: Option<i64>,
    },
    /// Remove one: it is refused from now on.
    Delete {
        /// Its name or id.
        #[arg(value_name = "TOKEN")]
        which: String,
    },
}

/// What an operator sets. The word `none` empties what may be empty.
#[derive(Debug, Args)]
pub(crate) struct Fields {
    /// Whose it is.
    #[arg(long)]
    name: Option<String>,
    /// What it may do: admin, finance or viewer.
    #[arg(long)]
    role: Option<String>,
    /// From when on it is refused, as 2027-12-31T23:59:59Z.
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
}

pub(super) async fn run(context: &Context, command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::List { page } => page.print(context, PATH, Vec::new(), &COLUMNS).await,
        TokenCommand::Get { which } => {
            let path = path(context, &which).await?;
            show::one(context, &context.api.get(&path, &Vec::new()).await?);
            Ok(())
        }
        TokenCommand::Create { fields, file } => {
            let body = fields.body(&file)?;
            fresh_token(context, &context.api.post(PATH, Some(&body)).await?);
            Ok(())
        }
        TokenCommand::Update { which, fields, file } => {
            let body = fields.body(&file)?;
            let path = path(context, &which).await?;
            let changed = context.api.send(Method::PATCH, &path, Some(&body), None).await?;
            show::one(context, &changed);
            Ok(())
        }
        TokenCommand::Rotate { which, grace_seconds } => {
            let mut body = Body::new();
            body.set("grace_seconds", grace_seconds);
            let body = (!body.is_empty()).then(|| body.into_value());
            let path = format!("{}/rotate", path(context, &which).await?);
            fresh_token(context, &context.api.post(&path, body.as_ref()).await?);
            Ok(())
        }
        TokenCommand::Delete { which } => {
            let path = path(context, &which).await?;
            context.api.send(Method::DELETE, &path, None, None).await?;
            if !context.json {
                say(&format!("{which} is gone"));
            }
            Ok(())
        }
    }
}

/// Whose token this is.
pub(super) async fn whoami(context: &Context) -> Result<()> {
    show::one(context, &context.api.get("session", &Vec::new()).await?);
    Ok(())
}

async fn path(context: &Context, token: &str) -> Result<String> {
    let id = resolve::id(context, PATH, token).await?;
    Ok(format!("{PATH}/{id}"))
}

impl Fields {
    fn body(&self, file: &BodyFile) -> Result<Value> {
        let mut body = file.begin()?;
        body.set("name", self.name.clone())
            .set("role", self.role.clone())
            .text("expires_at", self.expires_at.as_ref());
        if body.is_empty() {
            return Err(Failure::usage("nothing to set; see --help"));
        }
        Ok(body.into_value())
    }
}
