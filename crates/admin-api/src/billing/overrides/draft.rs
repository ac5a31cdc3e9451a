//! An override as asked for, before it is known to be valid; and how it is put in force.

use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::{OverrideVersion, RuleBefore};
use tollgate_domain::{Actor, ModelName, OverrideId, PriceOverride, Timestamp, UpstreamId};

use super::json::{OverrideChangedResponse, OverrideResponse};
use super::warnings;
use crate::AdminState;
use crate::billing::card::{CardParts, read_card};
use crate::billing::effect::{Claim, backdated, checked_effective_from, names_leading_to};
use crate::billing::rule_change::{Outcome, Planned, Step, check_note};
use crate::field::FieldErrors;
use crate::problem::Problem;
use crate::time_text::TimeText;

/// Characters of a model name.
pub(super) const MODEL_MAX: usize = 256;

/// What an override is for, and who sets it.
#[derive(Debug, Clone)]
pub(super) struct OverrideIdentity {
    pub(super) id: OverrideId,
    pub(super) model: ModelName,
    pub(super) upstream_id: Option<UpstreamId>,
    pub(super) author: String,
}

/// All that an operator sets but what the override is for.
#[derive(Debug, Clone)]
pub(super) struct OverrideDraft {
    pub(super) parts: CardParts,
    pub(super) apply_multipliers: bool,
    pub(super) note: Option<String>,
    pub(super) effective_from: Option<TimeText>,
    pub(super) confirm: bool,
}

/// What putting an override in force came to.
pub(super) enum Put {
    /// It is in force.
    Done(Box<OverrideChangedResponse>),
    /// Somebody else changed it meanwhile.
    Stale(i64),
    /// It is not in force any more.
    Missing,
}

impl OverrideDraft {
    /// The override and since when it is right; `None` with every fault noted where it is not valid.
    pub(super) fn check(
        self,
        of: OverrideIdentity,
        now: Timestamp,
        errors: &mut FieldErrors,
    ) -> Option<(PriceOverride, Option<Timestamp>)> {
        let card = read_card(&self.parts, errors);
        check_note(self.note.as_ref(), errors);
        let effective_from = self
            .effective_from
            .and_then(|at| errors.keep("effective_from", checked_effective_from(at.0, now)));
        let price = PriceOverride {
            id: of.id,
            model: of.model,
            upstream_id: of.upstream_id,
            card: Arc::new(card?),
            apply_multipliers: self.apply_multipliers,
            note: self.note,
            author: of.author,
        };
        Some((price, effective_from))
    }

    /// Checks the draft and puts it in force for `of`, guard and conflicts permitting.
    pub(super) async fn put(
        self,
        state: &AdminState,
        actor: &Actor,
        of: OverrideIdentity,
        before: RuleBefore,
        mut errors: FieldErrors,
    ) -> Result<Put, Problem> {
        let confirmed = self.confirm;
        let checked = self.check(of, state.clock.now(), &mut errors);
        errors.into_result().map_err(Problem::invalid)?;
        let Some((price, effective_from)) = checked else {
            return Err(Problem::invalid_field("rates", "make no card"));
        };
        let steps = [Step::PutOverride {
            price: price.clone(),
            effective_from,
            before,
        }];
        if before == RuleBefore::Nothing {
            refuse_taken(state, &steps, &price).await?;
        }
        let plan = Planned::new(state, &steps).await?;
        let version = match plan.put_in_force(state, actor, None, confirmed).await? {
            Outcome::Done(version) => version,
            Outcome::Stale(version) => return Ok(Put::Stale(version)),
            Outcome::Missing { .. } => return Ok(Put::Missing),
        };
        let backdated = match effective_from {
            Some(since) => {
                let names = names_leading_to(&plan.before, &price.model);
                Some(backdated(state, &plan.after, Claim::Override(&price), names, since).await?)
            }
            None => None,
        };
        let warnings = warnings::of(&plan.before, &price);
        let upstream = price.upstream_id.and_then(|id| plan.upstreams.get(&id));
        let put = OverrideVersion {
            price,
            effective_from,
            span: plan.span(version),
        };
        Ok(Put::Done(Box::new(OverrideChangedResponse {
            price: OverrideResponse::of(put, upstream),
            warnings,
            backdated,
        })))
    }
}

/// A conflict is said before a confirmation is asked for; that there is none is made sure of when it is stored.
async fn refuse_taken(state: &AdminState, steps: &[Step], price: &PriceOverride) -> Result<(), Problem> {
    let overrides = state.store.overrides().await?;
    let same = |other: &&OverrideVersion| {
        (&other.price.model, other.price.upstream_id) == (&price.model, price.upstream_id)
    };
    match (overrides.iter().find(same), steps) {
        (Some(other), [step, ..]) => Err(step.taken(other.price.id.uuid())),
        _ => Ok(()),
    }
}

/// Whether anything prices an override's model in a book, at its upstream.
pub(super) fn is_priced(book: &PriceBook, price: &PriceOverride) -> bool {
    let model = price.model.as_str();
    book.override_of(price.upstream_id, model).is_some()
        || book.override_of(None, model).is_some()
        || book.synced_name(model).is_some()
}

/// The version of an override that is in force.
pub(super) async fn living(state: &AdminState, id: OverrideId) -> Result<OverrideVersion, Problem> {
    let versions = state.store.override_versions(id).await?;
    let living = versions.into_iter().find(|version| version.span.ended.is_none());
    living.ok_or_else(|| Problem::not_found("override", id))
}
