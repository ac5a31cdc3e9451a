//! Past traffic priced with two books.

use std::collections::{BTreeMap, BTreeSet};

use billing_core::PriceBook;
use tollgate_domain::ports::{RecordedEntry, TrafficFilter, TrafficStore};
use tollgate_domain::{
    Amounts, BillingStatus, LedgerEntry, ModelName, NameForm, PriceAlias, PriceOverride, PriceRule, Pricing,
    RequestId, Timestamp, UpstreamId, Usd,
};
use tollgate_ledger::{Rerated, rerate};

use super::Proposal;
use super::json::{Backdated, TrafficEffect, TrafficGroup};
use crate::AdminState;
use crate::problem::Problem;

/// Entries a page.
const PAGE: u16 = 1_000;
/// Entries looked at for one question: a second or two of work.
const MOST: usize = 100_000;
/// Groups shown.
const GROUPS: usize = 100;

/// Attempts of a page, each with its latest revision and the sum of all of them.
struct Attempts {
    pending: Option<Attempt>,
    seen: usize,
}

struct Attempt {
    latest: LedgerEntry,
    amounts: Option<Amounts>,
}

/// How much of a range was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Walked {
    /// Ledger entries read.
    entries: usize,
    /// Where it stopped, if that was before the end.
    cut_at: Option<Timestamp>,
}

