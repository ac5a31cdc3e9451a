//! Which multipliers apply to a request.

use tollgate_domain::{ModelName, Multiplier};

use crate::{PriceBook, PricingContext};

/// An upstream's multipliers as they apply to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppliedMultipliers<'b> {
    /// On everything sent, searched or called.
    pub input: Multiplier,
    /// On everything generated.
    pub output: Multiplier,
    /// The operator's explicit permission for a cost of zero through a zero multiplier.
    pub allow_free: bool,
    /// The model pattern they were set for; `None` where they are the upstream's own, or 1 and 1.
    pub pattern: Option<&'b ModelName>,
}

impl<'b> AppliedMultipliers<'b> {
    /// The price is already what the upstream charges.
    pub(super) const ONES: Self = Self {
        input: Multiplier::ONE,
        output: Multiplier::ONE,
        allow_free: false,
        pattern: None,
    };

    /// Those of the most specific pattern that matches the served name, else the sent one, else the upstream's own,
    /// else ones.
    pub(super) fn of(book: &'b PriceBook, context: &PricingContext<'_>) -> Self {
        let Some(set) = book.multipliers(context.upstream_id) else {
            return Self::ONES;
        };
        let narrowed = context.names().find_map(|(_, name)| set.for_model(name.as_str()));
        narrowed.map_or(
            Self {
                input: set.input,
                output: set.output,
                allow_free: set.allow_free,
                pattern: None,
            },
            |model| Self {
                input: model.input,
                output: model.output,
                allow_free: model.allow_free,
                pattern: Some(&model.pattern),
            },
        )
    }
}
