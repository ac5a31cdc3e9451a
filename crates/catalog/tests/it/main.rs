//! The catalog from outside: reading maps, the shipped snapshot, resolution.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod book;
mod dimensions;
mod parse;
mod plan;
mod real_map;
mod resolve;
mod totality;
