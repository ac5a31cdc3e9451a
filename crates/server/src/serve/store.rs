//! The database and the snapshots, with or without the database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tollgate_domain::ports::Store;
use tollgate_storage::{Database, DatabaseConfig, Keyring, StorageError};

use super::Edge;
use crate::config::Config;
use crate::home::Home;
use crate::snapshots::{Snapshots, Source};
use crate::{admin_token, bundled_prices};

/// How long a start waits for the database before it falls back to the last known configuration.
const PATIENCE: Duration = Duration::from_secs(10);

/// Migrates, makes sure of token and prices, loads the snapshots. With the database away it starts from the last known
/// configuration instead.
pub(super) async fn start(
    config: &Config,
    home: &Home,
    keyring: Keyring,
    edge: &Edge,
) -> Result<(Arc<Database>, Snapshots)> {
    let settings = DatabaseConfig {
        url: home.database_url().to_owned(),
        keyring: keyring.clone(),
        max_connections: config.database_connections,
    };
    let database = tollgate_storage::open(settings).context("reading the database's address")?;
    let source =
        || Source { store: Arc::clone(&database) as Arc<dyn Store>, keyring: keyring.clone(), last_known: home.last_known() };
    match tokio::time::timeout(PATIENCE, prepare(home, &database, edge)).await {
        Ok(Ok(())) => Ok((Arc::clone(&database), Snapshots::from_store(source()).await?)),
        Ok(Err(Unready::Refused(error))) => Err(error),
        Ok(Err(Unready::Away(error))) => {
            let snapshots = Snapshots::from_last_known(source()).with_context(|| format!("{error:#}"))?;
            tracing::warn!(error = format!("{error:#}"), "the database is away: starting from the last known configuration");
            Ok((Arc::clone(&database), snapshots))
        }
        Err(_) => {
            let snapshots = Snapshots::from_last_known(source())
                .with_context(|| format!("the database did not answer within {} s", PATIENCE.as_secs()))?;
            tracing::warn!("the database does not answer: starting from the last known configuration");
            Ok((Arc::clone(&database), snapshots))
        }
    }
}

enum Unready {
    /// May be back later.
    Away(anyhow::Error),
    /// Waiting will not help.
    Refused(anyhow::Error),
}

async fn prepare(home: &Home, database: &Arc<Database>, edge: &Edge) -> Result<(), Unready> {
    let ready = database.migrate().await;
    ready.map_err(|error| {
        let away = matches!(error, StorageError::Unavailable { .. });
        let error = anyhow::Error::new(error).context("preparing the database");
        if away { Unready::Away(error) } else { Unready::Refused(error) }
    })?;
    let (clock, ids) = (edge.clock.as_ref(), edge.ids.as_ref());
    admin_token::ensure(database.as_ref(), home.dir(), clock, ids).await.map_err(Unready::Refused)?;
    bundled_prices::ensure(database.as_ref(), clock, ids).await.map_err(Unready::Refused)
}
