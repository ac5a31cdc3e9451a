//! Recent traffic, and what it would cost by other prices.

use std::collections::{BTreeMap, BTreeSet};

use billing_core::{PriceBook, PricingContext, resolve};
use tollgate_domain::ports::{ModelChange, ModelMeans};
use tollgate_domain::{
    AttentionValues, BillBy, ModelName, PriceRule, ProviderName, ServiceTier, UpstreamId, Usd,
};

use super::{Asked, Estimate, Estimator, Rounding, times};

/// What went to a model at an upstream over the days of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traffic {
    upstream_id: UpstreamId,
    provider: ProviderName,
    model: String,
    values: AttentionValues,
}

/// What is at stake with one price that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::billing) struct Stake {
    /// Attempts and tokens of the recent traffic that the price is for.
    pub(in crate::billing) values: AttentionValues,
    /// By how much its bill would change.
    pub(in crate::billing) estimate: Estimate,
}

/// Traffic at upstreams that were never configured here has no price that could be asked for.
pub(super) fn of_means(means: &[ModelMeans]) -> Vec<Traffic> {
    let known = means.iter().filter_map(|means| {
        let sum = &means.values;
        Some(Traffic {
            upstream_id: means.upstream_id,
            provider: means.provider.clone()?,
            model: means.model.clone(),
            values: AttentionValues {
                count: sum.attempts.saturating_sub(sum.no_charge),
                input_tokens: sum.input_tokens,
                cache_read_tokens: sum.cache_read_tokens,
                cache_write_tokens: sum.cache_write_tokens,
                output_tokens: sum.output_tokens,
                reasoning_tokens: sum.reasoning_tokens,
                ..AttentionValues::default()
            },
        })
    });
    known.collect()
}

impl Estimator<'_> {
    /// The catalog names that price recent traffic.
    pub(in crate::billing) fn names_in_use(&self) -> BTreeSet<ModelName> {
        let traffic = self.market.traffic.iter();
        traffic.filter_map(|traffic| self.priced_as(traffic)).collect()
    }

    /// By how much the bill of traffic like that of the last 30 days would change with prices that wait: by model, those
    /// that none of it is priced by left out. At the mean usage of each model and upstream.
    pub(in crate::billing) fn stakes(&self, changes: &[ModelChange]) -> BTreeMap<ModelName, Stake> {
        let mut after = PriceBook::clone(&self.market.book);
        for change in changes {
            if let Some((model, card)) = change.after.clone() {
                after = after.with_synced(model, card);
            }
        }
        let mut stakes: BTreeMap<ModelName, (AttentionValues, Option<Usd>)> = BTreeMap::new();
        for traffic in &self.market.traffic {
            let Some(name) = self.priced_as(traffic) else {
                continue;
            };
            if !changes.iter().any(|change| change.model == name) {
                continue;
            }
            let difference = self.difference(traffic, &after);
            let (values, sum) = stakes
                .entry(name)
                .or_insert((AttentionValues::default(), Some(Usd::ZERO)));
            *values = values.checked_add(traffic.values).unwrap_or(*values);
            *sum = sum
                .zip(difference)
                .and_then(|(sum, more)| sum.checked_add(more).ok());
        }
        let stakes = stakes.into_iter().map(|(name, (values, difference))| {
            let amount = difference.and_then(|difference| difference.pico().checked_abs());
            let estimate = match amount.map(Usd::from_pico) {
                Some(amount) => Estimate::known(amount, amount, "recent_traffic"),
                None => Estimate::unknown("no_comparable_price"),
            };
            (name, Stake { values, estimate })
        });
        stakes.collect()
    }

    /// By how much a model's traffic costs more by another book; `None` where one of the two does not price it.
    fn difference(&self, traffic: &Traffic, after: &PriceBook) -> Option<Usd> {
        let asked = Asked {
            upstream_id: traffic.upstream_id,
            provider: &traffic.provider,
            values: &traffic.values,
        };
        let before = self.cost(&asked, &traffic.model, Rounding::Down)?;
        let after = self.cost_by(after, &asked, &traffic.model, Rounding::Down)?;
        times(after.checked_sub(before).ok()?, traffic.values.count)
    }

    /// The catalog name that prices it, where no rule of the operator's own does.
    fn priced_as(&self, traffic: &Traffic) -> Option<ModelName> {
        let name = ModelName::new(traffic.model.as_str());
        let context = PricingContext {
            upstream_id: traffic.upstream_id,
            provider: &traffic.provider,
            model_served: None,
            model_sent: Some(&name),
            bill_by: BillBy::Sent,
            tier: &ServiceTier::Standard,
            context_tokens: 0,
            at: self.market.at,
            format: None,
            modifiers: &[],
            upstream_modifiers: &[],
        };
        let resolved = resolve(&self.market.book, &context).ok()?;
        (resolved.rule == PriceRule::SyncedCard).then(|| resolved.priced_as.clone())
    }
}
