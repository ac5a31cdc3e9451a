//! The ledger over a real journal and a store that can be made to fail.
#![expect(
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod recording;
mod recovery;
mod rerate;
mod settlement;
mod stalls;
mod support;
mod writing;
