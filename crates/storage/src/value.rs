//! How domain values are stored in either database.

mod digest;
mod factor;
mod id;
mod instant;
mod money;
mod pg_numeric;

pub(crate) use digest::Digest32;
pub(crate) use factor::Factor;
pub(crate) use id::Id;
pub(crate) use instant::At;
pub(crate) use money::Money;
