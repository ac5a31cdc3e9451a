//! What a change of prices does, and the guard that asks for a confirmation.

mod changes;
mod examples;
mod json;
mod traffic;

use std::collections::BTreeMap;

use billing_core::PriceBook;
use tollgate_domain::{ModelName, Timestamp, Upstream, UpstreamId};

pub(super) use changes::{multiplier_changes, rate_changes};
pub(crate) use json::EffectResponse;
pub(super) use json::{Backdated, GuardedChange};
pub(super) use traffic::{Claim, backdated};

use crate::AdminState;
use crate::problem::Problem;

/// How far back the guard looks at traffic.
const DAYS: i64 = 7;
/// More names than this are looked for as any name: a statement binds so many values and no more.
const NAMES: usize = 5_000;

/// A change of prices that is about to be made.
pub(super) struct Proposal<'a> {
    /// The book in force.
    pub(super) before: &'a PriceBook,
    /// The book after the change.
    pub(super) after: &'a PriceBook,
    /// The names whose price may change; empty means any.
    pub(super) names: Vec<ModelName>,
    /// The only upstream it concerns.
    pub(super) upstream_id: Option<UpstreamId>,
    /// What changes by more than the guard allows.
    pub(super) breaches: Vec<GuardedChange>,
}

impl Proposal<'_> {
    /// Names to look for in traffic.
    pub(super) fn names_of(mut names: Vec<ModelName>) -> Vec<ModelName> {
        names.sort_unstable();
        names.dedup();
        if names.len() > NAMES {
            names.clear();
        }
        names
    }
}

/// What a change does that does not stay within the guard, on the traffic of the last days; `None` where it does.
pub(super) async fn effect_of(
    state: &AdminState,
    proposal: Proposal<'_>,
) -> Result<Option<EffectResponse>, Problem> {
    if proposal.breaches.is_empty() {
        return Ok(None);
    }
    let until = state.clock.now();
    let from = until - chrono::TimeDelta::days(DAYS);
    let traffic = traffic::effect(&*state.store, &proposal, from, until).await?;
    Ok(Some(EffectResponse::new(proposal.breaches, traffic)))
}

/// What taking models out of the catalog would do to traffic like that of the last `days`; `None` where none of it is
/// priced by them.
pub(crate) async fn effect_of_removal(
    state: &AdminState,
    models: &[ModelName],
    days: i64,
) -> Result<Option<EffectResponse>, Problem> {
    let book = current_book(state).await;
    let after = (*book).clone().without_synced(models);
    let names = models.iter().flat_map(|model| names_leading_to(&book, model));
    let names = Proposal::names_of(names.collect());
    let proposal = Proposal {
        before: &book,
        after: &after,
        names,
        upstream_id: None,
        breaches: Vec::new(),
    };
    let until = state.clock.now();
    let from = until - chrono::TimeDelta::days(days);
    let traffic = traffic::effect(&*state.store, &proposal, from, until).await?;
    Ok(EffectResponse::of_removal(traffic))
}

/// The book in force, as fresh as the database knows it.
pub(super) async fn current_book(state: &AdminState) -> std::sync::Arc<PriceBook> {
    state.runtime.refresh().await;
    state.prices.book()
}

/// Names under which traffic may be priced by a rule for `model`: as it is, and without the prefixes a provider puts
/// before it.
pub(super) fn names_of(model: &ModelName) -> Vec<ModelName> {
    let mut names = vec![model.clone()];
    let mut rest = model.as_str();
    while let Some((_, shorter)) = rest.split_once('/') {
        rest = shorter;
        if !rest.is_empty() {
            names.push(ModelName::new(rest));
        }
    }
    names
}

/// The same, with every alias that leads to the model.
pub(super) fn names_leading_to(book: &PriceBook, model: &ModelName) -> Vec<ModelName> {
    let mut names = names_of(model);
    names.extend(
        book.aliases()
            .filter(|alias| alias.target == model)
            .map(|alias| alias.alias.clone()),
    );
    names.sort_unstable();
    names.dedup();
    names
}

/// The living upstreams, by id.
pub(super) async fn upstreams(state: &AdminState) -> Result<BTreeMap<UpstreamId, Upstream>, Problem> {
    let upstreams = state.store.upstreams().await?;
    Ok(upstreams
        .into_iter()
        .map(|upstream| (upstream.id, upstream))
        .collect())
}

/// A past instant from which a rule is held to be right. The future is refused: a rule applies when it is made.
pub(super) fn checked_effective_from(at: Timestamp, now: Timestamp) -> Result<Timestamp, String> {
    const DAYS_BACK: i64 = 400;
    let shown = |at: Timestamp| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    if at > now {
        return Err(format!(
            "{} lies in the future; a price applies from the moment it is made, so make it then",
            shown(at)
        ));
    }
    let earliest = now - chrono::TimeDelta::days(DAYS_BACK);
    if at < earliest {
        return Err(format!("{} is more than {DAYS_BACK} days ago", shown(at)));
    }
    Ok(at)
}
