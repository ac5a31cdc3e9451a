//! Rate cards on the wire: flat token rates by name, bands, and every further rate with its unit in the field.

mod bounds;
mod json;
mod read;

pub(super) use json::{CardParts, FurtherRate, PriceBand};
pub(super) use read::read_card;
