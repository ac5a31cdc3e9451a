//! The domain's ports.

mod access;
mod activity;
mod attention;
mod audit;
mod config;
mod deferred;
mod export;
mod idempotency;
mod jobs;
mod key_tokens;
mod keys;
mod ledger;
mod logs;
mod price_rules;
mod prices;
mod recent;
mod releases;
mod reports;
mod routing;
mod stats;
mod sums;
mod system;
mod tokens;
mod traffic;
mod upstreams;
