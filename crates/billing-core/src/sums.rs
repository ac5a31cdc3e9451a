//! Adding components up.

use tollgate_catalog::Resolved;
use tollgate_domain::{Amounts, MoneyError, Usd, ZeroReason};

use crate::PriceError;
use crate::component::Component;
use crate::zero::Zero;

/// The sums of a request's components, as they come.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    list_cost: Sum,
    cost: Sum,
    zero: Zero,
}

#[derive(Debug, Default)]
struct Sum {
    usd: Usd,
    /// The largest component so far, for the message that names it.
    largest: Option<(Usd, Component)>,
}

impl Sums {
    /// # Errors
    /// [`MoneyError::Overflow`] past the exact range.
    pub(crate) fn add(&mut self, component: &Component) -> Result<(), MoneyError> {
        self.list_cost.add(component.list_cost, component)?;
        self.cost.add(component.cost, component)?;
        self.zero.see(component);
        Ok(())
    }

    /// The amounts, and why the cost is zero where it is.
    ///
    /// # Errors
    /// [`PriceError::Calculation`] above [`Usd::ENTRY_MAX`], with the largest component named, or where a multiplier of
    /// zero would make something free without the operator's permission.
    pub(crate) fn finish(self, resolved: &Resolved<'_>) -> Result<(Amounts, Option<ZeroReason>), PriceError> {
        let (cost, list_cost) = (self.cost.finish()?, self.list_cost.finish()?);
        let zero_reason = self.zero.reason(cost, resolved)?;
        let amounts = Amounts {
            list_cost,
            cost,
            charge: cost,
        };
        Ok((amounts, zero_reason))
    }
}

impl Sum {
    fn add(&mut self, amount: Usd, component: &Component) -> Result<(), MoneyError> {
        self.usd = self.usd.checked_add(amount)?;
        if self.largest.is_none_or(|(largest, _)| amount >= largest) {
            self.largest = Some((amount, *component));
        }
        Ok(())
    }

    fn finish(self) -> Result<Usd, PriceError> {
        if self.usd <= Usd::ENTRY_MAX {
            return Ok(self.usd);
        }
        let largest = self.largest.map(|(_, component)| {
            format!(
                "{} {} x {} USD per million",
                component.count, component.meter, component.rate.usd_per_million
            )
        });
        Err(PriceError::Calculation {
            detail: format!(
                "{} USD is above the limit of one entry, {} USD: {}",
                self.usd,
                Usd::ENTRY_MAX,
                largest.unwrap_or_default()
            ),
        })
    }
}
