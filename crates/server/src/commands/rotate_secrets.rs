//! `gateway secrets rotate`.

use anyhow::{Context, Result};
use tollgate_storage::DatabaseConfig;

use crate::config::Config;
use crate::home::Home;
use crate::{keyring, logging};

/// Seals every stored credential under the active key.
pub(super) async fn rotate_secrets(config: Config) -> Result<()> {
    let home = Home::open(&config)?;
    let keyring = keyring::load(home.dir(), home.embedded())?;
    let database = DatabaseConfig {
        url: home.database_url().to_owned(),
        keyring,
        max_connections: config.database_connections,
    };
    let database = tollgate_storage::connect(database)
        .await
        .context("connecting to the database")?;
    let resealed = tollgate_storage::reseal(&database)
        .await
        .context("sealing credentials anew")?;
    logging::say(&format!(
        "{resealed} credentials sealed anew; all are under the active key now"
    ));
    if home.embedded() && std::env::var_os("TOLLGATE_SECRET_KEY").is_some() {
        logging::say(
            "keep TOLLGATE_SECRET_KEY set, or put its first key into the data directory's secret.key",
        );
    }
    Ok(())
}
