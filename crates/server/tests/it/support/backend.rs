//! Which database a test runs on.

use std::future::Future;
use std::path::Path;

use tollgate_testkit::postgres::{PgCluster, TestDatabase};

/// A fresh, empty database.
pub(crate) enum Backend {
    /// A file in the gateway's data directory.
    Sqlite,
    /// A database of its own in a cluster.
    Postgres(TestDatabase),
}

impl Backend {
    /// Where the gateway keeps its data.
    pub(crate) fn url(&self, data_dir: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", data_dir.join("tollgate.sqlite").display()),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }

    /// A database in this cluster.
    pub(crate) async fn postgres(cluster: &PgCluster) -> Self {
        Self::Postgres(cluster.fresh_database(None).await.unwrap())
    }
}

/// Runs a test body on SQLite, then on PostgreSQL.
pub(crate) async fn both<F, Fut>(test: F)
where
    F: Fn(Backend) -> Fut,
    Fut: Future<Output = ()>,
{
    test(Backend::Sqlite).await;
    let cluster = PgCluster::shared().unwrap();
    test(Backend::postgres(cluster).await).await;
}
