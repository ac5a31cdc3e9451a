#![doc = include_str!("../README.md")]

mod book;
mod context;
mod error;
mod explain;
mod field;
mod map;
mod resolve;
pub mod snapshot;

pub use book::PriceBook;
pub use context::PricingContext;
pub use error::CatalogError;
pub use explain::{CandidateOutcome, CandidateReport, Explanation, Winner, explain};
pub use field::{FieldClass, Place, STEMS, Stem};
pub use map::{FieldUse, ParsedMap, ParsedModel, parse_map};
pub use resolve::{AppliedMultipliers, Resolved, Unresolved, resolve};
