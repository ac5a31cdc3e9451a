//! The database as the gateway holds it.

use std::fmt;
use std::sync::Arc;

use tollgate_domain::Timestamp;
use tollgate_domain::ports::StoreError;

use crate::error::StorageError;
use crate::keyring::Keyring;
use crate::migrate;
use crate::pg::{PgPool, Purpose};
use crate::sqlite::SqlitePools;
use crate::url::DatabaseUrl;

/// Which database, and the keys that seal its credentials.
pub struct DatabaseConfig {
    /// `postgres://…` (with libpq's `sslmode` and `sslrootcert`) or the path of a `SQLite` file.
    pub url: String,
    /// Seals and opens upstream credentials.
    pub keyring: Keyring,
    /// How many connections at most; on `SQLite` how many readers beside the one writer.
    pub max_connections: usize,
}

/// A connected database: implements every port of `tollgate_domain::ports`.
#[derive(Debug)]
pub struct Database {
    pub(crate) backend: Backend,
    pub(crate) keyring: Keyring,
}

/// Either database.
pub(crate) enum Backend {
    /// A server.
    Pg(PgPool),
    /// A file.
    Sqlite(SqlitePools),
}

/// Runs a query function on whichever database it is. Arguments are moved to the thread that runs it.
macro_rules! run {
    ($backend:expr, $access:ident, $operation:literal, $module:ident::$function:ident($($argument:expr),*)) => {
        match &$backend {
            $crate::database::Backend::Pg(pool) => {
                pool.run($operation, move |conn| $crate::pg::$module::$function(conn, $($argument),*)).await
            }
            $crate::database::Backend::Sqlite(pools) => {
                let query = move |conn: &mut _| $crate::sqlite::$module::$function(conn, $($argument),*);
                pools.$access.run($operation, query).await
            }
        }
    };
}
pub(crate) use run;

/// Connects to a database whose schema fits this binary; [`migrate`](crate::migrate()) makes it so.
///
/// # Errors
/// [`StorageError::SchemaTooNew`] or [`StorageError::SchemaTooOld`] where it does not fit.
pub async fn connect(config: DatabaseConfig) -> Result<Arc<Database>, StorageError> {
    let database = open(config)?;
    migrate::check(&database.backend).await?;
    let partitions = run!(
        database.backend,
        writing,
        "making partitions",
        maintenance::ensure_partitions(None)
    );
    if let Err(error) = partitions {
        // The role may not be allowed to; rows then go to the default partition, which raises its own alarm.
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "the partitions of the coming months cannot be made");
    }
    Ok(database)
}

/// The same without looking: for a start while the database is away. Nothing is connected before it is used.
///
/// # Errors
/// [`StorageError`] when the URL or the certificates are not usable.
pub fn open(config: DatabaseConfig) -> Result<Arc<Database>, StorageError> {
    let backend = Backend::open(&config.url, config.max_connections, Purpose::Serving)?;
    Ok(Arc::new(Database {
        backend,
        keyring: config.keyring,
    }))
}

/// Seals every credential that an older key sealed with the active one; how many there were.
///
/// # Errors
/// [`StorageError::Unsealable`] when a credential's key is not in the ring. What was resealed before it stays.
pub async fn reseal(database: &Database) -> Result<u64, StorageError> {
    let sealed = run!(
        database.backend,
        reading,
        "reading sealed credentials",
        upstreams::sealed()
    )?;
    let mut resealed = 0;
    for (id, before) in sealed {
        if database.keyring.is_current(&before) {
            continue;
        }
        let place = credential_place(id.0);
        let secret = database.keyring.open(&place, &before)?;
        let after = database.keyring.seal(&place, &secret)?;
        let operation = run!(
            database.backend,
            writing,
            "resealing a credential",
            upstreams::reseal(id, &before, &after)
        );
        resealed += u64::try_from(operation?).unwrap_or(0);
    }
    Ok(resealed)
}

/// Where an upstream's credential is stored: a sealed one opens nowhere else.
pub(crate) fn credential_place(upstream: uuid::Uuid) -> String {
    format!("upstreams.sealed_credential/{upstream}")
}

impl Database {
    /// Adds up what waits to be added to the sums, so that a report shows all that is committed.
    pub(crate) async fn add_up(&self) -> Result<(), StoreError> {
        if run!(self.backend, reading, "looking for pending sums", pending::any())? {
            run!(self.backend, writing, "adding up pending sums", pending::add_up())?;
        }
        Ok(())
    }

    /// Makes the partitions from the month before `now` to three months after it, where they are missing; the
    /// names of those made. Nothing to do on `SQLite`. Meant for a daily job; [`connect`] does it too.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or is away.
    pub async fn ensure_partitions(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let now = Some(now);
        run!(
            self.backend,
            writing,
            "making partitions",
            maintenance::ensure_partitions(now)
        )
    }

    /// The partitioned tables whose default partition holds rows: a reason for alarm, for rows there keep the
    /// partition of their month from being made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or is away.
    pub async fn default_partitions_in_use(&self) -> Result<Vec<String>, StoreError> {
        run!(
            self.backend,
            reading,
            "looking at default partitions",
            maintenance::default_partitions_in_use()
        )
    }
}

impl Backend {
    /// Pools over a database; nothing is connected yet.
    pub(crate) fn open(url: &str, connections: usize, purpose: Purpose) -> Result<Self, StorageError> {
        Ok(match DatabaseUrl::parse(url)? {
            DatabaseUrl::Sqlite(path) => Self::Sqlite(SqlitePools::new(&path, connections)?),
            DatabaseUrl::Postgres { config, security } => {
                Self::Pg(PgPool::new(*config, &security, connections, purpose)?)
            }
        })
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pg(_) => "PostgreSQL",
            Self::Sqlite(_) => "SQLite",
        })
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("DatabaseConfig")
            .field("keyring", &self.keyring)
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}
