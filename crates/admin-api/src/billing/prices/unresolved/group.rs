//! Unpriced attempts by the name that wants a price.

use std::collections::{BTreeMap, BTreeSet};

use billing_core::{PriceBook, PricingContext, resolve};
use tollgate_domain::ports::UnpricedGroup;
use tollgate_domain::{
    BillBy, BillingStatus, ModelName, ProviderName, ServiceTier, Timestamp, Upstream, UpstreamId,
};
use tollgate_ledger::rerate;

use crate::AdminState;
use crate::problem::Problem;

/// One name without a price, over all upstreams and tiers.
pub(super) struct Unresolved {
    pub(super) name: Option<ModelName>,
    pub(super) model_requested: Option<ModelName>,
    pub(super) attempts: u64,
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    pub(super) last_upstream: String,
    pub(super) last_upstream_id: UpstreamId,
    pub(super) last_provider: ProviderName,
    pub(super) upstreams: BTreeSet<UpstreamId>,
    pub(super) problem: Option<String>,
    /// The latest attempts of kinds that a card is found for by now: whether it prices them is still to be seen.
    doubtful: Vec<(Timestamp, UpstreamId)>,
    open: bool,
}

impl Unresolved {
    /// Whether everything of this name would have a price today.
    pub(super) fn resolved(&self) -> bool {
        !self.open
    }

    /// Its place in the list.
    pub(super) fn key(&self) -> &str {
        self.name.as_ref().map_or("", ModelName::as_str)
    }

    fn new(name: Option<ModelName>, group: &UnpricedGroup) -> Self {
        Self {
            name,
            model_requested: group.model_requested.clone(),
            attempts: 0,
            input_tokens: 0,
            output_tokens: 0,
            first_seen: group.first_seen,
            last_seen: group.last_seen,
            last_upstream: group.upstream_name.clone(),
            last_upstream_id: group.upstream_id,
            last_provider: group.provider.clone(),
            upstreams: BTreeSet::new(),
            problem: None,
            doubtful: Vec::new(),
            open: false,
        }
    }

    fn add(&mut self, group: &UnpricedGroup, problem: Option<String>) {
        self.attempts = self.attempts.saturating_add(group.attempts);
        self.input_tokens = self.input_tokens.saturating_add(group.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(group.output_tokens);
        self.first_seen = self.first_seen.min(group.first_seen);
        self.upstreams.insert(group.upstream_id);
        if group.last_seen >= self.last_seen {
            self.last_seen = group.last_seen;
            self.last_upstream.clone_from(&group.upstream_name);
            self.last_upstream_id = group.upstream_id;
            self.last_provider = group.provider.clone();
        }
        match problem {
            Some(problem) => {
                self.open = true;
                self.problem.get_or_insert(problem);
            }
            None => self.doubtful.push((group.last_seen, group.upstream_id)),
        }
    }
}

/// Gathers groups, the most frequent first, by the name that wants a price.
pub(super) fn by_model(
    book: &PriceBook,
    upstreams: &BTreeMap<UpstreamId, Upstream>,
    groups: Vec<UnpricedGroup>,
) -> Vec<Unresolved> {
    let mut models: BTreeMap<Option<ModelName>, Unresolved> = BTreeMap::new();
    for group in groups {
        let upstream = upstreams.get(&group.upstream_id);
        let bill_by = upstream.map_or(BillBy::Served, |upstream| upstream.bill_by);
        let served = group.model_served.as_ref().filter(|_| bill_by == BillBy::Served);
        let name = served
            .or(group.model_sent.as_ref())
            .or(group.model_requested.as_ref());
        let problem = problem(book, upstream, bill_by, &group);
        let model = models.entry(name.cloned());
        model
            .or_insert_with(|| Unresolved::new(name.cloned(), &group))
            .add(&group, problem);
    }
    models.into_values().collect()
}

/// Why no card prices a group today.
fn problem(
    book: &PriceBook,
    upstream: Option<&Upstream>,
    bill_by: BillBy,
    group: &UnpricedGroup,
) -> Option<String> {
    let tier = group.tier_served.as_deref().or(group.tier_requested.as_deref());
    let tier = ServiceTier::from_name(tier.unwrap_or_default());
    let context = PricingContext {
        upstream_id: group.upstream_id,
        provider: &group.provider,
        model_served: group.model_served.as_ref(),
        model_sent: group.model_sent.as_ref().or(group.model_requested.as_ref()),
        bill_by,
        tier: &tier,
        context_tokens: 0,
        at: group.last_seen,
        format: None,
        modifiers: &[],
        upstream_modifiers: upstream.map_or(&[][..], |upstream| upstream.price_modifiers.as_slice()),
    };
    resolve(book, &context)
        .err()
        .map(|unresolved| unresolved.to_string())
}

/// A card may be there and still lack a rate that was counted: the latest attempt of each such kind is priced again.
pub(super) async fn check_resolved(
    state: &AdminState,
    book: &PriceBook,
    models: &mut [Unresolved],
) -> Result<(), Problem> {
    let instants: BTreeSet<Timestamp> = models
        .iter()
        .flat_map(|model| model.doubtful.iter().map(|(at, _)| *at))
        .collect();
    if instants.is_empty() {
        return Ok(());
    }
    let samples = state.store.unpriced_at(instants.into_iter().collect()).await?;
    let mut problems: BTreeMap<(Timestamp, UpstreamId), String> = BTreeMap::new();
    for sample in samples {
        let entry = sample.journaled.entry;
        let rerated = rerate(&entry, book);
        if rerated.verdict.status() == BillingStatus::Unbilled {
            let detail = rerated
                .detail
                .unwrap_or_else(|| "it still has no price".to_owned());
            let place = (entry.attempt.occurred_at, entry.attempt.upstream.id);
            problems.insert(place, detail);
        }
    }
    for model in models {
        let open = model.doubtful.iter().find_map(|place| problems.get(place));
        if let Some(detail) = open {
            model.open = true;
            model.problem.get_or_insert_with(|| detail.clone());
        }
    }
    Ok(())
}
