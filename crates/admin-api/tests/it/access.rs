//! Who may come in, and who did what: on a database, at a time that can be moved.

mod api;
mod audit_log;
mod idempotency;
mod limits;
mod sessions;
mod tokens;

pub(crate) use api::{AccessApi, Call};
