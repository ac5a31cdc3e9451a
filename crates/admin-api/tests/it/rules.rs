//! Price rules, on a real database: what they do to prices and to past traffic is the point.

mod aliases;
mod api;
mod attention;
mod guard;
mod multipliers;
mod overrides;
mod policies;
mod prices;
mod reports;
mod reset;
mod simulate;
mod stale;
mod tables;
mod unresolved;

pub(crate) use api::{RulesApi, attempt, request_of_attempt};
