//! Sums of one period.

use serde::Serialize;
use tollgate_domain::{MoneyError, RollupValues, Timestamp, Usd};
use utoipa::ToSchema;

use super::examples;
use crate::billing::estimate::UnbilledEstimate;
use crate::schema::{TimestampSchema, UsdSchema};

/// Sums over a period, by dispatch. Over no attempts they are zero; what attempts without a known cost may have cost is
/// in none of the amounts, see `parts.unbilled`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::period_example))]
pub(super) struct PeriodTotals {
    /// Its first instant.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// The first instant after it.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
    /// At card rates, all multipliers 1.
    #[schema(value_type = UsdSchema)]
    list_cost: Usd,
    /// What the upstreams charge us.
    #[schema(value_type = UsdSchema)]
    cost: Usd,
    /// What the keys' owners pay.
    #[schema(value_type = UsdSchema)]
    charge: Usd,
    /// The part of `cost` that rests on estimated or partial usage.
    #[schema(value_type = UsdSchema)]
    estimated_cost: Usd,
    /// What the sums are made of.
    parts: PeriodParts,
    /// Requests of which something was sent.
    requests: i64,
    /// Attempts sent to upstreams.
    attempts: i64,
    /// Of those, with a known cost.
    billed: i64,
    /// Of those, that may have cost money we cannot tell.
    unbilled: i64,
    /// Of those, known to have cost nothing.
    no_charge: i64,
    /// Input tokens, cached or not.
    input_tokens: i64,
    /// Of those, read from a cache.
    cache_read_tokens: i64,
    /// Of those, written to a cache.
    cache_write_tokens: i64,
    /// Output tokens, reasoning included.
    output_tokens: i64,
    /// Of those, reasoning.
    reasoning_tokens: i64,
}

/// The parts of a period: what providers counted, what was estimated, and what is in no sum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::parts_example))]
struct PeriodParts {
    /// Billed by the provider's final counters.
    reported: BilledPart,
    /// Billed by estimated or partial usage.
    estimated: BilledPart,
    /// Not billed: in no sum.
    unbilled: UnbilledPart,
}

/// A billed part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::billed_example))]
struct BilledPart {
    /// Attempts.
    attempts: i64,
    /// At card rates, all multipliers 1.
    #[schema(value_type = UsdSchema)]
    list_cost: Usd,
    /// What the upstreams charge us.
    #[schema(value_type = UsdSchema)]
    cost: Usd,
    /// What the keys' owners pay.
    #[schema(value_type = UsdSchema)]
    charge: Usd,
}

/// The part without a known cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::unbilled_part_example))]
struct UnbilledPart {
    /// Attempts.
    attempts: i64,
    /// Their input tokens, where known.
    input_tokens: i64,
    /// Their output tokens, where known.
    output_tokens: i64,
    /// What they may have cost; null for parts of days, which are not estimated.
    estimate: Option<UnbilledEstimate>,
}

/// Periods to compare with, each whole and up to the same time, to the quarter hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::previous_example))]
pub(super) struct PreviousPeriods {
    /// Yesterday.
    pub(super) day: PeriodTotals,
    /// Yesterday up to the same time of day.
    pub(super) day_so_far: PeriodTotals,
    /// Last month.
    pub(super) month: PeriodTotals,
    /// Last month up to the same day and time.
    pub(super) month_so_far: PeriodTotals,
}

impl PeriodTotals {
    /// Of a range and its sums.
    pub(super) fn new(
        (from, until): (Timestamp, Timestamp),
        values: RollupValues,
        estimate: Option<UnbilledEstimate>,
    ) -> Result<Self, MoneyError> {
        let reported = BilledPart {
            attempts: values.billed - values.estimated,
            list_cost: values.list_cost.checked_sub(values.estimated_list_cost)?,
            cost: values.cost.checked_sub(values.estimated_cost)?,
            charge: values.charge.checked_sub(values.estimated_charge)?,
        };
        let estimated = BilledPart {
            attempts: values.estimated,
            list_cost: values.estimated_list_cost,
            cost: values.estimated_cost,
            charge: values.estimated_charge,
        };
        let unbilled = UnbilledPart {
            attempts: values.unbilled,
            input_tokens: values.unbilled_input_tokens,
            output_tokens: values.unbilled_output_tokens,
            estimate,
        };
        Ok(Self {
            from,
            until,
            list_cost: values.list_cost,
            cost: values.cost,
            charge: values.charge,
            estimated_cost: values.estimated_cost,
            parts: PeriodParts {
                reported,
                estimated,
                unbilled,
            },
            requests: values.requests,
            attempts: values.attempts,
            billed: values.billed,
            unbilled: values.unbilled,
            no_charge: values.no_charge,
            input_tokens: values.input_tokens,
            cache_read_tokens: values.cache_read_tokens,
            cache_write_tokens: values.cache_write_tokens,
            output_tokens: values.output_tokens,
            reasoning_tokens: values.reasoning_tokens,
        })
    }
}
