//! `gateway`: the Tollgate binary. Thin: configuration, composition, lifecycle.

mod admin_token;
mod bundled_prices;
mod cli;
mod clock;
mod commands;
mod config;
mod database_url;
mod home;
mod jobs;
mod keyring;
mod last_known;
mod logging;
mod metrics;
mod private_file;
mod runtime;
mod serve;
mod snapshots;
mod system;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logging::complain(&error);
            ExitCode::from(commands::exit_code(&error))
        }
    }
}
