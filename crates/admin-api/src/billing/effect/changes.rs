//! Which rates and multipliers a change moves, and by how much.

use std::collections::BTreeSet;

use billing_core::{PriceBook, PricingContext, price, resolve};
use tollgate_domain::{
    BillBy, Meter, ModelName, Multiplier, ProviderName, RateCard, ServiceTier, Timestamp, Upstream,
    UpstreamId, UpstreamMultipliers, Usage, Usd,
};

use super::json::{GuardedChange, Reason, Subject};

/// Factors are in millionths.
const MICRO: i128 = 1_000_000;
/// A rate is compared by what this many units cost.
const UNITS: u64 = 1_000_000;

/// Where a name is priced.
struct Place<'a> {
    upstream_id: UpstreamId,
    upstream: Option<&'a Upstream>,
    provider: &'a ProviderName,
    at: Timestamp,
    factor: Multiplier,
}

/// The rates that move by more than the guard allows, when the books are asked for `names` at each upstream, and where
/// no upstream is named also without any.
pub(in crate::billing) fn rate_changes<'a>(
    (before, after): (&PriceBook, &PriceBook),
    names: &[ModelName],
    upstreams: impl Iterator<Item = &'a Upstream>,
    everywhere: bool,
    at: Timestamp,
    factor: Multiplier,
) -> Vec<GuardedChange> {
    let nobody = ProviderName::new("");
    let mut places: Vec<Place<'_>> = upstreams
        .map(|upstream| Place {
            upstream_id: upstream.id,
            upstream: Some(upstream),
            provider: &upstream.provider,
            at,
            factor,
        })
        .collect();
    if everywhere {
        places.push(Place {
            upstream_id: UpstreamId::NONE,
            upstream: None,
            provider: &nobody,
            at,
            factor,
        });
    }
    let mut found = Vec::new();
    for place in &places {
        for name in names {
            place.compare(before, after, name, &mut found);
        }
    }
    found
}

impl Place<'_> {
    fn compare(
        &self,
        before: &PriceBook,
        after: &PriceBook,
        name: &ModelName,
        found: &mut Vec<GuardedChange>,
    ) {
        let standard = ServiceTier::Standard;
        let card = |book| {
            let resolved = resolve(book, &self.context(name, &standard, 0)).ok();
            resolved.map(|resolved| resolved.card.clone())
        };
        let Some(old) = card(before) else { return };
        let Some(new) = card(after) else {
            found.push(self.change(name, Subject::Price, Reason::NoPrice));
            return;
        };
        for (meter, tier, band) in rated_places(&old, &new) {
            let rate = |book| self.rate(book, name, meter, &tier, band);
            let (Some(old), new) = (rate(before), rate(after)) else {
                continue;
            };
            if let Some(reason) = breach(old.pico(), new.map(Usd::pico), self.factor) {
                found.push(GuardedChange {
                    meter: Some(meter.as_str()),
                    tier: Some(tier.to_string()),
                    above_tokens: band,
                    before: Some(old.to_string()),
                    after: new.map(|rate| rate.to_string()),
                    ..self.change(name, Subject::Rate, reason)
                });
            }
        }
    }

    /// What a million units of a meter cost, fallbacks and multipliers included.
    fn rate(
        &self,
        book: &PriceBook,
        name: &ModelName,
        meter: Meter,
        tier: &ServiceTier,
        band: Option<u64>,
    ) -> Option<Usd> {
        let usage = Usage::new().with(meter, UNITS).ok()?;
        let context_tokens = band.map_or(0, |above| above.saturating_add(1));
        let charge = price(book, &self.context(name, tier, context_tokens), &usage).ok()?;
        Some(charge.amounts.cost)
    }

    fn context<'c>(
        &'c self,
        name: &'c ModelName,
        tier: &'c ServiceTier,
        context_tokens: u64,
    ) -> PricingContext<'c> {
        PricingContext {
            upstream_id: self.upstream_id,
            provider: self.provider,
            model_served: None,
            model_sent: Some(name),
            bill_by: BillBy::Sent,
            tier,
            context_tokens,
            at: self.at,
            format: None,
            modifiers: &[],
            upstream_modifiers: self
                .upstream
                .map_or(&[][..], |upstream| upstream.price_modifiers.as_slice()),
        }
    }

    fn change(&self, name: &ModelName, subject: Subject, reason: Reason) -> GuardedChange {
        GuardedChange {
            subject,
            reason,
            model: Some(name.clone()),
            upstream_id: self.upstream.map(|upstream| upstream.id),
            upstream_name: self.upstream.map(|upstream| upstream.name.clone()),
            meter: None,
            tier: None,
            above_tokens: None,
            before: None,
            after: None,
        }
    }
}

