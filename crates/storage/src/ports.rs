//! The domain's ports.

mod config;
mod keys;
mod ledger;
mod price_rules;
mod prices;
mod releases;
mod reports;
mod tokens;
mod traffic;
mod upstreams;
