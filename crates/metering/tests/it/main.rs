//! Metering against a corpus of provider-shaped exchanges.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod case;
mod corpus;
mod counters;
mod kept;
mod media;
mod pieces;
