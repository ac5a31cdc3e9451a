//! The management API over HTTP, on a store in memory.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod access;
mod attention;
mod auth;
mod bodies;
mod bounds;
mod build;
mod conflicts;
mod database_api;
mod deferred_operations;
mod documented;
mod every_operation;
mod exports;
mod fake;
mod filled;
mod health;
mod key_tokens;
mod keys;
mod lists;
mod live;
mod openapi;
mod overview;
mod price_releases;
mod price_sync;
mod receipt;
mod recent;
mod request_logs;
mod roles;
mod rules;
mod stale_prices;
mod stats;
mod system;
mod test_api;
mod timeseries;
mod upstream_bounds;
mod upstream_test;
mod upstreams;
