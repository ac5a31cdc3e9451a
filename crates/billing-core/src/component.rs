//! One meter of a request, priced. Nothing here allocates unless it fails or writes a line.

use tollgate_catalog::{PricingContext, Resolved};
use tollgate_domain::{ChargeLine, Count, Meter, Multiplier, Side, Unit, Usage, Usd, component_amount};

use crate::PriceError;
use crate::rates::{Rate, Rates};

/// More price modifiers at once than any provider has.
const MOST_MODIFIERS: usize = 7;

/// What all components of one request share.
pub(crate) struct Components<'a> {
    resolved: &'a Resolved<'a>,
    context: &'a PricingContext<'a>,
    rates: Rates<'a>,
    modifiers: Factors,
}

/// One component of a charge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Component {
    pub(crate) meter: Meter,
    pub(crate) count: Count,
    pub(crate) rate: Rate,
    pub(crate) multiplier: Multiplier,
    pub(crate) list_cost: Usd,
    pub(crate) cost: Usd,
}

/// The modifiers' factors, and one place for the upstream's multiplier.
#[derive(Debug, Clone, Copy, Default)]
struct Factors {
    all: [Multiplier; MOST_MODIFIERS + 1],
    count: usize,
}

impl<'a> Components<'a> {
    /// # Errors
    /// [`PriceError::Calculation`] where more modifiers are switched on than any provider has.
    pub(crate) fn new(
        resolved: &'a Resolved<'a>,
        context: &'a PricingContext<'a>,
        usage: &Usage,
    ) -> Result<Self, PriceError> {
        let mut modifiers = Factors::default();
        for name in switched_on(context) {
            if modifiers.count == MOST_MODIFIERS {
                let detail = format!("more than {MOST_MODIFIERS} price modifiers at once, {name} among them");
                return Err(PriceError::Calculation { detail });
            }
            modifiers.push(factor(resolved, name));
        }
        Ok(Self {
            resolved,
            context,
            rates: Rates::new(resolved, context.tier, usage),
            modifiers,
        })
    }

    /// Prices one meter.
    ///
    /// # Errors
    /// [`PriceError::NotFound`] where the card has no rate for it and nothing may stand in,
    /// [`PriceError::Calculation`] where an amount leaves the exact range.
    pub(crate) fn price(&self, meter: Meter, count: Count) -> Result<Component, PriceError> {
        let resolved = self.resolved;
        let rate = self.rates.rate(meter).ok_or_else(|| PriceError::NotFound {
            detail: format!("{} has no rate for {meter} ({count} counted)", resolved.priced_as),
        })?;
        let multiplier = match meter.side() {
            Side::Input => resolved.multipliers.input,
            Side::Output => resolved.multipliers.output,
        };
        let mut factors = if is_modified(meter) {
            self.modifiers
        } else {
            Factors::default()
        };
        let list_cost = component_amount(rate.usd_per_million, count, factors.as_slice())?;
        factors.push(multiplier);
        let cost = component_amount(rate.usd_per_million, count, factors.as_slice())?;
        Ok(Component {
            meter,
            count,
            rate,
            multiplier,
            list_cost,
            cost,
        })
    }

    /// The component as a line of the receipt.
    pub(crate) fn line(&self, component: &Component) -> ChargeLine {
        let modifiers = switched_on(self.context).map(|name| (name.clone(), factor(self.resolved, name)));
        ChargeLine {
            meter: component.meter,
            count: component.count.get(),
            billed_count: None,
            size: None,
            usd_per_million: component.rate.usd_per_million,
            multiplier: component.multiplier,
            modifiers: if is_modified(component.meter) {
                modifiers.collect()
            } else {
                Vec::new()
            },
            list_cost: component.list_cost,
            cost: component.cost,
            fallbacks: component.rate.fallbacks(),
        }
    }
}

impl Factors {
    /// One more; past the last place nothing happens, which [`Components::new`] rules out.
    fn push(&mut self, factor: Multiplier) {
        if let Some(place) = self.all.get_mut(self.count) {
            *place = factor;
            self.count += 1;
        }
    }

    fn as_slice(&self) -> &[Multiplier] {
        self.all.get(..self.count).unwrap_or_default()
    }
}

/// Modifiers are factors on token rates.
fn is_modified(meter: Meter) -> bool {
    meter.unit() == Unit::Token
}

/// The modifiers switched on by the response or the upstream, each once.
fn switched_on<'a>(context: &PricingContext<'a>) -> impl Iterator<Item = &'a String> {
    let all = || context.modifiers.iter().chain(context.upstream_modifiers);
    let (modifiers, upstream) = (context.modifiers, context.upstream_modifiers);
    let before = move |at: usize| modifiers.iter().chain(upstream).take(at);
    all()
        .enumerate()
        .filter(move |(at, name)| !before(*at).any(|known| known == *name))
        .map(|(_, name)| name)
}

/// A modifier's factor. Resolution refused those of a response that a synced card does not know; on an override, and
/// where they are the upstream's own, they change nothing and stand on the receipt with factor 1.
fn factor(resolved: &Resolved<'_>, name: &str) -> Multiplier {
    resolved.card.modifiers().get(name).copied().unwrap_or_default()
}
