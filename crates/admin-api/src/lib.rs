//! The management API and its OpenAPI document.
//!
//! Everything lies under `/api/admin` behind an admin token, answers snake-case JSON, and reports errors as RFC 9457
//! problems. Money and rates are decimal strings, instants RFC 3339 in UTC.

mod activity;
mod audit_log;
mod auth;
mod billing;
mod cursor;
mod deferred_operations;
mod etag;
mod export;
mod extract;
mod field;
mod guarded;
mod health;
mod idempotency;
mod keys;
mod live;
mod model_choice;
mod openapi;
mod price_releases;
mod price_sync;
mod problem;
mod reference;
mod request_logs;
mod router;
mod schema;
mod session;
mod stale_prices;
mod state;
mod stats;
mod system;
mod time_text;
mod token_source;
mod tokens;
mod upstreams;

pub use auth::AccessPolicy;
pub use billing::{BookNames, PastMeans};
pub use live::{LivePace, LiveStreams};
pub use openapi::openapi;
pub use router::{health_router, router};
pub use state::{AdminState, CurrentPrices};
pub use token_source::{RandomnessUnavailable, SystemTokens, TokenSource};
