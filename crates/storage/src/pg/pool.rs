//! Connections to `PostgreSQL`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use futures_util::FutureExt;
use rustls::ClientConfig;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use tollgate_domain::ports::StoreError;

use super::{Conn, Security, tls};
use crate::error::{QueryError, StorageError, unavailable};

/// How long a caller waits for a free connection, and a connection for the server.
const WAIT: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(10);
/// A server that vanished without a word is noticed after this long.
const SILENCE: Duration = Duration::from_secs(30);

/// Entries count as written when they are on disk; a stricter setting of the server's stays. Nothing waits
/// forever. Compiling a plan takes longer than any of our statements.
const SETTINGS: &str = "SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') = 'off';
    SET statement_timeout = '60s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET jit = off";
/// A migration takes what it takes, and waits for another starter's.
const MIGRATION_SETTINGS: &str = "SET statement_timeout = 0; SET lock_timeout = '10min'";

/// A pool of connections.
pub(crate) struct PgPool {
    pool: Pool<AsyncPgConnection>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The running gateway.
    Serving,
    /// A schema change.
    Migrating,
}

struct Target {
    config: Config,
    tls: Option<ClientConfig>,
    purpose: Purpose,
}

impl PgPool {
    /// A pool of at most `size` connections, none of which is open yet.
    pub(crate) fn new(
        mut config: Config,
        security: &Security,
        size: usize,
        purpose: Purpose,
    ) -> Result<Self, StorageError> {
        config
            .connect_timeout(CONNECT)
            .tcp_user_timeout(SILENCE)
            .keepalives_idle(SILENCE)
            .keepalives_interval(CONNECT);
        if config.get_application_name().is_none() {
            config.application_name("tollgate");
        }
        let tls = tls::client_config(security)?;
        let target = Arc::new(Target { config, tls, purpose });
        let mut manager = ManagerConfig::default();
        manager.custom_setup = Box::new(move |_| {
            let target = Arc::clone(&target);
            async move { target.connect().await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", manager);
        let pool = Pool::builder(manager)
            .max_size(size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(CONNECT))
            .recycle_timeout(Some(CONNECT))
            .build()
            .map_err(|error| StorageError::Url {
                problem: error.to_string(),
            })?;
        Ok(Self { pool })
    }

    /// Runs a query function on a blocking thread: it ends even when the caller goes away, so that no
    /// transaction is left half done.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut Conn) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pooled = self.pool.get().await;
        let pooled = pooled.map_err(|error| unavailable(operation, error))?;
        let done = tokio::task::spawn_blocking(move || work(&mut Conn::from(pooled)));
        let done = done.await.map_err(QueryError::from).and_then(|done| done);
        done.map_err(|error| error.during(operation))
    }
}

impl Target {
    async fn connect(&self) -> Result<AsyncPgConnection, ConnectionError> {
        let client = match &self.tls {
            None => {
                let (client, connection) = self
                    .config
                    .connect(NoTls)
                    .await
                    .map_err(|error| refused(&error))?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await?
            }
            Some(tls) => {
                let tls = MakeRustlsConnect::new(tls.clone());
                let (client, connection) = self.config.connect(tls).await.map_err(|error| refused(&error))?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await?
            }
        };
        self.set_up(client).await
    }

    async fn set_up(&self, mut client: AsyncPgConnection) -> Result<AsyncPgConnection, ConnectionError> {
        use diesel_async::SimpleAsyncConnection;
        let settings = match self.purpose {
            Purpose::Serving => SETTINGS,
            Purpose::Migrating => MIGRATION_SETTINGS,
        };
        client
            .batch_execute(settings)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(client)
    }
}

/// The whole chain in one text: diesel's connection errors have no source.
fn refused(error: &tokio_postgres::Error) -> ConnectionError {
    let causes = std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source());
    let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    ConnectionError::BadConnection(text)
}
