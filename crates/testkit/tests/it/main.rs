//! The simulator, load driver and database fixtures, used as the other crates use them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod client;
mod faults;
mod invoice;
mod lists;
mod load;
mod media;
mod postgres;
mod shapes_json;
mod shapes_stream;
mod wire;
