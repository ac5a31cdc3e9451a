//! What usage costs, without the receipt.

use serde::{Deserialize, Serialize};
use tollgate_catalog::{PriceBook, PricingContext};
use tollgate_domain::{Amounts, Usage, ZeroReason};

use crate::PriceError;
use crate::component::Bill;
use crate::totals::Totals;

/// The amounts of a charge whose receipt nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// The sums of the components.
    pub amounts: Amounts,
    /// Why `cost` is zero; `None` where it is not.
    pub zero_reason: Option<ZeroReason>,
}

/// The amounts that [`price`](crate::price()) would put on a charge, computed without a receipt and without a single
/// allocation: for limits, routing by price and dry runs.
///
/// # Errors
/// As [`price`](crate::price()).
///
/// ```
/// use billing_core::{Meter, PriceBook, Request, Usage, cost};
///
/// let book = PriceBook::bundled()?;
/// let usage = Usage::new().with(Meter::Input, 1_000)?;
/// let request = Request::new("openai", "gpt-4o");
/// assert_eq!(cost(&book, &request.context(&usage), &usage)?.amounts.cost.to_string(), "0.0025");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cost(book: &PriceBook, context: &PricingContext<'_>, usage: &Usage) -> Result<Cost, PriceError> {
    let bill = Bill::new(book, context, usage)?;
    let mut totals = Totals::default();
    for (meter, count) in usage.iter() {
        totals.add(&bill.component(meter, count)?)?;
    }
    let (amounts, zero_reason) = totals.finish(&bill.resolved)?;
    Ok(Cost { amounts, zero_reason })
}
