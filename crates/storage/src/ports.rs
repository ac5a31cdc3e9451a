//! The domain's ports.

mod activity;
mod config;
mod deferred;
mod jobs;
mod key_tokens;
mod keys;
mod ledger;
mod price_rules;
mod prices;
mod releases;
mod reports;
mod system;
mod tokens;
mod traffic;
mod upstreams;
