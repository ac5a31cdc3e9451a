//! The journal through its public interface, on real files.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod budget;
mod concurrency;
mod damage;
mod kill;
mod model;
mod reader;
mod reopen;
mod retention;
mod support;
