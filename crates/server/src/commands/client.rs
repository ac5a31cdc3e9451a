//! Subcommands that speak to a running gateway through its admin API. One file per resource; each knows its paths, its
//! flags and its columns, nothing else.

mod alias;
mod api;
mod body;
mod connect;
mod export;
mod failure;
mod job;
mod key;
mod log;
mod override_price;
mod page;
mod price;
mod resolve;
mod secret;
mod show;
mod sse;
mod system;
mod table;
mod token;
mod upstream;

use anyhow::Result;
use clap::Subcommand;

use connect::{Connect, Context};
pub(crate) use failure::exit_code;

/// What the running gateway is asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Upstreams of a running gateway: where requests go.
    Upstream(upstream::UpstreamArgs),
    /// Keys of a running gateway: who may send requests.
    Key(key::KeyArgs),
    /// Prices of a running gateway: what models cost, syncs, held prices, simulations.
    Price(price::PriceArgs),
    /// Prices of the operator's own.
    Override(override_price::OverrideArgs),
    /// Names that are priced as other ones.
    Alias(alias::AliasArgs),
    /// What happened to requests, and what each one cost.
    Log(log::LogArgs),
    /// Write ledger entries into a file.
    Export(export::ExportArgs),
    /// Background jobs of a running gateway.
    Job(job::JobArgs),
    /// Admin tokens of a running gateway.
    Token(token::TokenArgs),
    /// Show whose admin token this is and what it may do.
    Whoami(Connect),
    /// Version, configuration and journal of a running gateway.
    System(system::SystemArgs),
}

/// Does what is asked for.
///
/// # Errors
/// [`failure::Failure`], or whatever else stopped it.
pub(crate) async fn run(command: ClientCommand, config: Option<&std::path::Path>) -> Result<()> {
    let context = |connect: &Connect| Context::new(connect, config);
    match command {
        ClientCommand::Upstream(args) => upstream::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Key(args) => key::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Price(args) => price::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Override(args) => override_price::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Alias(args) => alias::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Log(args) => log::run(&context(&args.connect)?, args.list, args.command).await,
        ClientCommand::Export(args) => export::run(&context(&args.connect)?, args).await,
        ClientCommand::Job(args) => job::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Token(args) => token::run(&context(&args.connect)?, args.command).await,
        ClientCommand::Whoami(connect) => token::whoami(&context(&connect)?).await,
        ClientCommand::System(args) => system::run(&context(&args.connect)?, args.command).await,
    }
}
