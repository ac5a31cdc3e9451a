//! Errors, and how a driver's error becomes one the gateway can act on.

mod availability;

use tollgate_domain::ports::StoreError;

pub(crate) use availability::is_outage;

/// Why the database cannot be set up or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The URL or path does not name a database.
    #[error("the database url is not usable: {problem}")]
    Url {
        /// What is wrong with it; never the URL itself, which may hold a password.
        problem: String,
    },
    /// The certificates for TLS cannot be read.
    #[error("the certificates for the database connection are not usable: {problem}")]
    Certificates {
        /// What is wrong with them.
        problem: String,
    },
    /// The database file cannot be made.
    #[error("the database file {path} cannot be opened")]
    File {
        /// Its path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A newer version has migrated the database past what this binary can work with.
    #[error(
        "the database schema needs a binary that knows migration {needed}, this one knows up to {known}: \
         install a newer version"
    )]
    SchemaTooNew {
        /// The migration a binary must know at least.
        needed: String,
        /// The newest this binary knows.
        known: String,
    },
    /// Migrations are missing.
    #[error("the database lacks migration {missing}: run `gateway migrate`")]
    SchemaTooOld {
        /// The first that is missing.
        missing: String,
    },
    /// A sealing key is not usable.
    #[error("the sealing key is not usable: {problem}")]
    SealingKey {
        /// What is wrong with it; never the key.
        problem: &'static str,
    },
    /// A sealed value cannot be opened.
    #[error("a sealed value cannot be opened: {problem}")]
    Unsealable {
        /// Why.
        problem: String,
    },
    /// The database failed or is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a query function gave up; [`QueryError::during`] names the operation at the edge.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueryError {
    /// The driver's.
    #[error(transparent)]
    Driver(#[from] diesel::result::Error),
    /// A migration's.
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A name among the living is taken.
    #[error("the name {0:?} is taken")]
    NameTaken(String),
    /// Another price rule is in force for the same name and upstream.
    #[error("another rule, {by}, is in force for the name of change {index}")]
    RuleTaken {
        /// Which of the changes.
        index: usize,
        /// The other rule.
        by: uuid::Uuid,
    },
    /// Nobody would be left who may do everything.
    #[error("it is the last living admin token")]
    LastAdmin,
    /// A stored value is not what the schema promises.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The thread that ran the query did not come back.
    #[error("the query did not run to its end")]
    Lost(#[from] tokio::task::JoinError),
}

/// A value that does not fit what the schema or the domain promises.
#[derive(Debug, thiserror::Error)]
#[error("stored {what} is not valid: {problem}")]
pub(crate) struct Corrupt {
    what: &'static str,
    problem: String,
}

impl QueryError {
    /// The error of an operation, as the ports report it.
    pub(crate) fn during(self, operation: &'static str) -> StoreError {
        match self {
            Self::Driver(source) if is_outage(&source) => unavailable(operation, source),
            Self::NameTaken(name) => StoreError::NameTaken { name },
            Self::Corrupt(Corrupt { what, problem }) => StoreError::Corrupt { what, problem },
            Self::Lost(source) => unavailable(operation, source),
            other => StoreError::Failed {
                operation,
                source: Box::new(other),
            },
        }
    }

    /// Turns a collision with a living name into [`QueryError::NameTaken`].
    pub(crate) fn about_name(self, name: &str) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match &self {
            // PostgreSQL names the index, SQLite the column.
            Self::Driver(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info))
                if ["_living_name", "_name_key", ".name"]
                    .iter()
                    .any(|mark| info.message().contains(mark)) =>
            {
                Self::NameTaken(name.to_owned())
            }
            _ => self,
        }
    }
}

impl Corrupt {
    /// Says which value and what is wrong with it.
    pub(crate) fn new(what: &'static str, problem: impl Into<String>) -> Self {
        Self {
            what,
            problem: problem.into(),
        }
    }

    /// For `map_err`.
    pub(crate) fn of<E: ToString>(what: &'static str) -> impl Fn(E) -> Self {
        move |problem| Self::new(what, problem.to_string())
    }
}

/// The database is away.
pub(crate) fn unavailable(
    operation: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError::Unavailable {
        operation,
        source: source.into(),
    }
}
