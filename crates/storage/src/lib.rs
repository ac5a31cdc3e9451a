//! `PostgreSQL` and `SQLite` behind the domain's ports: every SQL statement, and the sealing of credentials.
//!
//! Queries are written once, in `queries/`, and compiled for both databases; where they differ, `dialect_pg`
//! and `dialect_sqlite` have functions of the same name and signature. See
//! `docs/adr/0003-one-query-source-two-databases.md`.

mod cube;
mod database;
mod error;
mod frame;
mod keyring;
mod migrate;
mod packed;
mod pending;
mod ports;
mod rows;
mod schema;
mod sql_type;
mod sum_columns;
mod url;
mod value;

#[expect(
    clippy::duplicate_mod,
    reason = "the queries are compiled once for each database, see ADR 0003"
)]
mod pg;
#[expect(
    clippy::duplicate_mod,
    reason = "the queries are compiled once for each database, see ADR 0003"
)]
mod sqlite;

pub use database::{Database, DatabaseConfig, connect, open, reseal};
pub use error::StorageError;
pub use keyring::Keyring;
pub use migrate::{MigrationState, MigrationStatus, migrate, migration_status};
