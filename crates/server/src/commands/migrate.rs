//! `gateway migrate`.

use anyhow::{Context, Result};

use tollgate_storage::MigrationState;

use crate::cli::MigrateAction;
use crate::config::Config;
use crate::home::Home;
use crate::logging;

/// The database that `serve` would use.
pub(super) fn configured_url(config: &Config) -> Result<String> {
    Ok(Home::open(config)?.database_url().to_owned())
}

/// Applies or lists migrations.
pub(super) async fn migrate(url: &str, action: MigrateAction) -> Result<()> {
    match action {
        MigrateAction::Up => {
            let applied = tollgate_storage::migrate(url)
                .await
                .context("applying migrations")?;
            for name in &applied {
                logging::say(&format!("applied {name}"));
            }
            if applied.is_empty() {
                logging::say("the schema is up to date");
            }
        }
        MigrateAction::Status => {
            let status = tollgate_storage::migration_status(url)
                .await
                .context("reading migrations")?;
            for migration in status {
                let state = match migration.state {
                    MigrationState::Applied => "applied",
                    MigrationState::Pending => "missing",
                    MigrationState::Unknown => "made by a newer version",
                };
                logging::say(&format!("{state}  {}", migration.name));
            }
        }
    }
    Ok(())
}
