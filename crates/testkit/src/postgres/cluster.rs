//! A cluster to make databases in.

use std::env;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::TestkitError;

use super::database::{self, TestDatabase};
use super::server::Server;

/// The environment variable with the URL of a cluster someone else runs.
const SHARED_URL: &str = "TOLLGATE_TEST_PG";

/// A running cluster: somebody's (`TOLLGATE_TEST_PG`) or one of this process's own, which ends with it.
#[derive(Debug)]
pub struct PgCluster {
    base_url: String,
    own: Option<Mutex<Server>>,
}

impl PgCluster {
    /// The cluster of `TOLLGATE_TEST_PG`, or a new one. Takes over a second where there is none.
    pub fn start() -> Result<Self, TestkitError> {
        match env::var(SHARED_URL) {
            Ok(url) if !url.trim().is_empty() => Ok(Self {
                base_url: url.trim().to_owned(),
                own: None,
            }),
            _ => Self::start_own(),
        }
    }

    /// A new cluster, whatever the environment says: for tests that stop it.
    pub fn start_own() -> Result<Self, TestkitError> {
        let server = Server::create()?;
        let base_url = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port());
        Ok(Self {
            base_url,
            own: Some(Mutex::new(server)),
        })
    }

    /// One cluster for all tests of this process, started by the first that asks.
    pub fn shared() -> Result<&'static Self, &'static TestkitError> {
        static SHARED: OnceLock<Result<PgCluster, TestkitError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// The URL of its maintenance database.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Creates a database of a name nobody else uses, as a copy of `template` if one is named; nobody may
    /// be connected to the template meanwhile. It is dropped with the returned value.
    pub async fn fresh_database(&self, template: Option<&str>) -> Result<TestDatabase, TestkitError> {
        database::create(&self.base_url, template).await
    }

    /// Kills the server as a power cut would. Only for an own cluster.
    pub fn stop(&self) -> Result<(), TestkitError> {
        self.with_own(Server::stop)
    }

    /// Starts a stopped server again on the same port and returns when it accepts connections.
    pub fn resume(&self) -> Result<(), TestkitError> {
        self.with_own(Server::start)
    }

    fn with_own(
        &self,
        work: impl FnOnce(&mut Server) -> Result<(), TestkitError>,
    ) -> Result<(), TestkitError> {
        let server = self.own.as_ref().ok_or(TestkitError::NotOwnCluster)?;
        work(&mut server.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
