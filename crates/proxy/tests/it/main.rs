//! The proxy in front of simulated upstreams, read back from its journal.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod agreement;
mod auth;
mod azure;
mod client_gone;
mod coded;
mod estimation;
mod failover;
mod framing;
mod grants;
mod headers;
mod media;
mod models;
mod passthrough;
mod refusals;
mod routing;
mod settlement;
mod streams;
mod support;
mod test_calls;
mod unmetered;
mod unpriced;
