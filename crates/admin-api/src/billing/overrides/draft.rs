//! An override as asked for, before it is known to be valid; and how it is put in force.

use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::{OverrideVersion, RuleBefore, RuleChange, RuleEdit, RuleSpan, RulesChanged};
use tollgate_domain::{Actor, OverrideId, PriceOverride};

use super::json::{OverrideChangedResponse, OverrideResponse};
use super::warnings;
use crate::AdminState;
use crate::billing::card::{CardParts, read_card};
use crate::billing::effect::{
    Proposal, backdated, checked_effective_from, current_book, guard, names_leading_to, rate_changes,
    upstreams,
};
use crate::field::FieldErrors;
use crate::problem::{Problem, ProblemType};
use crate::time_text::TimeText;

const NOTE_MAX: usize = 500;

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
    /// Checks the draft and puts it in force on top of `base`, guard and conflicts permitting.
    pub(super) async fn put(
        self,
        state: &AdminState,
        actor: &Actor,
        base: PriceOverride,
        before: RuleBefore,
        mut errors: FieldErrors,
    ) -> Result<Put, Problem> {
        let now = state.clock.now();
        let card = read_card(&self.parts, &mut errors);
        if let Some(note) = &self.note {
            errors.text("note", note, NOTE_MAX);
        }
        let effective_from = self
            .effective_from
            .and_then(|at| errors.keep("effective_from", checked_effective_from(at.0, now)));
        errors.into_result().map_err(Problem::invalid)?;
        let Some(card) = card else {
            return Err(Problem::invalid_field("rates", "make no card"));
        };
        let price = PriceOverride {
            card: Arc::new(card),
            apply_multipliers: self.apply_multipliers,
            note: self.note,
            ..base
        };
        if before == RuleBefore::Nothing {
            refuse_taken(state, &price).await?;
        }
        let book = current_book(state).await;
        let after = (*book).clone().with_price_override(price.clone());
        let names = names_leading_to(&book, &price.model);
        let living = upstreams(state).await?;
        let concerned = living
            .values()
            .filter(|upstream| price.upstream_id.is_none_or(|id| id == upstream.id));
        let everywhere = price.upstream_id.is_none();
        let proposal = Proposal {
            before: &book,
            after: &after,
            breaches: rate_changes(
                (&book, &after),
                &names,
                concerned,
                everywhere,
                now,
                state.guard_factor,
            ),
            names: names.clone(),
            upstream_id: price.upstream_id,
            confirmed: self.confirm,
        };
        guard(state, proposal).await?;
        let change = RuleChange::PutOverride {
            price: price.clone(),
            effective_from,
            before,
        };
        let edit = RuleEdit {
            actor: actor.clone(),
            at: now,
            note: None,
        };
        let version = match state.store.change_rules(vec![change], edit).await? {
            RulesChanged::Done(version) => version,
            RulesChanged::Stale { version, .. } => return Ok(Put::Stale(version.get())),
            RulesChanged::Missing { .. } => return Ok(Put::Missing),
            RulesChanged::Taken { by, .. } => return Err(taken(&price, by)),
        };
        state.runtime.refresh().await;
        let backdated = match effective_from {
            Some(since) => {
                let scope = (names, price.upstream_id);
                Some(backdated(state, &after, &price.model, scope, since).await?)
            }
            None => None,
        };
        let warnings = warnings::of(&book, &price);
        let upstream = price.upstream_id.and_then(|id| living.get(&id));
        let put = OverrideVersion {
            price,
            effective_from,
            span: RuleSpan {
                version,
                since: now,
                ended: None,
            },
        };
        Ok(Put::Done(Box::new(OverrideChangedResponse {
            price: OverrideResponse::of(put, upstream),
            warnings,
            backdated,
        })))
    }
}

/// A conflict is said before a confirmation is asked for; that there is none is made sure of when it is stored.
async fn refuse_taken(state: &AdminState, price: &PriceOverride) -> Result<(), Problem> {
    let overrides = state.store.overrides().await?;
    let same = |other: &&OverrideVersion| {
        (&other.price.model, other.price.upstream_id) == (&price.model, price.upstream_id)
    };
    match overrides.iter().find(same) {
        Some(other) => Err(taken(price, other.price.id.uuid())),
        None => Ok(()),
    }
}

fn taken(price: &PriceOverride, by: uuid::Uuid) -> Problem {
    let scope = match price.upstream_id {
        Some(upstream) => format!("upstream {upstream}"),
        None => "all upstreams".to_owned(),
    };
    let detail = format!(
        "override {by} is in force for model {:?} at {scope}; change that one instead",
        price.model.as_str()
    );
    Problem::new(ProblemType::RuleExists, detail)
}

/// The book without an override, to see what would price its model then.
pub(super) fn book_without(book: &PriceBook, price: &PriceOverride) -> PriceBook {
    book.clone()
        .without_price_override(price.upstream_id, &price.model)
}

/// Why a rule ends, checked.
pub(super) fn note_checked(note: Option<String>, errors: &mut FieldErrors) -> Option<String> {
    if let Some(note) = &note {
        errors.text("note", note, NOTE_MAX);
    }
    note
}

/// The version of an override that is in force.
pub(super) async fn living(state: &AdminState, id: OverrideId) -> Result<OverrideVersion, Problem> {
    let versions = state.store.override_versions(id).await?;
    let living = versions.into_iter().find(|version| version.span.ended.is_none());
    living.ok_or_else(|| Problem::not_found("override", id))
}
