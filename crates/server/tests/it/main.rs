//! The gateway as its users meet it: the real binary, a simulated provider, both databases.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod support;

mod billing_table;
mod command_line;
mod kill;
mod mixed_traffic;
mod outage;
mod pass_through;
