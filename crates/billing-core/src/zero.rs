//! Unknown is never zero, and a zero says why.

use tollgate_catalog::Resolved;
use tollgate_domain::{ChargeLine, Side, Usd, UsdPerMillion, ZeroReason};

use crate::PriceError;

/// Why the cost is zero; `None` where it is not. Usage that counts nothing is below resolution, unless the whole
/// model is free.
///
/// # Errors
/// [`PriceError::Calculation`] where a multiplier of zero removes any part of the cost without `allow_free`,
/// even if another part remains.
pub(crate) fn reason(
    cost: Usd,
    lines: &[ChargeLine],
    resolved: &Resolved<'_>,
) -> Result<Option<ZeroReason>, PriceError> {
    let made_free = lines
        .iter()
        .find(|line| line.multiplier.is_zero() && has_price(line));
    if let (Some(line), false) = (made_free, resolved.multipliers.allow_free) {
        let side = match line.meter.side() {
            Side::Input => "input",
            Side::Output => "output",
        };
        return Err(PriceError::Calculation {
            detail: format!(
                "the upstream's {side} multiplier is 0 and allow_free is off: {} {} would be free",
                line.count, line.meter
            ),
        });
    }
    if !cost.is_zero() {
        return Ok(None);
    }
    let too_small = lines
        .iter()
        .any(|line| has_price(line) && !line.multiplier.is_zero());
    let nothing_counted = lines.is_empty() && !resolved.card.is_free();
    Ok(Some(if too_small || nothing_counted {
        ZeroReason::BelowResolution
    } else if made_free.is_some() {
        ZeroReason::FreeMultiplier
    } else {
        ZeroReason::FreeModel
    }))
}

fn has_price(line: &ChargeLine) -> bool {
    line.usd_per_million != UsdPerMillion::ZERO
}
