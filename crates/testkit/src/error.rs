//! The one error type of this crate.

use std::io;
use std::path::PathBuf;

/// What can go wrong while preparing a test's surroundings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestkitError {
    /// The simulator could not listen.
    #[error("simulator cannot listen on {address}")]
    Listen {
        /// What it was told to listen on.
        address: String,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The invoice's file could not be opened.
    #[error("cannot open the invoice file {}", path.display())]
    InvoiceFile {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// A preset that is not in the table.
    #[error("{name:?} is not a script preset; known are {known}")]
    UnknownPreset {
        /// What was asked for.
        name: String,
        /// All known names.
        known: String,
    },
    /// A base URL that cannot be used.
    #[error("{url:?} is not a base url such as http://127.0.0.1:8080")]
    BaseUrl {
        /// The text given.
        url: String,
    },
    /// A load plan without traffic.
    #[error("the load plan has no traffic with a weight above 0")]
    NoTraffic,
    /// No `PostgreSQL` server on this machine.
    #[error(
        "postgresql server binaries (initdb, postgres, pg_ctl) were not found in PATH nor in the usual places; \
         install them with `apt-get install postgresql` (Debian, Ubuntu), `dnf install postgresql-server` \
         (Fedora) or `brew install postgresql` (macOS)"
    )]
    PostgresMissing,
    /// Running as root without the account the server needs.
    #[error("postgresql refuses to run as root and there is no `postgres` account to run it as")]
    PostgresAccount,
    /// A helper program failed.
    #[error("`{program}` failed: {detail}")]
    Program {
        /// What was run.
        program: String,
        /// Its last words.
        detail: String,
    },
    /// A file operation of the cluster failed.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The server did not come up.
    #[error("postgresql did not become ready: {log}")]
    PostgresNotReady {
        /// The end of its log.
        log: String,
    },
    /// An operation that needs a cluster of this process's own.
    #[error("the cluster belongs to someone else (TOLLGATE_TEST_PG) and cannot be stopped from here")]
    NotOwnCluster,
    /// A connection or statement failed.
    #[error("postgresql: {action} failed")]
    Database {
        /// What was tried.
        action: String,
        /// The driver's answer.
        #[source]
        source: tokio_postgres::Error,
    },
}
