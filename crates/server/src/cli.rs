//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::ClientCommand;

/// Tollgate: an LLM gateway whose bill can be proven.
///
/// Without a subcommand it serves. Settings come from defaults, then a TOML file (--config or ./tollgate.toml),
/// then the environment: `TOLLGATE_LISTEN`, `TOLLGATE_PROXY__CONNECT_TIMEOUT_MS` and so on. `gateway config check`
/// shows the result.
///
/// The subcommands from `upstream` to `system` speak to a running gateway. They exit with 0 when all went well, 1 when the
/// server said no, 2 when the command line makes no sense and 3 when nobody answered or the answer broke off.
#[derive(Debug, Parser)]
#[command(name = "gateway", version, about, long_about, propagate_version = true)]
pub(crate) struct Cli {
    /// Configuration file [default: ./tollgate.toml where it exists].
    #[arg(long, global = true, env = "TOLLGATE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// What to do [default: serve].
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the gateway (the default).
    Serve,
    /// Apply or show schema migrations.
    Migrate(MigrateArgs),
    /// Work with the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Work with sealed credentials.
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Print the admin API's OpenAPI document.
    Openapi,
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    #[command(flatten)]
    Client(Box<ClientCommand>),
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// The database; the configured one if not given.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// Apply what is missing, or only show it.
    #[arg(value_enum, default_value_t = MigrateAction::Up)]
    pub(crate) action: MigrateAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum MigrateAction {
    /// Apply every migration that is missing.
    Up,
    /// Show which are applied and which are missing.
    Status,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Validate the configuration and print the effective one, secrets masked.
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Seal every stored credential anew under the active key. Put the new key first in `TOLLGATE_SECRET_KEY` and
    /// the old ones behind it, separated by commas; afterwards the old ones may go.
    Rotate,
    /// Print a new key, fit for `TOLLGATE_SECRET_KEY`.
    NewKey,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn every_subcommand_is_sound() {
        Cli::command().debug_assert();
    }
}
