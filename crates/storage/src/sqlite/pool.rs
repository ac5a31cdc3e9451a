//! Connections to `SQLite`: one that writes, several that read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Pool, RecycleError, RecycleResult};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::ConnectionError;
use diesel::sqlite::SqliteConnection;
use tollgate_domain::ports::StoreError;

use crate::error::{QueryError, StorageError, unavailable};

/// How long a caller waits for its turn.
const WAIT: Duration = Duration::from_secs(30);

/// A wait first, because the others may need it. Full synchronisation: a commit survives a power cut. What is
/// deleted is overwritten.
const SETTINGS: &str = "PRAGMA busy_timeout = 10000;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;";
/// Switching a file over does not wait for its lock, so it is asked for a few times.
const WRITE_AHEAD: &str = "PRAGMA journal_mode = WAL;";
const WRITE_AHEAD_TRIES: u32 = 100;
const WRITE_AHEAD_PAUSE: Duration = Duration::from_millis(50);

/// The writer and the readers of one file.
pub(crate) struct SqlitePools {
    /// One connection: `SQLite` has one writer at a time, and a queue here is fairer than its lock.
    pub(crate) writing: SqlitePool,
    /// The others; they cannot write.
    pub(crate) reading: SqlitePool,
}

/// A pool of connections of one kind.
pub(crate) struct SqlitePool {
    pool: Pool<Connections>,
}

struct Connections {
    path: PathBuf,
    read_only: bool,
}

/// What keeps a connection from opening.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("the database file cannot be opened")]
    Connect(#[from] ConnectionError),
    #[error("the database file cannot be set up")]
    SetUp(#[from] diesel::result::Error),
    #[error("opening did not run to its end")]
    Lost(#[from] tokio::task::JoinError),
}

impl SqlitePools {
    /// Pools over a file, which is made, readable by its owner alone, where it is missing.
    pub(crate) fn new(path: &Path, readers: usize) -> Result<Self, StorageError> {
        make_private(path).map_err(|source| StorageError::File {
            path: path.display().to_string(),
            source,
        })?;
        Ok(Self {
            writing: SqlitePool::new(path, false, 1)?,
            reading: SqlitePool::new(path, true, readers.max(1))?,
        })
    }
}

impl SqlitePool {
    fn new(path: &Path, read_only: bool, size: usize) -> Result<Self, StorageError> {
        let manager = Connections {
            path: path.to_owned(),
            read_only,
        };
        let pool = Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
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
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pooled = self.pool.get().await;
        let mut pooled = pooled.map_err(|error| unavailable(operation, error))?;
        let done = tokio::task::spawn_blocking(move || work(&mut pooled));
        let done = done.await.map_err(QueryError::from).and_then(|done| done);
        done.map_err(|error| error.during(operation))
    }
}

impl Manager for Connections {
    type Type = SqliteConnection;
    type Error = OpenError;

    async fn create(&self) -> Result<SqliteConnection, OpenError> {
        let (path, read_only) = (self.path.clone(), self.read_only);
        tokio::task::spawn_blocking(move || open(&path, read_only)).await?
    }

    async fn recycle(&self, conn: &mut SqliteConnection, _: &Metrics) -> RecycleResult<OpenError> {
        if <AnsiTransactionManager as TransactionManager<SqliteConnection>>::is_broken_transaction_manager(
            conn,
        ) {
            return Err(RecycleError::message("a transaction was left open"));
        }
        Ok(())
    }
}

fn open(path: &Path, read_only: bool) -> Result<SqliteConnection, OpenError> {
    let url = format!("file:{}", escaped(path));
    let mut conn = SqliteConnection::establish(&url)?;
    conn.batch_execute(SETTINGS)?;
    for attempt in 1.. {
        match conn.batch_execute(WRITE_AHEAD) {
            Ok(()) => break,
            Err(_) if attempt < WRITE_AHEAD_TRIES => std::thread::sleep(WRITE_AHEAD_PAUSE),
            Err(error) => return Err(error.into()),
        }
    }
    if read_only {
        conn.batch_execute("PRAGMA query_only = ON;")?;
    }
    Ok(conn)
}

/// A path as the path of a `file:` URI, so that no path is taken for options.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => escaped.push_str("%25"),
            '?' => escaped.push_str("%3f"),
            '#' => escaped.push_str("%23"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true).mode(0o600).open(path)?;
    Ok(())
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    Ok(())
}
