//! `/api/admin/billing/upstream-multipliers`: what upstreams charge relative to the card. The same columns as of the
//! upstream itself, written through the same store call, with the same revision.

mod history;
mod json;
mod list;
mod put;

use tollgate_domain::Upstream;
use utoipa_axum::routes;

use super::effect::{Proposal, current_book, effect_of, multiplier_changes};
use crate::AdminState;
use crate::guarded::Guarded;
use crate::problem::Problem;

pub(crate) use json::{ModelMultipliersJson, check_model_multipliers, checked_multiplier};

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_upstream_multipliers))
        .viewer(routes!(history::list_upstream_multiplier_versions))
        .finance(routes!(put::put_upstream_multipliers))
}

/// Asks the guard whether an upstream's multipliers may become those of `after`.
pub(crate) async fn confirm_multipliers(
    state: &AdminState,
    before: &Upstream,
    after: &Upstream,
    confirmed: bool,
) -> Result<(), Problem> {
    let (old, new) = (before.multipliers(), after.multipliers());
    if confirmed || old == new {
        return Ok(());
    }
    let book = current_book(state).await;
    let changed = (*book).clone().with_multipliers(new.clone());
    let proposal = Proposal {
        before: &book,
        after: &changed,
        names: Vec::new(),
        upstream_id: Some(after.id),
        breaches: multiplier_changes(after, &old, &new, state.guard_factor),
    };
    match effect_of(state, proposal).await? {
        Some(effect) => Err(Problem::confirmation_required(effect)),
        None => Ok(()),
    }
}
