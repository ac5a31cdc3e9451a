//! Pricing from outside: golden cases with the arithmetic written out, and big rationals as reference.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod allocations;
mod embed;
mod fuzzed;
mod golden;
mod hours;
mod limits;
mod reference;
mod reported;
mod tables;
