#![doc = include_str!("../README.md")]

mod book;
mod context;
mod error;
mod explain;
mod field;
mod guard;
mod map;
mod plan;
mod resolve;
pub mod snapshot;
mod suggest;
#[cfg(feature = "sync")]
pub mod sync;

pub use book::{Alias, PriceBook, PricedName};
pub use context::PricingContext;
pub use error::CatalogError;
pub use explain::{CandidateOutcome, CandidateReport, Explanation, Winner, explain};
pub use field::{FieldClass, Place, STEMS, Stem};
pub use guard::{GuardRules, inspect};
pub use map::{FieldUse, ParsedMap, ParsedModel, parse_map};
pub use plan::{Plan, PlanInput, plan};
pub use resolve::{AppliedMultipliers, Resolved, Unresolved, resolve};
pub use suggest::{NearMiss, NearNames, Suggester, Suggestion};
