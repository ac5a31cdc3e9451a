//! Unknown is never zero, and a zero says why.

use tollgate_catalog::Resolved;
use tollgate_domain::{Count, Meter, Side, Usd, UsdPerMillion, ZeroReason};

use crate::PriceError;
use crate::component::Component;

/// What the components tell about a cost of zero.
#[derive(Debug, Default)]
pub(crate) struct Zero {
    /// The first one that a multiplier of zero makes free.
    made_free: Option<(Count, Meter)>,
    /// Some component has a price and a multiplier, and is too small to be seen.
    too_small: bool,
    counted: bool,
}

impl Zero {
    pub(crate) fn see(&mut self, component: &Component) {
        self.counted = true;
        if component.rate.usd_per_million == UsdPerMillion::ZERO {
            return;
        }
        if component.multiplier.is_zero() {
            self.made_free.get_or_insert((component.count, component.meter));
        } else {
            self.too_small = true;
        }
    }

    /// Why the cost is zero; `None` where it is not. Usage that counts nothing is below resolution, unless the whole
    /// model is free.
    ///
    /// # Errors
    /// [`PriceError::Calculation`] where a multiplier of zero removes any part of the cost without `allow_free`,
    /// even if another part remains.
    pub(crate) fn reason(self, cost: Usd, resolved: &Resolved<'_>) -> Result<Option<ZeroReason>, PriceError> {
        if let (Some((count, meter)), false) = (self.made_free, resolved.multipliers.allow_free) {
            let side = match meter.side() {
                Side::Input => "input",
                Side::Output => "output",
            };
            return Err(PriceError::Calculation {
                detail: format!(
                    "the upstream's {side} multiplier is 0 and allow_free is off: {count} {meter} would be free"
                ),
            });
        }
        if !cost.is_zero() {
            return Ok(None);
        }
        let nothing_counted = !self.counted && !resolved.card.is_free();
        Ok(Some(if self.too_small || nothing_counted {
            ZeroReason::BelowResolution
        } else if self.made_free.is_some() {
            ZeroReason::FreeMultiplier
        } else {
            ZeroReason::FreeModel
        }))
    }
}
