//! Sums of a bill. Unknown is never zero, and a zero says why.

use tollgate_catalog::Resolved;
use tollgate_domain::{Amounts, Count, Meter, Side, Usd, UsdPerMillion, ZeroReason};

use crate::PriceError;
use crate::component::Component;

/// The sums so far, and what decides why they may be zero.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    list_cost: Usd,
    cost: Usd,
    /// The largest part, and how large it is.
    largest: Option<(Part, Usd)>,
    /// The first part a multiplier of zero makes free.
    made_free: Option<Part>,
    any: bool,
    /// Some part has a price, and it counts.
    any_priced: bool,
}

/// As much of a component as a message needs. Whole ones are large, and each would be copied.
#[derive(Debug, Clone, Copy)]
struct Part {
    meter: Meter,
    count: Count,
    charged: Count,
    usd_per_million: UsdPerMillion,
}

impl Totals {
    /// Adds a part.
    ///
    /// # Errors
    /// [`PriceError::Calculation`] past the exact range.
    pub(crate) fn add(&mut self, part: &Component<'_>) -> Result<(), PriceError> {
        self.list_cost = self.list_cost.checked_add(part.list_cost)?;
        self.cost = self.cost.checked_add(part.cost)?;
        let size = part.cost.max(part.list_cost);
        if self.largest.is_none_or(|(_, largest)| size > largest) {
            self.largest = Some((Part::of(part), size));
        }
        let has_price = part.rate.usd_per_million != UsdPerMillion::ZERO && part.charged.get() > 0;
        if has_price && part.multiplier.is_zero() {
            self.made_free.get_or_insert_with(|| Part::of(part));
        }
        self.any = true;
        self.any_priced |= has_price && !part.multiplier.is_zero();
        Ok(())
    }

    /// The amounts, and why the cost is zero where it is. Usage that counts nothing is below resolution, unless the
    /// whole model is free.
    ///
    /// # Errors
    /// [`PriceError::Calculation`] above [`Usd::ENTRY_MAX`], and where a multiplier of zero removes any part of the
    /// cost without permission, even if another part remains.
    pub(crate) fn finish(self, resolved: &Resolved<'_>) -> Result<(Amounts, Option<ZeroReason>), PriceError> {
        self.check_limit(self.cost)?;
        self.check_limit(self.list_cost)?;
        if let (Some(part), false) = (self.made_free, resolved.multipliers.allow_free) {
            return Err(not_permitted(&part));
        }
        let amounts = Amounts {
            list_cost: self.list_cost,
            cost: self.cost,
            charge: self.cost,
        };
        let nothing_counted = !self.any && !resolved.card.is_free();
        let reason = if !self.cost.is_zero() {
            None
        } else if self.any_priced || nothing_counted {
            Some(ZeroReason::BelowResolution)
        } else if self.made_free.is_some() {
            Some(ZeroReason::FreeMultiplier)
        } else {
            Some(ZeroReason::FreeModel)
        };
        Ok((amounts, reason))
    }

    fn check_limit(&self, sum: Usd) -> Result<(), PriceError> {
        if sum <= Usd::ENTRY_MAX {
            return Ok(());
        }
        let largest = self.largest.map(|(part, _)| {
            let (count, meter, rate) = (part.charged, part.meter, part.usd_per_million);
            format!("{count} {meter} x {rate} USD per million")
        });
        let (limit, largest) = (Usd::ENTRY_MAX, largest.unwrap_or_default());
        Err(PriceError::Calculation {
            detail: format!("{sum} USD is above the limit of one entry, {limit} USD: {largest}"),
        })
    }
}

impl Part {
    fn of(part: &Component<'_>) -> Self {
        Self {
            meter: part.meter,
            count: part.count,
            charged: part.charged,
            usd_per_million: part.rate.usd_per_million,
        }
    }
}

fn not_permitted(part: &Part) -> PriceError {
    let side = match part.meter.side() {
        Side::Input => "input",
        Side::Output => "output",
    };
    PriceError::Calculation {
        detail: format!(
            "the upstream's {side} multiplier is 0 and allow_free is off: {} {} would be free",
            part.count, part.meter
        ),
    }
}
