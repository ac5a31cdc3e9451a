//! The domain's ports.

mod activity;
mod attention;
mod config;
mod deferred;
mod jobs;
mod key_tokens;
mod keys;
mod ledger;
mod price_rules;
mod prices;
mod recent;
mod releases;
mod reports;
mod sums;
mod system;
mod tokens;
mod traffic;
mod upstreams;
