//! What attempts without a known cost may have cost.
//!
//! A guess is never part of a sum, and what there is nothing to guess from stays unknown: with a reason, never zero.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use billing_core::{PriceBook, PricingContext, Suggester, price};
use serde::Serialize;
use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{
    AttentionValues, BillBy, Meter, ModelName, ProviderName, ServiceTier, Timestamp, Upstream, UpstreamId,
    Usage, Usd,
};
use utoipa::ToSchema;

use super::effect::upstreams;
use crate::AdminState;
use crate::problem::Problem;
use crate::schema::{EstimateBasisSchema, EstimateReasonSchema, UsdSchema};

mod comparable;
mod names;
mod past;
mod traffic;

pub use names::BookNames;
use names::Names;
pub use past::PastMeans;
use traffic::Traffic;

/// How far back comparable traffic is looked for.
const DAYS: i64 = 30;
/// Near misses looked at.
const SUGGESTIONS: usize = 5;
/// Other models priced for a comparison.
const MODELS: usize = 50;

/// What attempts may have cost, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CostEstimate, examples(json!({"cost_low": "0.0012", "cost_high": "0.0034", "basis": "suggestions", "reason": null})))]
pub(super) struct Estimate {
    /// What it may have cost at least; null when there is nothing to guess from.
    #[schema(value_type = Option<UsdSchema>)]
    pub(super) cost_low: Option<Usd>,
    /// What it may have cost at most; null when there is nothing to guess from.
    #[schema(value_type = Option<UsdSchema>)]
    pub(super) cost_high: Option<Usd>,
    /// What the guess rests on; null when there is none.
    #[schema(value_type = Option<EstimateBasisSchema>)]
    pub(super) basis: Option<&'static str>,
    /// Why there is no guess; null when there is one.
    #[schema(value_type = Option<EstimateReasonSchema>)]
    pub(super) reason: Option<&'static str>,
}

/// What unbilled attempts may have cost together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(examples(json!({"cost_low": "0.0012", "cost_high": "0.0034", "unknown_attempts": 1, "reason": "usage_unknown"})))]
pub(super) struct UnbilledEstimate {
    /// What those with a guess may have cost at least; null when none has one, "0" when nothing is unbilled.
    #[schema(value_type = Option<UsdSchema>)]
    cost_low: Option<Usd>,
    /// What those with a guess may have cost at most; null when none has one, "0" when nothing is unbilled.
    #[schema(value_type = Option<UsdSchema>)]
    cost_high: Option<Usd>,
    /// How many attempts are in neither, for there is nothing to guess from.
    unknown_attempts: i64,
    /// Why not, of most of them; null when there are none.
    #[schema(value_type = Option<EstimateReasonSchema>)]
    reason: Option<&'static str>,
    #[serde(skip)]
    known_attempts: i64,
}

/// What estimates rest on.
pub(super) struct Market {
    book: Arc<PriceBook>,
    at: Timestamp,
    upstreams: BTreeMap<UpstreamId, Upstream>,
    /// What a billed attempt cost on average, on the cheapest and on the dearest day.
    per_attempt: BTreeMap<(UpstreamId, String), Option<(Usd, Usd)>>,
    traffic: Vec<Traffic>,
    names: BookNames,
}

/// Guesses by the prices in force.
pub(super) struct Estimator<'m> {
    market: &'m Market,
    names: OnceLock<Arc<Names>>,
}

impl Market {
    /// What the last 30 days tell.
    pub(super) async fn read(state: &AdminState) -> Result<Self, Problem> {
        let (means, upstreams) = tokio::try_join!(past::recent(state), upstreams(state))?;
        Ok(Self {
            upstreams,
            traffic: traffic::of_means(&means),
            per_attempt: means
                .into_iter()
                .map(|means| ((means.upstream_id, means.model), means.range))
                .collect(),
            ..Self::bare(state)
        })
    }

    /// Prices and nothing else.
    pub(super) fn bare(state: &AdminState) -> Self {
        Self {
            book: state.prices.book(),
            at: state.clock.now(),
            upstreams: BTreeMap::new(),
            per_attempt: BTreeMap::new(),
            traffic: Vec::new(),
            names: state.book_names.clone(),
        }
    }

    /// The upstreams there are; none where only prices were read.
    pub(super) fn upstreams(&self) -> impl Iterator<Item = &Upstream> {
        self.upstreams.values()
    }
}

impl<'m> Estimator<'m> {
    /// On what a market tells.
    pub(super) fn new(market: &'m Market) -> Self {
        Self {
            market,
            names: OnceLock::new(),
        }
    }

