//! Bodies on their way to the caller.

mod coalesce;
mod drain;
mod ending;
mod held;
mod idle;
mod metered;
mod whole;

pub(crate) use coalesce::Coalesced;
pub(crate) use drain::Drainage;
pub(crate) use held::{Held, hold};
pub(crate) use metered::{MeteredBody, Stream};
pub(crate) use whole::WholeBody;

/// Why an answer ends before its end; the caller's connection is closed with it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the upstream's answer broke off")]
    Broken,
    #[error("the upstream's answer stopped arriving")]
    Silent,
}
