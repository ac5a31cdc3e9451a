//! `PostgreSQL` for tests: one temporary cluster per run, one database per test.

mod account;
mod binaries;
mod cluster;
mod database;
mod server;
mod sweep;

pub use cluster::PgCluster;
pub use database::TestDatabase;