    /// What attempts without a price may have cost: by the price their model has by now, else by the near misses of
    /// its name, else by the cheapest and dearest model of its family, else by those served at the same upstream. All
    /// at their mean usage. Without usage: by the days on which an attempt there cost the least and the most.
    pub(super) fn estimate(&self, row: &AttentionRow) -> Estimate {
        let count = row.values.count;
        let Some(upstream_id) = row.subject.upstream_id else {
            return Estimate::unknown("not_recorded");
        };
        if row.values.input_tokens == 0 && row.values.output_tokens == 0 {
            return self.by_similar_attempts(upstream_id, row);
        }
        let Some(model) = row.subject.model() else {
            return self.by_upstream_models(upstream_id, row);
        };
        let provider = ProviderName::new(row.provider.clone().unwrap_or_default());
        let asked = Asked {
            upstream_id,
            provider: &provider,
            values: &row.values,
        };
        let own = [
            row.subject.model_served.as_deref(),
            row.subject.model_sent.as_deref(),
        ];
        if let Some(estimate) =
            self.by_names(&asked, own.into_iter().flatten().take(1), count, "current_price")
        {
            return estimate;
        }
        let name = ModelName::new(model);
        let near = self
            .suggester()
            .suggest(upstream_id, &provider, &name, SUGGESTIONS);
        let near = near.iter().map(|suggestion| suggestion.target.name.as_str());
        if let Some(estimate) = self.by_names(&asked, near, count, "suggestions") {
            return estimate;
        }
        let family = self.names().families.of(&provider, model).iter();
        let family = family.map(ModelName::as_str).take(MODELS);
        self.by_names(&asked, family, count, "model_family")
            .unwrap_or_else(|| self.by_upstream_models(upstream_id, row))
    }

    /// The nearest name that has a price.
    pub(super) fn nearest(&self, row: &AttentionRow) -> Option<String> {
        let provider = ProviderName::new(row.provider.clone()?);
        let name = ModelName::new(row.subject.model()?);
        let near = self
            .suggester()
            .suggest(row.subject.upstream_id?, &provider, &name, 1);
        near.first()
            .map(|suggestion| suggestion.target.name.as_str().to_owned())
    }

    /// By how much the bill of attempts changes with the name it is made out by.
    pub(super) fn between_names(&self, row: &AttentionRow) -> Option<Estimate> {
        let (sent, served) = (
            row.subject.model_sent.as_deref()?,
            row.subject.model_served.as_deref()?,
        );
        let provider = ProviderName::new(row.provider.clone()?);
        let asked = Asked {
            upstream_id: row.subject.upstream_id?,
            provider: &provider,
            values: &row.values,
        };
        let cost = |name| self.cost(&asked, name, Rounding::Down);
        let (sent, served) = (cost(sent)?, cost(served)?);
        let difference = times(sent.checked_sub(served).ok()?, row.values.count)?;
        let difference = Usd::from_pico(difference.pico().checked_abs()?);
        Some(Estimate::known(difference, difference, "known"))
    }

    fn by_names<'n>(
        &self,
        asked: &Asked<'_>,
        names: impl Iterator<Item = &'n str>,
        count: i64,
        basis: &'static str,
    ) -> Option<Estimate> {
        let (mut low, mut dearest) = (None::<Usd>, None::<(Usd, &str)>);
        for name in names {
            if let Some(cost) = self.cost(asked, name, Rounding::Down) {
                low = Some(low.map_or(cost, |low| low.min(cost)));
                dearest = dearest.max(Some((cost, name)));
            }
        }
        let (_, dearest) = dearest?;
        let high = self.cost(asked, dearest, Rounding::Up);
        Some(Estimate::known(times(low?, count)?, times(high?, count)?, basis))
    }

    fn by_upstream_models(&self, upstream_id: UpstreamId, row: &AttentionRow) -> Estimate {
        let provider = ProviderName::new(row.provider.clone().unwrap_or_default());
        let asked = Asked {
            upstream_id,
            provider: &provider,
            values: &row.values,
        };
        let there = self.market.per_attempt.range((upstream_id, String::new())..);
        let there = there
            .map_while(|((upstream, model), _)| (*upstream == upstream_id).then_some(model.as_str()))
            .take(MODELS);
        self.by_names(&asked, there, row.values.count, "upstream_models")
            .unwrap_or_else(|| Estimate::unknown("no_comparable_price"))
    }

    fn by_similar_attempts(&self, upstream_id: UpstreamId, row: &AttentionRow) -> Estimate {
        let model = row.subject.model().unwrap_or_default().to_owned();
        let similar = self
            .market
            .per_attempt
            .get(&(upstream_id, model))
            .and_then(|similar| {
                let (low, high) = (*similar)?;
                times(low, row.values.count).zip(times(high, row.values.count))
            });
        similar.map_or(Estimate::unknown("usage_unknown"), |(low, high)| {
            Estimate::known(low, high, "similar_attempts")
        })
    }

    /// What the mean attempt costs under a name.
    fn cost(&self, asked: &Asked<'_>, name: &str, rounding: Rounding) -> Option<Usd> {
        self.cost_by(&self.market.book, asked, name, rounding)
    }

    /// The same by another book.
    fn cost_by(&self, book: &PriceBook, asked: &Asked<'_>, name: &str, rounding: Rounding) -> Option<Usd> {
        let usage = mean_usage(asked.values, rounding)?;
        let name = ModelName::new(name);
        let upstream = self.market.upstreams.get(&asked.upstream_id);
        let context = PricingContext {
            upstream_id: asked.upstream_id,
            provider: asked.provider,
            model_served: None,
            model_sent: Some(&name),
            bill_by: BillBy::Sent,
            tier: &ServiceTier::Standard,
            context_tokens: usage.context_tokens(),
            at: self.market.at,
            format: None,
            modifiers: &[],
            upstream_modifiers: upstream.map_or(&[][..], |upstream| upstream.price_modifiers.as_slice()),
        };
        let charge = price(book, &context, &usage).ok()?;
        Some(charge.amounts.cost)
    }

    fn suggester(&self) -> Suggester<'m> {
        Suggester::with_names(&self.market.book, Arc::clone(&self.names().near))
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| self.market.names.of(&self.market.book))
    }
}

