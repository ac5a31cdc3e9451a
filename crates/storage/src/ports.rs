//! The domain's ports.

mod config;
mod keys;
mod ledger;
mod prices;
mod reports;
mod tokens;
mod upstreams;
