//! When a key or upstream was last used, and what it did today and this month.

use serde::Serialize;
use tollgate_domain::ports::{Activity, ActivitySpan};
use tollgate_domain::{RollupValues, Timestamp, Usd};
use utoipa::ToSchema;

use crate::AdminState;
use crate::schema::{CURRENCY, CurrencySchema, TimestampSchema, UsdSchema};

/// What one key or upstream did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Activity, examples(example))]
pub(crate) struct ActivityResponse {
    /// Its last request that is in the database; null if there was none. Where request logs were pruned it is known to a
    /// quarter of an hour.
    #[schema(value_type = Option<TimestampSchema>)]
    last_used_at: Option<Timestamp>,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// The current day in the accounting zone.
    today: ActivitySums,
    /// The current month in the accounting zone.
    month: ActivitySums,
}

/// Sums over a period, by dispatch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(sums_example))]
pub(crate) struct ActivitySums {
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
    /// Attempts sent to upstreams.
    attempts: i64,
    /// Of those, that may have cost money we cannot tell; they are in none of the amounts.
    unbilled: i64,
    /// Input tokens, cached or not.
    input_tokens: i64,
    /// Of those, read from a cache.
    cache_read_tokens: i64,
    /// Output tokens, reasoning included.
    output_tokens: i64,
}

/// Today and this month.
pub(crate) fn span(state: &AdminState) -> ActivitySpan {
    let now = state.clock.now();
    ActivitySpan {
        today: state.zone.day(now),
        month: state.zone.month(now),
    }
}

impl ActivityResponse {
    /// `None` where nothing is known: then it did nothing.
    pub(crate) fn new(activity: Option<&Activity>, span: ActivitySpan) -> Self {
        let nothing = Activity::default();
        let activity = activity.unwrap_or(&nothing);
        Self {
            last_used_at: activity.last_used_at,
            currency: CURRENCY,
            today: ActivitySums::new(span.today, activity.today),
            month: ActivitySums::new(span.month, activity.month),
        }
    }
}

impl ActivitySums {
    fn new((from, until): (Timestamp, Timestamp), values: RollupValues) -> Self {
        Self {
            from,
            until,
            list_cost: values.list_cost,
            cost: values.cost,
            charge: values.charge,
            estimated_cost: values.estimated_cost,
            attempts: values.attempts,
            unbilled: values.unbilled,
            input_tokens: values.input_tokens,
            cache_read_tokens: values.cache_read_tokens,
            output_tokens: values.output_tokens,
        }
    }
}

pub(crate) fn example() -> serde_json::Value {
    serde_json::json!({
        "last_used_at": "2026-11-05T07:59:12.5Z",
        "currency": CURRENCY,
        "today": sums_example(),
        "month": sums_example(),
    })
}

fn sums_example() -> serde_json::Value {
    serde_json::json!({
        "from": "2026-11-05T00:00:00Z",
        "until": "2026-11-06T00:00:00Z",
        "list_cost": "1.25",
        "cost": "1.0625",
        "charge": "1.0625",
        "estimated_cost": "0",
        "attempts": 120,
        "unbilled": 1,
        "input_tokens": 90000,
        "cache_read_tokens": 10000,
        "output_tokens": 12000,
    })
}
