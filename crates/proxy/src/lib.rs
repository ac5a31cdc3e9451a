//! Client-facing HTTP: authenticate, route, forward, meter, settle.
//!
//! ```text
//! router ─► endpoint ─► auth ─► admit (body, peek) ─► select ─► relay: attempt, attempt … ─► answer
//!                                                                  │
//!                                                  opened ─► forward ─► metered body ─► settled
//! ```
//!
//! Invariants: no database round trip and no lock held across an await; an attempt is opened before its first
//! byte is sent and ends exactly once; the next upstream is tried only before the caller has seen a byte; the
//! bytes of an answer pass through unchanged (but for the one usage event a caller did not ask for); nothing that
//! happens in billing changes what the caller gets. Protocols are never translated into each other.

mod admit;
mod answer;
mod attempt;
mod auth;
mod body;
mod caller;
mod config;
mod deferred;
mod dialect;
mod endpoint;
mod error;
mod estimation;
mod forward;
mod grants;
mod handler;
mod listing;
mod log;
mod metering;
mod models;
mod outcome;
mod own_address;
mod patience;
mod peek;
mod prepare;
mod query;
mod relay;
mod respond;
mod route;
mod router;
mod select;
mod state;
mod table;
mod tally;
mod test_call;
mod unpriced;
mod unread;

pub use config::{ClientGone, ProxyConfig};
pub use deferred::{
    DeferredConfig, DeferredLooks, DeferredParts, DeferredUse, is_due as deferred_is_due,
    look_at_due as look_at_due_deferred, make_due as make_deferred_due,
    release_held as release_held_deferred,
};
pub use router::router;
pub use state::{ProxyParts, ProxyState, SetupError};
pub use table::RoutingTable;
pub use test_call::TestCaller;
