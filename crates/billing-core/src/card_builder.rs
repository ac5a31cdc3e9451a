//! Rate cards written in code.

use std::collections::BTreeMap;

use tollgate_domain::{CardRate, Meter, MoneyError, Multiplier, RateCard, RateCardError, ServiceTier};

/// Builds a [`RateCard`] line by line. Rates are in USD per **million** of the meter's unit, as decimal text.
///
/// ```
/// use billing_core::{CardBuilder, Meter};
///
/// let card = CardBuilder::new()
///     .rate(Meter::Input, "0.20")
///     .rate(Meter::Output, "0.80")
///     .rate_above(200_000, Meter::Input, "0.40")
///     .rate_in_tier("batch", Meter::Input, "0.10")
///     .modifier("fast", "2")
///     .build()?;
/// assert_eq!(card.rates().len(), 4);
/// # Ok::<(), billing_core::CardError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CardBuilder {
    rates: Vec<CardRate>,
    modifiers: BTreeMap<String, Multiplier>,
    first_error: Option<CardError>,
}

/// Why a card cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The rate of a meter is no price.
    #[error("the rate of {meter} is not usable")]
    Rate {
        /// The meter.
        meter: Meter,
        /// What is wrong with it.
        #[source]
        source: MoneyError,
    },
    /// A modifier is no factor.
    #[error("the price modifier {name} is not usable")]
    Modifier {
        /// Its name.
        name: String,
        /// What is wrong with it.
        #[source]
        source: MoneyError,
    },
    /// The rates do not make a card.
    #[error(transparent)]
    Card(#[from] RateCardError),
}

impl CardBuilder {
    /// An empty card.
    pub fn new() -> Self {
        Self::default()
    }

    /// What one million of a meter's units cost.
    #[must_use]
    pub fn rate(self, meter: Meter, usd_per_million: &str) -> Self {
        self.add(meter, ServiceTier::Standard, None, usd_per_million)
    }

    /// The rate where the request's input is **more** than so many tokens. It then prices the whole request.
    #[must_use]
    pub fn rate_above(self, tokens: u64, meter: Meter, usd_per_million: &str) -> Self {
        self.add(meter, ServiceTier::Standard, Some(tokens), usd_per_million)
    }

    /// The rate in a service tier (`priority`, `flex`, `batch` …). What the tier does not name costs its standard
    /// rate; a tier without any rate has no price.
    #[must_use]
    pub fn rate_in_tier(self, tier: &str, meter: Meter, usd_per_million: &str) -> Self {
        self.add(meter, ServiceTier::from_name(tier), None, usd_per_million)
    }

    /// A named factor on all token rates, from 0 to 100, that a request can switch on.
    #[must_use]
    pub fn modifier(mut self, name: &str, factor: &str) -> Self {
        match factor.parse() {
            Ok(factor) => {
                self.modifiers.insert(name.to_owned(), factor);
            }
            Err(source) => {
                let name = name.to_owned();
                self.first_error
                    .get_or_insert(CardError::Modifier { name, source });
            }
        }
        self
    }

    /// The card.
    ///
    /// # Errors
    /// [`CardError`] for the first number that cannot be read, two rates for one place, or no rate at all.
    pub fn build(self) -> Result<RateCard, CardError> {
        match self.first_error {
            Some(error) => Err(error),
            None => Ok(RateCard::try_new(self.rates, self.modifiers)?),
        }
    }

    fn add(
        mut self,
        meter: Meter,
        tier: ServiceTier,
        above_tokens: Option<u64>,
        usd_per_million: &str,
    ) -> Self {
        match usd_per_million.parse() {
            Ok(usd_per_million) => self.rates.push(CardRate {
                meter,
                tier,
                above_tokens,
                size: None,
                usd_per_million,
            }),
            Err(source) => {
                self.first_error.get_or_insert(CardError::Rate { meter, source });
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_number_is_named() {
        let card = CardBuilder::new()
            .rate(Meter::Input, "1")
            .rate(Meter::Output, "a lot")
            .rate(Meter::CacheRead, "-1");
        let error = card.build().unwrap_err();
        assert_eq!(error.to_string(), "the rate of output is not usable");
        assert!(matches!(
            error,
            CardError::Rate {
                source: MoneyError::NotANumber { .. },
                ..
            }
        ));
    }

    #[test]
    fn a_card_without_rates_or_with_two_for_one_place_is_refused() {
        assert_eq!(
            CardBuilder::new().build(),
            Err(CardError::Card(RateCardError::Empty))
        );
        let twice = CardBuilder::new().rate(Meter::Input, "1").rate(Meter::Input, "2");
        assert!(matches!(
            twice.build(),
            Err(CardError::Card(RateCardError::Duplicate { .. }))
        ));
    }

    #[test]
    fn a_factor_above_one_hundred_is_refused() {
        let card = CardBuilder::new().rate(Meter::Input, "1").modifier("fast", "101");
        assert!(matches!(card.build(), Err(CardError::Modifier { .. })));
    }
}
