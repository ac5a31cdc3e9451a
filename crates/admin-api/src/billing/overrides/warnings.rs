//! What an override leaves out that the price before it had.

use std::collections::BTreeSet;

use billing_core::PriceBook;
use tollgate_domain::{Meter, PriceOverride, RateCard, ServiceTier};

/// In words, for the operator; nothing where there was no price before.
pub(super) fn of(before: &PriceBook, price: &PriceOverride) -> Vec<String> {
    let model = price.model.as_str();
    let global = price.upstream_id.and_then(|_| before.override_of(None, model));
    let Some(old) = global.or_else(|| before.synced_name(model)) else {
        return Vec::new();
    };
    let new = &price.card;
    let mut warnings = Vec::new();
    for tier in lost(old.card, new, |rate| &rate.tier) {
        warnings.push(format!(
            "the price before this knew service tier {tier}; requests served in it will have no price"
        ));
    }
    for meter in lost(old.card, new, |rate| &rate.meter) {
        if let Some(rate) = old.card.rate(*meter, &ServiceTier::Standard, None) {
            warnings.push(missing_meter(*meter, &rate.to_string(), new));
        }
    }
    let bands = lost(old.card, new, |rate| &rate.above_tokens);
    for above in bands.into_iter().flatten() {
        warnings.push(format!(
            "the price before this had other rates above {above} input tokens; this one has none"
        ));
    }
    for modifier in old
        .card
        .modifiers()
        .keys()
        .filter(|name| !new.modifiers().contains_key(*name))
    {
        warnings.push(format!(
            "the price before this had a factor for {modifier}; with this one it changes nothing"
        ));
    }
    warnings
}

fn missing_meter(meter: Meter, old_rate: &str, new: &RateCard) -> String {
    let stand_in = match meter {
        Meter::CacheRead | Meter::CacheWrite5m => Some(Meter::Input),
        Meter::CacheWrite1h => {
            let short = new.rate(Meter::CacheWrite5m, &ServiceTier::Standard, None);
            Some(short.map_or(Meter::Input, |_| Meter::CacheWrite5m))
        }
        Meter::Reasoning => Some(Meter::Output),
        _ => None,
    };
    match stand_in {
        Some(stand_in) => {
            format!(
                "no rate for {meter}, which was {old_rate} USD per million: it will be priced at the {stand_in} rate"
            )
        }
        None => format!(
            "no rate for {meter}, which was {old_rate} USD per million: if nothing stands in for it, such requests \
             will have no price"
        ),
    }
}

/// What the rates of the old card name and those of the new one do not.
fn lost<'a, T: Ord>(
    old: &'a RateCard,
    new: &'a RateCard,
    part: impl Fn(&'a tollgate_domain::CardRate) -> &'a T,
) -> Vec<&'a T> {
    let kept: BTreeSet<&T> = new.rates().iter().map(&part).collect();
    let named: BTreeSet<&T> = old.rates().iter().map(&part).collect();
    named.into_iter().filter(|named| !kept.contains(named)).collect()
}