/// The multipliers that move by more than the guard allows, by pattern; `None` is the upstream's own pair.
pub(in crate::billing) fn multiplier_changes(
    upstream: &Upstream,
    before: &UpstreamMultipliers,
    after: &UpstreamMultipliers,
    factor: Multiplier,
) -> Vec<GuardedChange> {
    let patterns = before
        .by_model
        .iter()
        .chain(&after.by_model)
        .map(|set| &set.pattern);
    let patterns: BTreeSet<&ModelName> = patterns.collect();
    let subjects = std::iter::once(None).chain(patterns.into_iter().map(Some));
    let mut found = Vec::new();
    for pattern in subjects {
        let (old, new) = (pair(before, pattern), pair(after, pattern));
        for (subject, old, new) in [
            (Subject::InputMultiplier, old.0, new.0),
            (Subject::OutputMultiplier, old.1, new.1),
        ] {
            let Some(reason) = breach(i128::from(old.micro()), Some(i128::from(new.micro())), factor) else {
                continue;
            };
            found.push(GuardedChange {
                subject,
                reason,
                model: pattern.cloned(),
                upstream_id: Some(upstream.id),
                upstream_name: Some(upstream.name.clone()),
                meter: None,
                tier: None,
                above_tokens: None,
                before: Some(old.to_string()),
                after: Some(new.to_string()),
            });
        }
    }
    found
}

/// What holds for the names a pattern stands for.
fn pair(multipliers: &UpstreamMultipliers, pattern: Option<&ModelName>) -> (Multiplier, Multiplier) {
    let set = pattern.and_then(|pattern| {
        let same = multipliers.by_model.iter().rfind(|set| set.pattern == *pattern);
        same.or_else(|| multipliers.for_model(pattern.as_str().trim_end_matches('*')))
    });
    set.map_or((multipliers.input, multipliers.output), |set| {
        (set.input, set.output)
    })
}

/// Every meter of either card at every tier and band of either.
fn rated_places(old: &RateCard, new: &RateCard) -> BTreeSet<(Meter, ServiceTier, Option<u64>)> {
    let rates = || old.rates().iter().chain(new.rates());
    let places: BTreeSet<(&ServiceTier, Option<u64>)> =
        rates().map(|rate| (&rate.tier, rate.above_tokens)).collect();
    let meters: BTreeSet<Meter> = rates().map(|rate| rate.meter).collect();
    let all = places
        .into_iter()
        .flat_map(|(tier, band)| meters.iter().map(move |meter| (*meter, tier.clone(), band)));
    all.collect()
}

/// Why a move from one price to another needs a confirmation.
fn breach(old: i128, new: Option<i128>, factor: Multiplier) -> Option<Reason> {
    match new {
        None => Some(Reason::NoPrice),
        Some(new) if old == new => None,
        Some(0) => Some(Reason::Free),
        Some(new) => {
            let factor = i128::from(factor.micro());
            let beyond =
                |small: i128, large: i128| small.saturating_mul(factor) < large.saturating_mul(MICRO);
            (beyond(old, new) || beyond(new, old)).then_some(Reason::Factor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_the_factor_nothing_is_asked() {
        let three = Multiplier::try_from_micro(3_000_000).unwrap();
        let breach = |old, new| breach(old, new, three);
        assert_eq!(breach(100, Some(300)), None);
        assert_eq!(breach(300, Some(100)), None);
        assert_eq!(breach(100, Some(301)), Some(Reason::Factor));
        assert_eq!(breach(301, Some(100)), Some(Reason::Factor));
        assert_eq!(breach(100, Some(0)), Some(Reason::Free));
        assert_eq!(breach(0, Some(0)), None);
        assert_eq!(breach(0, Some(1)), Some(Reason::Factor));
        assert_eq!(breach(100, None), Some(Reason::NoPrice));
    }

    #[test]
    fn the_factor_is_the_operators() {
        let half_more = Multiplier::try_from_micro(1_500_000).unwrap();
        assert_eq!(breach(100, Some(150), half_more), None);
        assert_eq!(breach(100, Some(151), half_more), Some(Reason::Factor));
    }
}
