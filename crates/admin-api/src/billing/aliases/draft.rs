//! An alias as asked for, before it is known to be valid; and how it is put in force.

use billing_core::PriceBook;
use tollgate_domain::ports::{AliasVersion, RuleBefore, RuleChange, RuleEdit, RuleSpan, RulesChanged};
use tollgate_domain::{Actor, AliasId, ModelName, PriceAlias, UpstreamId};

use super::json::{AliasChangedResponse, AliasResponse};
use crate::AdminState;
use crate::billing::effect::{Proposal, current_book, guard, rate_changes, upstreams};
use crate::field::FieldErrors;
use crate::problem::{Problem, ProblemType};

pub(super) const MODEL_MAX: usize = 256;
const NOTE_MAX: usize = 500;
/// Aliases are followed once when pricing; this many steps are enough to find a loop.
const STEPS: usize = 32;

/// What putting an alias in force came to.
pub(super) enum Put {
    /// It is in force.
    Done(Box<AliasChangedResponse>),
    /// Somebody else changed it meanwhile.
    Stale(i64),
    /// It is not in force any more.
    Missing,
}

/// Checks an alias and puts it in force, guard and conflicts permitting.
pub(super) async fn put(
    state: &AdminState,
    actor: &Actor,
    alias: PriceAlias,
    before: RuleBefore,
    confirmed: bool,
    mut errors: FieldErrors,
) -> Result<Put, Problem> {
    errors.text("alias", alias.alias.as_str(), MODEL_MAX);
    errors.text("target", alias.target.as_str(), MODEL_MAX);
    if let Some(note) = &alias.note {
        errors.text("note", note, NOTE_MAX);
    }
    let book = current_book(state).await;
    if let Some(fault) = loops(&book, &alias) {
        errors.push("target", fault);
    }
    errors.into_result().map_err(Problem::invalid)?;
    if before == RuleBefore::Nothing {
        refuse_taken(state, &alias).await?;
    }
    let now = state.clock.now();
    let after = (*book).clone().with_price_alias(alias.clone());
    let names = vec![alias.alias.clone()];
    let living = upstreams(state).await?;
    let concerned = living
        .values()
        .filter(|upstream| alias.upstream_id.is_none_or(|id| id == upstream.id));
    let everywhere = alias.upstream_id.is_none();
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
        names,
        upstream_id: alias.upstream_id,
        confirmed,
    };
    guard(state, proposal).await?;
    let edit = RuleEdit {
        actor: actor.clone(),
        at: now,
        note: None,
    };
    let change = RuleChange::PutAlias {
        alias: alias.clone(),
        before,
    };
    let version = match state.store.change_rules(vec![change], edit).await? {
        RulesChanged::Done(version) => version,
        RulesChanged::Stale { version, .. } => return Ok(Put::Stale(version.get())),
        RulesChanged::Missing { .. } => return Ok(Put::Missing),
        RulesChanged::Taken { by, .. } => return Err(taken(&alias, by)),
    };
    state.runtime.refresh().await;
    let warnings = warnings(&book, &alias);
    let upstream = alias.upstream_id.and_then(|id| living.get(&id));
    let span = RuleSpan {
        version,
        since: now,
        ended: None,
    };
    Ok(Put::Done(Box::new(AliasChangedResponse {
        alias: AliasResponse::of(AliasVersion { alias, span }, upstream),
        warnings,
    })))
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

fn warnings(book: &PriceBook, alias: &PriceAlias) -> Vec<String> {
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
async fn refuse_taken(state: &AdminState, alias: &PriceAlias) -> Result<(), Problem> {
    let aliases = state.store.aliases().await?;
    let same = |other: &&AliasVersion| {
        (&other.alias.alias, other.alias.upstream_id) == (&alias.alias, alias.upstream_id)
    };
    match aliases.iter().find(same) {
        Some(other) => Err(taken(alias, other.alias.id.uuid())),
        None => Ok(()),
    }
}

fn taken(alias: &PriceAlias, by: uuid::Uuid) -> Problem {
    let scope = match alias.upstream_id {
        Some(upstream) => format!("upstream {upstream}"),
        None => "all upstreams".to_owned(),
    };
    let detail = format!(
        "alias {by} is in force for {:?} at {scope}; change that one instead",
        alias.alias.as_str()
    );
    Problem::new(ProblemType::RuleExists, detail)
}
