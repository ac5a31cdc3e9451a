//! `/api/admin/billing`: what was spent, why exactly that much, and what sets the prices.

mod aliases;
mod attention;
mod candidates;
mod card;
mod conflicts;
mod effect;
mod estimate;
mod export;
mod multipliers;
mod overrides;
mod overview;
mod prices;
mod receipt;
mod recent;
mod rule_change;
mod simulate;
mod table;
mod timeseries;

pub use estimate::{BookNames, PastMeans};
use tollgate_domain::Timestamp;
use tollgate_domain::ports::Health;
use utoipa_axum::routes;

use crate::extract::QueryReader;
use crate::guarded::Guarded;
use crate::time_text::parse_time;

pub(crate) use effect::{EffectResponse, effect_of_removal};
pub(crate) use export::ExportSums;
pub(crate) use multipliers::{
    ModelMultipliersJson, check_model_multipliers, checked_multiplier, confirm_multipliers,
};

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(overview::get_billing_overview))
        .viewer(routes!(timeseries::get_billing_timeseries))
        .viewer(routes!(recent::list_recent_entries))
        .viewer(routes!(receipt::get_receipt))
        .viewer(routes!(conflicts::list_ledger_conflicts))
        .finance(routes!(export::export_ledger))
        .viewer(routes!(simulate::simulate_price))
        .merge(attention::routes())
        .merge(prices::routes())
        .merge(overrides::routes())
        .merge(aliases::routes())
        .merge(multipliers::routes())
}

/// The stable name of a state of health.
pub(crate) fn health_name(health: Health) -> &'static str {
    match health {
        Health::Ready => "ready",
        Health::Degraded => "degraded",
    }
}

/// Takes the instant that sums are to stand for.
fn take_as_of(query: &mut QueryReader, now: Timestamp) -> Option<Timestamp> {
    query.take("as_of", |text| {
        let as_of = parse_time(text)?;
        if as_of > now {
            return Err(format!("{text:?} lies in the future; it is {}", now.to_rfc3339()));
        }
        Ok(as_of)
    })
}
