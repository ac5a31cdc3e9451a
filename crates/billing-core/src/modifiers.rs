//! The price modifiers a request switches on, without allocating.

use tollgate_catalog::{PricingContext, Resolved};
use tollgate_domain::Multiplier;

use crate::PriceError;

/// More than any provider has; the amounts must stay exact.
const MOST: usize = 8;

/// The modifiers that are on, each once, with the card's factors.
///
/// Resolution refused those of a response that a synced card does not know. On an override, and where they are the
/// upstream's own, unknown ones change nothing and stand on the receipt with factor 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Modifiers<'a> {
    names: [&'a str; MOST],
    /// One more place than modifiers, for the upstream's multiplier.
    factors: [Multiplier; MOST + 1],
    length: usize,
}

impl<'a> Modifiers<'a> {
    pub(crate) const NONE: Self = Self {
        names: [""; MOST],
        factors: [Multiplier::ONE; MOST + 1],
        length: 0,
    };

    pub(crate) fn of(resolved: &Resolved<'_>, context: &PricingContext<'a>) -> Result<Self, PriceError> {
        let mut found = Self::NONE;
        for name in context.modifiers.iter().chain(context.upstream_modifiers) {
            if !found.names().contains(&name.as_str()) {
                found.push(
                    name,
                    resolved.card.modifiers().get(name).copied().unwrap_or_default(),
                )?;
            }
        }
        Ok(found)
    }

    fn push(&mut self, name: &'a str, factor: Multiplier) -> Result<(), PriceError> {
        let slots = self
            .names
            .get_mut(self.length)
            .zip(self.factors.get_mut(self.length));
        let Some((name_slot, factor_slot)) = slots else {
            let detail = format!("more than {MOST} price modifiers are on, {name} among them");
            return Err(PriceError::Calculation { detail });
        };
        (*name_slot, *factor_slot) = (name, factor);
        self.length += 1;
        Ok(())
    }

    pub(crate) fn factors(&self) -> &[Multiplier] {
        self.factors.get(..self.length).unwrap_or_default()
    }

    /// Runs `compute` on all factors and one more.
    pub(crate) fn with<T>(&self, multiplier: Multiplier, compute: impl FnOnce(&[Multiplier]) -> T) -> T {
        let mut factors = self.factors;
        if let Some(slot) = factors.get_mut(self.length) {
            *slot = multiplier;
        }
        compute(factors.get(..=self.length).unwrap_or_default())
    }

    /// As the receipt has them.
    pub(crate) fn listed(&self) -> Vec<(String, Multiplier)> {
        let names = self.names().iter().map(|name| (*name).to_owned());
        names.zip(self.factors().iter().copied()).collect()
    }

    fn names(&self) -> &[&'a str] {
        self.names.get(..self.length).unwrap_or_default()
    }
}
