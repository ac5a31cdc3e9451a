//! How price rules come into force: one path for every change of overrides and aliases, alone or many together.

mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::{RuleEdit, RuleSpan, RulesChanged};
use tollgate_domain::{Actor, ModelName, PriceVersion, Timestamp, Upstream, UpstreamId};

use super::effect::{
    EffectResponse, GuardedChange, Proposal, current_book, effect_of, rate_changes, upstreams,
};
use crate::AdminState;
use crate::field::FieldErrors;
use crate::problem::Problem;

pub(super) use step::Step;

/// Characters of a reason.
const NOTE_MAX: usize = 500;

/// Changes that go through together, with the books before and after them.
pub(super) struct Planned<'s> {
    steps: &'s [Step],
    at: Timestamp,
    /// The book in force.
    pub(super) before: Arc<PriceBook>,
    /// The book with the changes made.
    pub(super) after: PriceBook,
    /// The living upstreams.
    pub(super) upstreams: BTreeMap<UpstreamId, Upstream>,
}

/// How changes went.
pub(super) enum Outcome {
    /// All of them are in force.
    Done(PriceVersion),
    /// None is: another version of one of the rules is in force, this one.
    Stale(i64),
    /// None is: the one at this place found no rule in force.
    Missing {
        /// The place in the list.
        index: usize,
    },
}

impl<'s> Planned<'s> {
    /// Makes the changes on the book in memory.
    pub(super) async fn new(state: &AdminState, steps: &'s [Step]) -> Result<Self, Problem> {
        let before = current_book(state).await;
        let after = steps.iter().fold((*before).clone(), |book, step| step.onto(book));
        Ok(Self {
            steps,
            at: state.clock.now(),
            before,
            after,
            upstreams: upstreams(state).await?,
        })
    }

    /// What they do beyond the guard, with their effect on the traffic of the last days; `None` where nothing needs a
    /// confirmation.
    pub(super) async fn beyond_guard(&self, state: &AdminState) -> Result<Option<EffectResponse>, Problem> {
        effect_of(state, self.proposal(state)).await
    }

    /// Puts the changes in force, if the guard lets them pass or they are confirmed.
    ///
    /// # Errors
    /// `confirmation_required` beyond the guard, `rule_exists` where another rule is in force for a name.
    pub(super) async fn put_in_force(
        &self,
        state: &AdminState,
        actor: &Actor,
        note: Option<String>,
        confirmed: bool,
    ) -> Result<Outcome, Problem> {
        if !confirmed && let Some(effect) = self.beyond_guard(state).await? {
            return Err(Problem::confirmation_required(effect));
        }
        let edit = RuleEdit {
            actor: actor.clone(),
            at: self.at,
            note,
        };
        let changes = self.steps.iter().map(Step::change).collect();
        match state.store.change_rules(changes, edit).await? {
            RulesChanged::Done(version) => {
                state.runtime.refresh().await;
                Ok(Outcome::Done(version))
            }
            RulesChanged::Stale { version, .. } => Ok(Outcome::Stale(version.get())),
            RulesChanged::Missing { index } => Ok(Outcome::Missing { index }),
            RulesChanged::Taken { index, by } => Err(self
                .steps
                .get(index)
                .map_or_else(|| Problem::stale(0), |step| step.taken(by))),
        }
    }

    /// When what was put in force is in force.
    pub(super) fn span(&self, version: PriceVersion) -> RuleSpan {
        RuleSpan {
            version,
            since: self.at,
            ended: None,
        }
    }

    fn proposal(&self, state: &AdminState) -> Proposal<'_> {
        let mut names: Vec<ModelName> = Vec::new();
        let mut breaches: Vec<GuardedChange> = Vec::new();
        for step in self.steps {
            let of_step = step.names(&self.before);
            let scope = step.upstream_id();
            let concerned = self
                .upstreams
                .values()
                .filter(|upstream| scope.is_none_or(|id| id == upstream.id));
            let changes = rate_changes(
                (&self.before, &self.after),
                &of_step,
                concerned,
                scope.is_none(),
                self.at,
                state.guard_factor,
            );
            // Two rules may lead to the same name.
            breaches.extend(
                changes
                    .into_iter()
                    .filter(|change| !breaches.contains(change))
                    .collect::<Vec<_>>(),
            );
            names.extend(of_step);
        }
        let first = self.steps.first().and_then(Step::upstream_id);
        Proposal {
            before: &self.before,
            after: &self.after,
            names: Proposal::names_of(names),
            upstream_id: first.filter(|id| self.steps.iter().all(|step| step.upstream_id() == Some(*id))),
            breaches,
        }
    }
}

/// Why a rule is made or ends, checked.
pub(super) fn check_note(note: Option<&String>, errors: &mut FieldErrors) {
    if let Some(note) = note {
        errors.text("note", note, NOTE_MAX);
    }
}
