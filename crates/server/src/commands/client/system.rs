//! `gateway system`

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::connect::{Connect, Context};
use super::show;
use super::show::{Column, text};

const SETTINGS: [Column; 4] = [
    text("SETTING", "/key"),
    text("VALUE", "/value"),
    text("SOURCE", "/source"),
    text("ORIGIN", "/origin"),
];

#[derive(Debug, Args)]
pub(crate) struct SystemArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: SystemCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SystemCommand {
    /// What runs there, and on what database.
    Version,
    /// The configuration that takes effect there, secrets masked, each value with its source.
    Config,
    /// The journal: what it holds, what waits, what could not be recorded.
    Journal,
}

pub(super) async fn run(context: &Context, command: SystemCommand) -> Result<()> {
    let none = Vec::new();
    match command {
        SystemCommand::Version => show::one(context, &context.api.get("system/version", &none).await?),
        SystemCommand::Journal => show::one(context, &context.api.get("system/journal", &none).await?),
        SystemCommand::Config => {
            let config = context.api.get("system/config", &none).await?;
            if context.json {
                show::one(context, &config);
            } else {
                let settings = config.get("settings").cloned().unwrap_or(Value::Null);
                show::list(context, &json!({"items": settings}), &SETTINGS);
            }
        }
    }
    Ok(())
}
