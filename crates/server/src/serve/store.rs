//! The database and the snapshots, with or without the database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{Store, StoreError};
use tollgate_domain::{Clock, IdSource};
use tollgate_storage::{Database, DatabaseConfig, Keyring, StorageError};

use super::Edge;
use crate::config::Config;
use crate::database_url::masked;
use crate::home::Home;
use crate::snapshots::{Snapshots, Source};
use crate::{admin_token, bundled_prices};

/// How long a start waits for the database before it falls back to the last known configuration.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pause between tries to make the database ready after a start without it.
const RETRY: Duration = Duration::from_secs(2);

/// The database as started with.
pub(super) struct Started {
    pub(super) database: Arc<Database>,
    pub(super) snapshots: Snapshots,
    /// What is left to do once the database is there; `None` when it was.
    pub(super) unready: Option<Preparation>,
}

/// What has to be true of a database before the gateway relies on it: migrated, with an admin token and prices.
pub(super) struct Preparation {
    database: Arc<Database>,
    home: Home,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

/// Why a database is not ready.
enum Unready {
    /// It may be back later.
    Away(anyhow::Error),
    /// Waiting will not help.
    Refused(anyhow::Error),
}

/// Makes the database ready and loads the snapshots. With the database away it starts from the last known
/// configuration instead.
pub(super) async fn start(config: &Config, home: &Home, keyring: Keyring, edge: &Edge) -> Result<Started> {
    let database = tollgate_storage::open(DatabaseConfig {
        url: home.database_url().to_owned(),
        keyring: keyring.clone(),
        max_connections: config.database_connections,
    })
    .context("opening the database")?;
    let preparation = Preparation {
        database: Arc::clone(&database),
        home: home.clone(),
        clock: Arc::clone(&edge.clock),
        ids: Arc::clone(&edge.ids),
    };
    let source = Source {
        store: Arc::clone(&database) as Arc<dyn Store>,
        keyring,
        last_known: home.last_known(),
    };
    let late = || {
        Unready::Away(anyhow::anyhow!(
            "the database did not answer within {} s",
            PATIENCE.as_secs()
        ))
    };
    let outcome = tokio::time::timeout(PATIENCE, preparation.run()).await;
    match outcome.unwrap_or_else(|_| Err(late())) {
        Ok(()) => {
            let snapshots = Snapshots::from_store(source).await?;
            Ok(Started {
                database,
                snapshots,
                unready: None,
            })
        }
        Err(Unready::Refused(error)) => Err(error),
        Err(Unready::Away(error)) => {
            let snapshots = Snapshots::from_last_known(source).with_context(|| format!("{error:#}"))?;
            tracing::warn!(
                error = format!("{error:#}"),
                "starting from the last known configuration"
            );
            Ok(Started {
                database,
                snapshots,
                unready: Some(preparation),
            })
        }
    }
}

impl Preparation {
    /// Tries until it succeeds or is stopped.
    pub(super) async fn keep_trying(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RETRY) => {}
            }
            match self.run().await {
                Ok(()) => return,
                Err(Unready::Away(error)) => {
                    tracing::debug!(error = format!("{error:#}"), "the database is still away");
                }
                Err(Unready::Refused(error)) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "the database is back but not usable"
                    );
                }
            }
        }
    }

    async fn run(&self) -> Result<(), Unready> {
        let (clock, ids) = (self.clock.as_ref(), self.ids.as_ref());
        tollgate_storage::migrate(self.home.database_url())
            .await
            .with_context(|| format!("migrating the database {}", masked(self.home.database_url())))
            .map_err(classify)?;
        admin_token::ensure(self.database.as_ref(), self.home.dir(), clock, ids)
            .await
            .map_err(classify)?;
        bundled_prices::ensure(self.database.as_ref(), clock, ids)
            .await
            .map_err(classify)
    }
}

fn classify(error: anyhow::Error) -> Unready {
    let away = error.chain().any(|cause| {
        let store = match cause.downcast_ref::<StorageError>() {
            Some(StorageError::Store(store)) => Some(store),
            _ => cause.downcast_ref::<StoreError>(),
        };
        matches!(store, Some(StoreError::Unavailable { .. }))
    });
    if away {
        Unready::Away(error)
    } else {
        Unready::Refused(error)
    }
}
