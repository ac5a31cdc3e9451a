//! The gateway as its users meet it: the real binary, a simulated provider, both databases.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests wait for their own tasks, and clippy's exemption for tests does not reach their helpers"
)]

mod support;

mod access;
mod billing_table;
mod client;
mod command_line;
mod console;
mod deferred;
mod gaps;
mod jobs;
mod keys_live;
mod kill;
mod lifecycle;
mod listeners;
mod mixed_traffic;
mod outage;
mod pass_through;
mod price_rules;
mod price_sync;
mod walkthrough;
