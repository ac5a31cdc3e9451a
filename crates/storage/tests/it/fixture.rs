//! A migrated database of a test's own.

use std::sync::Arc;

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::ReportStore;
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use tollgate_testkit::postgres::{PgCluster, TestDatabase};

/// A connected database that goes with this value.
pub(crate) struct Fixture {
    pub(crate) store: Arc<Database>,
    pub(crate) url: String,
    pub(crate) key: SecretString,
    pub(crate) place: Place,
}

/// What is removed in the end.
pub(crate) enum Place {
    Directory(TempDir),
    Server(#[expect(dead_code, reason = "held for its drop")] TestDatabase),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    value: String,
}

impl Fixture {
    pub(crate) async fn sqlite() -> Self {
        let (url, place) = empty_sqlite();
        Self::migrated(url, place).await
    }

    pub(crate) async fn postgres() -> Self {
        let (url, place) = empty_postgres().await;
        Self::migrated(url, place).await
    }

    async fn migrated(url: String, place: Place) -> Self {
        migrate(&url).await.unwrap();
        let key = Keyring::generate().unwrap();
        let store = open(&url, key.expose_secret(), &[]).await;
        Self {
            store,
            url,
            key,
            place,
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Directory(_))
    }

    /// Has what is pending added to the sums, as every report does.
    pub(crate) async fn add_up(&self) {
        self.store
            .totals(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
    }

    /// Runs statements past the ports.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), String> {
        execute(&self.url, sql).await
    }

    /// The column `value` of every row of a query, as text.
    pub(crate) async fn values(&self, sql: &str) -> Vec<String> {
        values(&self.url, sql).await
    }

    /// The only value of a query.
    pub(crate) async fn value(&self, sql: &str) -> String {
        let values = self.values(sql).await;
        assert_eq!(values.len(), 1, "{sql}");
        values[0].clone()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> usize {
        let query = format!("SELECT CAST(COUNT(*) AS TEXT) AS value FROM {table}");
        self.value(&query).await.parse().unwrap()
    }
}

/// A file in a directory of its own.
pub(crate) fn empty_sqlite() -> (String, Place) {
    let directory = TempDir::new().unwrap();
    let url = format!("sqlite://{}", directory.path().join("tollgate #1.db").display());
    (url, Place::Directory(directory))
}

/// A database nobody else uses.
pub(crate) async fn empty_postgres() -> (String, Place) {
    let database = PgCluster::shared().unwrap().fresh_database(None).await.unwrap();
    (database.url().to_owned(), Place::Server(database))
}

pub(crate) async fn open(url: &str, key: &str, older: &[&str]) -> Arc<Database> {
    let keyring = Keyring::from_base64(key, older.iter().copied()).unwrap();
    let config = DatabaseConfig {
        url: url.to_owned(),
        keyring,
        max_connections: 4,
    };
    connect(config).await.unwrap()
}

pub(crate) async fn execute(url: &str, sql: &str) -> Result<(), String> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        use diesel::connection::{Connection, SimpleConnection};
        let mut conn = diesel::SqliteConnection::establish(path).unwrap();
        return conn.batch_execute(sql).map_err(|error| error.to_string());
    }
    let mut conn = AsyncPgConnection::establish(url).await.unwrap();
    conn.batch_execute(sql).await.map_err(|error| error.to_string())
}

pub(crate) async fn values(url: &str, sql: &str) -> Vec<String> {
    let rows: Vec<Row> = if let Some(path) = url.strip_prefix("sqlite://") {
        use diesel::{Connection, RunQueryDsl};
        let mut conn = diesel::SqliteConnection::establish(path).unwrap();
        diesel::sql_query(sql).load(&mut conn).unwrap()
    } else {
        use diesel_async::RunQueryDsl;
        let mut conn = AsyncPgConnection::establish(url).await.unwrap();
        diesel::sql_query(sql).load(&mut conn).await.unwrap()
    };
    rows.into_iter().map(|row| row.value).collect()
}
