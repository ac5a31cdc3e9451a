//! One line of a receipt.

use serde::Serialize;
use tollgate_domain::{ChargeLine, Fallback, Meter, Multiplier, Side, Unit, Usd, UsdPerMillion};
use utoipa::ToSchema;

use super::{examples, formula};
use crate::schema::{
    FallbackSchema, MeterSchema, MultiplierSchema, RateSchema, SideSchema, UnitSchema, UsdSchema,
};

/// One component: `count x rate per million x multiplier = amount`, rounded once, half to even, to 1e-12 USD.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::line))]
pub(in crate::billing) struct ReceiptLine {
    /// What was counted.
    #[schema(value_type = MeterSchema)]
    meter: Meter,
    /// What one count is.
    #[schema(value_type = UnitSchema)]
    unit: Unit,
    /// Which upstream multiplier applies.
    #[schema(value_type = SideSchema)]
    side: Side,
    /// How much of it.
    count: u64,
    /// How many units are charged where that differs from the count (pixels of whole images, one grounded prompt for
    /// several searches); the fallbacks say why.
    billed_count: Option<u64>,
    /// The size the rate is for, as the card names it.
    size: Option<Box<str>>,
    /// The rate.
    #[schema(value_type = RateSchema)]
    usd_per_million: UsdPerMillion,
    /// Price modifiers the response or the upstream switched on, already part of `list_cost`.
    modifiers: Vec<ReceiptModifier>,
    /// The upstream's multiplier on this side.
    #[schema(value_type = MultiplierSchema)]
    multiplier: Multiplier,
    /// The amount at list rates.
    #[schema(value_type = UsdSchema)]
    list_cost: Usd,
    /// The amount the upstream charges us.
    #[schema(value_type = UsdSchema)]
    cost: Usd,
    /// Which fallbacks led to the rate, in order; empty when the card names it.
    #[schema(value_type = Vec<FallbackSchema>)]
    fallbacks: Vec<Fallback>,
    /// The line written out with its numbers.
    formula: String,
}

/// A price modifier that a response or the upstream switched on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({"name": "fast", "multiplier": "6"})))]
struct ReceiptModifier {
    /// Its name on the rate card.
    name: String,
    /// Its factor.
    #[schema(value_type = MultiplierSchema)]
    multiplier: Multiplier,
}

impl ReceiptLine {
    pub(in crate::billing) fn of(line: ChargeLine) -> Self {
        let formula = formula::of_line(&line);
        let modifiers = line.modifiers.into_iter();
        Self {
            meter: line.meter,
            unit: line.meter.unit(),
            side: line.meter.side(),
            count: line.count,
            billed_count: line.billed_count,
            size: line.size,
            usd_per_million: line.usd_per_million,
            modifiers: modifiers
                .map(|(name, multiplier)| ReceiptModifier { name, multiplier })
                .collect(),
            multiplier: line.multiplier,
            list_cost: line.list_cost,
            cost: line.cost,
            fallbacks: line.fallbacks,
            formula,
        }
    }
}
