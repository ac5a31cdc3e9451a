//! What each subcommand does.

mod check_config;
mod client;
mod migrate;
mod rotate_secrets;

use std::future::Future;

use anyhow::{Context, Result};
use clap::CommandFactory as _;
use secrecy::ExposeSecret;

use crate::cli::{Cli, Command, ConfigCommand, SecretsCommand};
use crate::{config, logging, serve};

pub(crate) use client::{ClientCommand, exit_code};

/// Runs the chosen subcommand, or `serve`.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let load = || config::load(cli.config.as_deref());
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let loaded = config::load_described(cli.config.as_deref())?;
            logging::start(loaded.config.log_format);
            block_on(serve::serve(loaded))
        }
        Command::Migrate(args) => {
            let url = args
                .database_url
                .clone()
                .map_or_else(|| migrate::configured_url(&load()?), Ok)?;
            block_on(migrate::migrate(&url, args.action))
        }
        Command::Config(ConfigCommand::Check) => check_config::check_config(&load()?),
        Command::Secrets(SecretsCommand::Rotate) => block_on(rotate_secrets::rotate_secrets(load()?)),
        Command::Secrets(SecretsCommand::NewKey) => new_key(),
        Command::Client(command) => block_on(client::run(*command, cli.config.as_deref())),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gateway", &mut script);
            logging::say(String::from_utf8_lossy(&script).trim_end());
            Ok(())
        }
        Command::Openapi => {
            let document = tollgate_admin_api::openapi()
                .to_pretty_json()
                .context("rendering the document")?;
            logging::say(&document);
            Ok(())
        }
    }
}

fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(work)
}

fn new_key() -> Result<()> {
    let key = tollgate_storage::Keyring::generate().context("generating a key")?;
    logging::say(key.expose_secret());
    Ok(())
}