/// Whose price is asked for.
struct Asked<'a> {
    upstream_id: UpstreamId,
    provider: &'a ProviderName,
    values: &'a AttentionValues,
}

#[derive(Clone, Copy)]
enum Rounding {
    Down,
    Up,
}

/// What one attempt used on average.
fn mean_usage(values: &AttentionValues, rounding: Rounding) -> Option<Usage> {
    let count = values.count.max(1);
    let mean = |tokens: i64| {
        let up = match rounding {
            Rounding::Down => 0,
            Rounding::Up => count - 1,
        };
        u64::try_from(tokens.max(0).saturating_add(up) / count).unwrap_or(0)
    };
    let cached = values.cache_read_tokens.saturating_add(values.cache_write_tokens);
    let meters = [
        (Meter::Input, values.input_tokens.saturating_sub(cached)),
        (Meter::CacheRead, values.cache_read_tokens),
        (Meter::CacheWrite5m, values.cache_write_tokens),
        (
            Meter::Output,
            values.output_tokens.saturating_sub(values.reasoning_tokens),
        ),
        (Meter::Reasoning, values.reasoning_tokens),
    ];
    meters
        .into_iter()
        .try_fold(Usage::new(), |usage, (meter, tokens)| {
            usage.with(meter, mean(tokens))
        })
        .ok()
}

fn times(amount: Usd, count: i64) -> Option<Usd> {
    amount.pico().checked_mul(i128::from(count)).map(Usd::from_pico)
}

// === impl Estimate, UnbilledEstimate ===

impl Estimate {
    /// A guess, or what is known.
    pub(super) const fn known(low: Usd, high: Usd, basis: &'static str) -> Self {
        Self {
            cost_low: Some(low),
            cost_high: Some(high),
            basis: Some(basis),
            reason: None,
        }
    }

    /// No guess.
    pub(super) const fn unknown(reason: &'static str) -> Self {
        Self {
            cost_low: None,
            cost_high: None,
            basis: None,
            reason: Some(reason),
        }
    }
}

impl Default for UnbilledEstimate {
    fn default() -> Self {
        Self {
            cost_low: Some(Usd::ZERO),
            cost_high: Some(Usd::ZERO),
            unknown_attempts: 0,
            reason: None,
            known_attempts: 0,
        }
    }
}

impl UnbilledEstimate {
    /// Over all groups.
    pub(super) fn of(rows: &[(AttentionRow, Estimate)]) -> Self {
        let mut sum = Self::default();
        // The reason shown is that of the most attempts: they come first.
        for (row, estimate) in rows {
            sum.add(row.values.count, estimate);
        }
        sum
    }

    /// Adds a group of attempts.
    pub(super) fn add(&mut self, attempts: i64, estimate: &Estimate) {
        if let (Some(low), Some(high)) = (estimate.cost_low, estimate.cost_high) {
            let before = (self.known_attempts > 0).then_some((self.cost_low, self.cost_high));
            let (known_low, known_high) = before.unwrap_or((Some(Usd::ZERO), Some(Usd::ZERO)));
            self.cost_low = known_low.and_then(|known| known.checked_add(low).ok());
            self.cost_high = known_high.and_then(|known| known.checked_add(high).ok());
            self.known_attempts = self.known_attempts.saturating_add(attempts);
            return;
        }
        if self.known_attempts == 0 {
            (self.cost_low, self.cost_high) = (None, None);
        }
        self.unknown_attempts = self.unknown_attempts.saturating_add(attempts);
        self.reason = self.reason.or(estimate.reason);
    }
}