/// A rule that is held to be right since some past instant.
#[derive(Debug, Clone, Copy)]
pub(in crate::billing) enum Claim<'a> {
    /// An override.
    Override(&'a PriceOverride),
    /// An alias.
    Alias(&'a PriceAlias),
    /// An upstream's multipliers.
    Multipliers(UpstreamId),
}

/// What a proposal does to the traffic of a range.
pub(super) async fn effect(
    store: &(impl TrafficStore + ?Sized),
    proposal: &Proposal<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<TrafficEffect, Problem> {
    let mut sums: BTreeMap<(Option<ModelName>, UpstreamId), Sum> = BTreeMap::new();
    let filter = TrafficFilter {
        from,
        until,
        upstream_id: proposal.upstream_id,
        models: proposal.names.clone(),
    };
    let walked = walk(store, filter, |attempt| {
        let entry = &attempt.latest;
        let (before, after) = (rerate(entry, proposal.before), rerate(entry, proposal.after));
        if before.amounts == after.amounts && before.verdict == after.verdict {
            return Ok(());
        }
        let model = entry
            .outcome
            .model_served
            .as_ref()
            .or(entry.attempt.model_sent.as_ref());
        let upstream = &entry.attempt.upstream;
        sums.entry((model.cloned(), upstream.id))
            .or_default()
            .add(entry, &before, &after)
    })
    .await?;
    total(sums, (from, until), walked)
}

/// How many entries since an instant a rule would have priced otherwise than the ledger has them.
pub(in crate::billing) async fn backdated(
    state: &AdminState,
    after: &PriceBook,
    claim: Claim<'_>,
    names: Vec<ModelName>,
    effective_from: Timestamp,
) -> Result<Backdated, Problem> {
    let mut entries = 0;
    let filter = TrafficFilter {
        from: effective_from,
        until: state.clock.now(),
        upstream_id: claim.upstream_id(),
        models: names,
    };
    let walked = walk(&*state.store, filter, |attempt| {
        let rerated = rerate(&attempt.latest, after);
        let pricing = rerated.charge.as_ref().map(|charge| &charge.pricing);
        let decides = pricing.is_some_and(|pricing| claim.decides(&attempt.latest, pricing, after));
        if decides && rerated.amounts != attempt.amounts {
            entries += 1;
        }
        Ok(())
    })
    .await?;
    Ok(Backdated {
        effective_from,
        entries,
        complete: walked.cut_at.is_none(),
        read_until: walked.cut_at,
    })
}

impl Claim<'_> {
    const fn upstream_id(&self) -> Option<UpstreamId> {
        match self {
            Self::Override(price) => price.upstream_id,
            Self::Alias(alias) => alias.upstream_id,
            Self::Multipliers(upstream_id) => Some(*upstream_id),
        }
    }

    /// Whether it has a part in what an entry would cost.
    fn decides(&self, entry: &LedgerEntry, pricing: &Pricing, after: &PriceBook) -> bool {
        let of_override = |upstream_id: Option<UpstreamId>| match upstream_id {
            Some(_) => PriceRule::UpstreamOverride,
            None => PriceRule::GlobalOverride,
        };
        match self {
            Self::Override(price) => {
                (pricing.rule, &pricing.priced_as) == (of_override(price.upstream_id), &price.model)
            }
            Self::Alias(alias) => (pricing.name_form, &pricing.priced_as) == (NameForm::Alias, &alias.target),
            Self::Multipliers(upstream_id) => {
                let multiplied = match pricing.rule {
                    PriceRule::UpstreamOverride => {
                        after.override_of(Some(*upstream_id), pricing.priced_as.as_str())
                    }
                    PriceRule::GlobalOverride => after.override_of(None, pricing.priced_as.as_str()),
                    _ => None,
                };
                let as_recorded = entry.pricing.as_ref().is_some_and(|recorded| {
                    (recorded.input_multiplier, recorded.output_multiplier)
                        == (pricing.input_multiplier, pricing.output_multiplier)
                });
                multiplied.is_none_or(|price| price.multiplied) && !as_recorded
            }
        }
    }
}

/// Shows every matching attempt to `look`, oldest first, until too many entries were read.
async fn walk(
    store: &(impl TrafficStore + ?Sized),
    filter: TrafficFilter,
    mut look: impl FnMut(&Attempt) -> Result<(), Problem> + Send,
) -> Result<Walked, Problem> {
    let mut attempts = Attempts {
        pending: None,
        seen: 0,
    };
    let mut after = None;
    loop {
        let page = store.traffic(filter.clone(), after, PAGE).await?;
        let last = page.last().map(|entry| &entry.journaled.entry);
        after = last.map(|entry| (entry.attempt.event_id, entry.revision));
        let full = page.len() >= usize::from(PAGE);
        for recorded in page {
            if let Some(attempt) = attempts.push(recorded)? {
                look(&attempt)?;
            }
        }
        if full && attempts.seen < MOST {
            continue;
        }
        let last = attempts.pending.take();
        if let Some(attempt) = &last {
            look(attempt)?;
        }
        let more = full && !store.traffic(filter, after, 1).await?.is_empty();
        return Ok(Walked {
            entries: attempts.seen,
            cut_at: last
                .filter(|_| more)
                .map(|attempt| attempt.latest.attempt.occurred_at),
        });
    }
}

impl Attempts {
    /// Takes the next revision; gives the attempt before it once that is whole.
    fn push(&mut self, recorded: RecordedEntry) -> Result<Option<Attempt>, Problem> {
        self.seen += 1;
        let latest = recorded.journaled.entry;
        let same = |attempt: &Attempt| attempt.latest.attempt.event_id == latest.attempt.event_id;
        let before = self.pending.take();
        let (amounts, done) = match before {
            Some(attempt) if same(&attempt) => (added(attempt.amounts, latest.amounts)?, None),
            other => (latest.amounts, other),
        };
        self.pending = Some(Attempt { latest, amounts });
        Ok(done)
    }
}

fn added(sum: Option<Amounts>, more: Option<Amounts>) -> Result<Option<Amounts>, Problem> {
    Ok(match (sum, more) {
        (Some(sum), Some(more)) => Some(Amounts {
            list_cost: sum.list_cost.checked_add(more.list_cost)?,
            cost: sum.cost.checked_add(more.cost)?,
            charge: sum.charge.checked_add(more.charge)?,
        }),
        (sum, more) => sum.or(more),
    })
}

/// Sums of one model and upstream.
#[derive(Default)]
struct Sum {
    upstream_name: String,
    requests: BTreeSet<RequestId>,
    attempts: u64,
    input_tokens: u64,
    output_tokens: u64,
    cost_before: Usd,
    cost_after: Usd,
    unbilled_before: u64,
    unbilled_after: u64,
}

impl Sum {
    fn add(&mut self, entry: &LedgerEntry, before: &Rerated, after: &Rerated) -> Result<(), Problem> {
        let cost = |rerated: &Rerated| rerated.amounts.map_or(Usd::ZERO, |amounts| amounts.cost);
        let unbilled = |rerated: &Rerated| u64::from(rerated.verdict.status() == BillingStatus::Unbilled);
        let tokens = entry.token_totals().unwrap_or_default();
        self.upstream_name = entry.attempt.upstream.name.to_string();
        self.requests.insert(entry.attempt.request_id);
        self.attempts += 1;
        self.input_tokens = self.input_tokens.saturating_add(tokens.input);
        self.output_tokens = self.output_tokens.saturating_add(tokens.output);
        self.cost_before = self.cost_before.checked_add(cost(before))?;
        self.cost_after = self.cost_after.checked_add(cost(after))?;
        self.unbilled_before += unbilled(before);
        self.unbilled_after += unbilled(after);
        Ok(())
    }
}

fn total(
    sums: BTreeMap<(Option<ModelName>, UpstreamId), Sum>,
    (from, until): (Timestamp, Timestamp),
    walked: Walked,
) -> Result<TrafficEffect, Problem> {
    let requests: BTreeSet<&RequestId> = sums.values().flat_map(|sum| &sum.requests).collect();
    let mut whole = TrafficEffect {
        from,
        until,
        complete: walked.cut_at.is_none(),
        entries_read: count(walked.entries),
        read_until: walked.cut_at,
        requests: count(requests.len()),
        attempts: 0,
        input_tokens: 0,
        output_tokens: 0,
        cost_before: Usd::ZERO,
        cost_after: Usd::ZERO,
        unbilled_before: 0,
        unbilled_after: 0,
        groups: Vec::new(),
    };
    for ((model, upstream_id), sum) in sums {
        whole.attempts += sum.attempts;
        whole.input_tokens = whole.input_tokens.saturating_add(sum.input_tokens);
        whole.output_tokens = whole.output_tokens.saturating_add(sum.output_tokens);
        whole.cost_before = whole.cost_before.checked_add(sum.cost_before)?;
        whole.cost_after = whole.cost_after.checked_add(sum.cost_after)?;
        whole.unbilled_before += sum.unbilled_before;
        whole.unbilled_after += sum.unbilled_after;
        whole.groups.push(TrafficGroup {
            model,
            upstream_id,
            upstream_name: sum.upstream_name,
            requests: count(sum.requests.len()),
            attempts: sum.attempts,
            input_tokens: sum.input_tokens,
            output_tokens: sum.output_tokens,
            cost_before: sum.cost_before,
            cost_after: sum.cost_after,
            unbilled_before: sum.unbilled_before,
            unbilled_after: sum.unbilled_after,
        });
    }
    let moved = |group: &TrafficGroup| group.cost_after.pico().abs_diff(group.cost_before.pico());
    whole
        .groups
        .sort_by_key(|group| std::cmp::Reverse((moved(group), group.attempts)));
    whole.groups.truncate(GROUPS);
    Ok(whole)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
