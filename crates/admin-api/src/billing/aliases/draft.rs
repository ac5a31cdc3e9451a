//! An alias as asked for, before it is known to be valid; and how it is put in force.

use billing_core::PriceBook;
use tollgate_domain::ports::{AliasVersion, RuleBefore};
use tollgate_domain::{Actor, AliasId, ModelName, PriceAlias, Timestamp, UpstreamId};

use super::json::{AliasChangedResponse, AliasResponse};
use crate::AdminState;
use crate::billing::effect::{Claim, backdated, checked_effective_from, current_book};
use crate::billing::rule_change::{Outcome, Planned, Step, check_note};
use crate::field::FieldErrors;
use crate::problem::Problem;
use crate::time_text::TimeText;

const MODEL_MAX: usize = 256;
/// Aliases are followed once when pricing; this many steps are enough to find a loop.
const STEPS: usize = 32;

/// An alias to put in force.
#[derive(Debug, Clone)]
pub(super) struct AliasDraft {
    pub(super) alias: PriceAlias,
    pub(super) effective_from: Option<TimeText>,
    pub(super) confirm: bool,
}

/// What putting an alias in force came to.
pub(super) enum Put {
    /// It is in force.
    Done(Box<AliasChangedResponse>),
    /// Somebody else changed it meanwhile.
    Stale(i64),
    /// It is not in force any more.
    Missing,
}

impl AliasDraft {
    /// Since when it is right, with every fault noted. `book` is what it must not make a loop in.
    pub(super) fn check(
        &self,
        book: &PriceBook,
        now: Timestamp,
        errors: &mut FieldErrors,
    ) -> Option<Timestamp> {
        errors.text("alias", self.alias.alias.as_str(), MODEL_MAX);
        errors.text("target", self.alias.target.as_str(), MODEL_MAX);
        check_note(self.alias.note.as_ref(), errors);
        if let Some(fault) = loops(book, &self.alias) {
            errors.push("target", fault);
        }
        let at = self.effective_from?;
        errors.keep("effective_from", checked_effective_from(at.0, now))
    }

    /// Checks the alias and puts it in force, guard and conflicts permitting.
    pub(super) async fn put(
        self,
        state: &AdminState,
        actor: &Actor,
        before: RuleBefore,
        mut errors: FieldErrors,
    ) -> Result<Put, Problem> {
        let book = current_book(state).await;
        let effective_from = self.check(&book, state.clock.now(), &mut errors);
        errors.into_result().map_err(Problem::invalid)?;
        let alias = self.alias;
        let steps = [Step::PutAlias {
            alias: alias.clone(),
            effective_from,
            before,
        }];
        if before == RuleBefore::Nothing {
            refuse_taken(state, &steps, &alias).await?;
        }
        let plan = Planned::new(state, &steps).await?;
        let version = match plan.put_in_force(state, actor, None, self.confirm).await? {
            Outcome::Done(version) => version,
            Outcome::Stale(version) => return Ok(Put::Stale(version)),
            Outcome::Missing { .. } => return Ok(Put::Missing),
        };
        let backdated = match effective_from {
            Some(since) => {
                let names = vec![alias.alias.clone()];
                Some(backdated(state, &plan.after, Claim::Alias(&alias), names, since).await?)
            }
            None => None,
        };
        let warnings = warnings(&plan.before, &alias);
        let upstream = alias.upstream_id.and_then(|id| plan.upstreams.get(&id));
        let put = AliasVersion {
            alias,
            effective_from,
            span: plan.span(version),
        };
        Ok(Put::Done(Box::new(AliasChangedResponse {
            alias: AliasResponse::of(put, upstream),
            warnings,
            backdated,
        })))
    }
}

/// The version of an alias that is in force.
pub(super) async fn living(state: &AdminState, id: AliasId) -> Result<AliasVersion, Problem> {
    let versions = state.store.alias_versions(id).await?;
    let living = versions.into_iter().find(|version| version.span.ended.is_none());
    living.ok_or_else(|| Problem::not_found("alias", id))
}

/// Why an alias would lead back to itself.
fn loops(book: &PriceBook, alias: &PriceAlias) -> Option<String> {
    if alias.alias == alias.target {
        return Some(format!("{:?} is the alias itself", alias.target.as_str()));
    }
    let mut path = vec![alias.target.clone()];
    while let Some(next) = path
        .last()
        .and_then(|name| stands_for(book, alias.upstream_id, name))
    {
        let next = next.clone();
        let back = next == alias.alias;
        path.push(next);
        if back {
            let path: Vec<&str> = path.iter().map(ModelName::as_str).collect();
            return Some(format!(
                "leads back to the alias: {} -> {}",
                alias.alias,
                path.join(" -> ")
            ));
        }
        if path.len() > STEPS {
            break;
        }
    }
    None
}

fn stands_for<'b>(
    book: &'b PriceBook,
    upstream_id: Option<UpstreamId>,
    name: &ModelName,
) -> Option<&'b ModelName> {
    let own = upstream_id.and_then(|id| book.alias_of(Some(id), name.as_str()));
    own.or_else(|| book.alias_of(None, name.as_str()))
}

pub(super) fn warnings(book: &PriceBook, alias: &PriceAlias) -> Vec<String> {
    let mut warnings = Vec::new();
    let priced = |name: &str| {
        let own = alias.upstream_id.and_then(|id| book.override_of(Some(id), name));
        own.is_some() || book.override_of(None, name).is_some() || book.synced_name(name).is_some()
    };
    let (name, target) = (alias.alias.as_str(), alias.target.as_str());
    if !priced(target) {
        let own = book.overrides().any(|price| price.name.as_str() == target);
        warnings.push(if own {
            format!("{target:?} has a price only at some upstreams; elsewhere the alias finds none")
        } else {
            format!("{target:?} has no price yet; until it has one, the alias finds none")
        });
        if stands_for(book, alias.upstream_id, &alias.target).is_some() {
            warnings.push(format!(
                "{target:?} is an alias itself; an alias of an alias is not followed, so name what it stands for"
            ));
        }
    }
    if priced(name) {
        warnings.push(format!(
            "{name:?} has a price of its own, which stands before what the alias leads to"
        ));
    }
    warnings
}

/// A conflict is said before a confirmation is asked for; that there is none is made sure of when it is stored.
async fn refuse_taken(state: &AdminState, steps: &[Step], alias: &PriceAlias) -> Result<(), Problem> {
    let aliases = state.store.aliases().await?;
    let same = |other: &&AliasVersion| {
        (&other.alias.alias, other.alias.upstream_id) == (&alias.alias, alias.upstream_id)
    };
    match (aliases.iter().find(same), steps) {
        (Some(other), [step, ..]) => Err(step.taken(other.alias.id.uuid())),
        _ => Ok(()),
    }
}
