//! What caching saved.

use crate::{ChargeLine, Count, LedgerEntry, Meter, Multiplier, Usd, component_amount};

/// What an entry's cached tokens would have cost as uncached input, less what they cost: reads save, writes at more than
/// the input rate take away. At the upstream's multipliers, so it is a part of what `cost` would have been.
///
/// It follows from the receipt's own lines: the rate of uncached input is the one this very entry charged its uncached
/// tokens of the same kind at. `None` where that is not known: nothing was priced, or nothing but cached tokens was sent.
/// Zero where nothing was cached.
///
/// # Source
/// `docs/adr/0016-logs-and-exports.md`.
pub fn cache_saving(entry: &LedgerEntry) -> Option<Usd> {
    let tokens = entry.token_totals()?;
    if tokens.cache_read == 0 && tokens.cache_write == 0 {
        return Some(Usd::ZERO);
    }
    let cached: u64 = entry
        .lines
        .iter()
        .filter(|line| uncached(line.meter).is_some())
        .map(|line| line.count)
        .sum();
    if cached != tokens.cache_read + tokens.cache_write {
        return None;
    }
    let mut saved = Usd::ZERO;
    for line in &entry.lines {
        if let Some(meter) = uncached(line.meter) {
            let plain = entry.lines.iter().find(|other| other.meter == meter)?;
            saved = saved.checked_add(saved_on(line, plain)?).ok()?;
        }
    }
    Some(saved)
}

fn saved_on(line: &ChargeLine, plain: &ChargeLine) -> Option<Usd> {
    let count = Count::try_new(line.count).ok()?;
    let mut factors: Vec<Multiplier> = plain.modifiers.iter().map(|(_, factor)| *factor).collect();
    factors.push(plain.multiplier);
    let uncached = component_amount(plain.usd_per_million, count, &factors).ok()?;
    uncached.checked_sub(line.cost).ok()
}

/// The meter that would have counted these tokens without a cache.
fn uncached(meter: Meter) -> Option<Meter> {
    match meter {
        Meter::CacheRead | Meter::ExplicitCacheRead | Meter::CacheWrite5m | Meter::CacheWrite1h => {
            Some(Meter::Input)
        }
        Meter::AudioCacheRead | Meter::AudioCacheWrite => Some(Meter::AudioInput),
        Meter::ImageCacheRead => Some(Meter::ImageInput),
        _ => None,
    }
}
