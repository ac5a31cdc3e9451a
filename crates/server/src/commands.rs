//! What each subcommand does.

mod check_config;
mod migrate;
mod rotate_secrets;

use std::future::Future;

use anyhow::{Context, Result};
use secrecy::ExposeSecret;

use crate::cli::{Cli, Command, ConfigCommand, SecretsCommand};
use crate::{config, logging, serve};

/// Runs the chosen subcommand, or `serve`.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let load = || config::load(cli.config.as_deref());
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let config = load()?;
            logging::start(config.log_format);
            block_on(serve::serve(config))
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
