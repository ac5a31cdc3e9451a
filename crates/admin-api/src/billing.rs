//! `/api/admin/billing`: what was spent, why exactly that much, and what sets the prices.

mod aliases;
mod candidates;
mod card;
mod effect;
mod multipliers;
mod overrides;
mod overview;
mod prices;
mod receipt;
mod rule_change;
mod simulate;
mod table;

use tollgate_domain::ports::Health;
use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) use effect::{EffectResponse, effect_of_removal};
pub(crate) use multipliers::{
    ModelMultipliersJson, check_model_multipliers, checked_multiplier, confirm_multipliers,
};

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(overview::get_billing_overview))
        .viewer(routes!(receipt::get_receipt))
        .viewer(routes!(simulate::simulate_price))
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
