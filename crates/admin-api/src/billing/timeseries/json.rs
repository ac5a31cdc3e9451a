//! The answer.

use serde::Serialize;
use serde_json::{Value, json};
use tollgate_domain::{RollupValues, Timestamp, Usd};
use utoipa::ToSchema;

use super::question::Question;
use super::series::{AllSeries, Series};
use crate::schema::{CURRENCY, CurrencySchema, IntervalSchema, SumGroupSchema, TimestampSchema, UsdSchema};

/// Sums over time, column by column.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BillingTimeseries, examples(example))]
pub(in crate::billing) struct TimeseriesResponse {
    /// The IANA zone on whose clocks the points begin.
    zone: String,
    /// How long the points are.
    #[schema(value_type = IntervalSchema)]
    interval: &'static str,
    /// The first instant.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// The first instant after.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
    /// What the series tell apart; null for one series of everything.
    #[schema(value_type = Option<SumGroupSchema>)]
    group_by: Option<&'static str>,
    /// The instant the sums stand for; null for all the database has.
    #[schema(value_type = Option<TimestampSchema>)]
    as_of: Option<Timestamp>,
    /// When this was computed.
    #[schema(value_type = TimestampSchema)]
    generated_at: Timestamp,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// The points, in order.
    points: Vec<TimeseriesPoint>,
    /// The members of the group with the highest cost, in that order; empty without a group.
    series: Vec<TimeseriesSeries>,
    /// All other members together; null when there are none.
    other: Option<TimeseriesSeries>,
    /// Everything.
    total: TimeseriesSeries,
}

/// A point of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(point_example))]
struct TimeseriesPoint {
    /// Its first instant.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// The first instant after it.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
}

/// One member of the group over time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(series_example))]
struct TimeseriesSeries {
    /// The upstream's or key's id, the team or the model; empty for no team or no known model, null for `other` and
    /// `total`.
    member: Option<String>,
    /// The upstream's or key's name, the team or the model, where there is one.
    name: Option<String>,
    /// Whether it is an upstream or key that is gone.
    deleted: bool,
    /// How many members it stands for; 0 for `total`.
    members: usize,
    /// Over the whole range.
    total: TimeseriesValues,
    /// Of each point, in their order.
    values: TimeseriesColumns,
}

/// Sums.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(values_example))]
struct TimeseriesValues {
    /// Requests, each counted with its first attempt.
    requests: i64,
    /// Attempts sent to upstreams.
    attempts: i64,
    /// Of those, with a known cost.
    billed: i64,
    /// Of those, that may have cost money we cannot tell: in none of the amounts.
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
    /// Input tokens of unbilled attempts, where known.
    unbilled_input_tokens: i64,
    /// Output tokens of unbilled attempts, where known.
    unbilled_output_tokens: i64,
    /// At card rates, all multipliers 1.
    #[schema(value_type = UsdSchema)]
    list_cost: Usd,
    /// What the upstreams charge us.
    #[schema(value_type = UsdSchema)]
    cost: Usd,
    /// What the keys' owners pay.
    #[schema(value_type = UsdSchema)]
    charge: Usd,
    /// The part of `list_cost` that rests on estimated or partial usage.
    #[schema(value_type = UsdSchema)]
    estimated_list_cost: Usd,
    /// The part of `cost` that rests on estimated or partial usage.
    #[schema(value_type = UsdSchema)]
    estimated_cost: Usd,
    /// The part of `charge` that rests on estimated or partial usage.
    #[schema(value_type = UsdSchema)]
    estimated_charge: Usd,
}

/// Sums by point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(columns_example))]
struct TimeseriesColumns {
    /// Requests, each counted with its first attempt.
    requests: Vec<i64>,
    /// Attempts sent to upstreams.
    attempts: Vec<i64>,
    /// Of those, with a known cost.
    billed: Vec<i64>,
    /// Of those, that may have cost money we cannot tell: in none of the amounts.
    unbilled: Vec<i64>,
    /// Of those, known to have cost nothing.
    no_charge: Vec<i64>,
    /// Input tokens, cached or not.
    input_tokens: Vec<i64>,
    /// Of those, read from a cache.
    cache_read_tokens: Vec<i64>,
    /// Of those, written to a cache.
    cache_write_tokens: Vec<i64>,
    /// Output tokens, reasoning included.
    output_tokens: Vec<i64>,
    /// Of those, reasoning.
    reasoning_tokens: Vec<i64>,
    /// Input tokens of unbilled attempts, where known.
    unbilled_input_tokens: Vec<i64>,
    /// Output tokens of unbilled attempts, where known.
    unbilled_output_tokens: Vec<i64>,
    /// At card rates, all multipliers 1.
    #[schema(value_type = Vec<UsdSchema>)]
    list_cost: Vec<Usd>,
    /// What the upstreams charge us.
    #[schema(value_type = Vec<UsdSchema>)]
    cost: Vec<Usd>,
    /// What the keys' owners pay.
    #[schema(value_type = Vec<UsdSchema>)]
    charge: Vec<Usd>,
    /// The part of `list_cost` that rests on estimated or partial usage.
    #[schema(value_type = Vec<UsdSchema>)]
    estimated_list_cost: Vec<Usd>,
    /// The part of `cost` that rests on estimated or partial usage.
    #[schema(value_type = Vec<UsdSchema>)]
    estimated_cost: Vec<Usd>,
    /// The part of `charge` that rests on estimated or partial usage.
    #[schema(value_type = Vec<UsdSchema>)]
    estimated_charge: Vec<Usd>,
}

impl TimeseriesResponse {
    /// Of what was asked and found.
    pub(super) fn new(
        question: &Question,
        generated_at: Timestamp,
        ranges: Vec<(Timestamp, Timestamp)>,
        series: AllSeries,
    ) -> Self {
        let points = ranges.into_iter();
        Self {
            zone: question.zone.name().to_owned(),
            interval: question.interval.as_str(),
            from: question.from,
            until: question.until,
            group_by: question.group_name(),
            as_of: question.as_of,
            generated_at,
            currency: CURRENCY,
            points: points
                .map(|(from, until)| TimeseriesPoint { from, until })
                .collect(),
            series: series.shown.into_iter().map(Into::into).collect(),
            other: series.other.map(Into::into),
            total: series.total.into(),
        }
    }
}

impl From<Series> for TimeseriesSeries {
    fn from(series: Series) -> Self {
        Self {
            member: series.member,
            name: series.name,
            deleted: series.deleted,
            members: series.members,
            total: series.total.into(),
            values: TimeseriesColumns::of(&series.points),
        }
    }
}

impl From<RollupValues> for TimeseriesValues {
    fn from(values: RollupValues) -> Self {
        Self {
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
            unbilled_input_tokens: values.unbilled_input_tokens,
            unbilled_output_tokens: values.unbilled_output_tokens,
            list_cost: values.list_cost,
            cost: values.cost,
            charge: values.charge,
            estimated_list_cost: values.estimated_list_cost,
            estimated_cost: values.estimated_cost,
            estimated_charge: values.estimated_charge,
        }
    }
}

impl TimeseriesColumns {
    fn of(points: &[RollupValues]) -> Self {
        fn column<T>(points: &[RollupValues], of: impl Fn(&RollupValues) -> T) -> Vec<T> {
            points.iter().map(of).collect()
        }
        Self {
            requests: column(points, |values| values.requests),
            attempts: column(points, |values| values.attempts),
            billed: column(points, |values| values.billed),
            unbilled: column(points, |values| values.unbilled),
            no_charge: column(points, |values| values.no_charge),
            input_tokens: column(points, |values| values.input_tokens),
            cache_read_tokens: column(points, |values| values.cache_read_tokens),
            cache_write_tokens: column(points, |values| values.cache_write_tokens),
            output_tokens: column(points, |values| values.output_tokens),
            reasoning_tokens: column(points, |values| values.reasoning_tokens),
            unbilled_input_tokens: column(points, |values| values.unbilled_input_tokens),
            unbilled_output_tokens: column(points, |values| values.unbilled_output_tokens),
            list_cost: column(points, |values| values.list_cost),
            cost: column(points, |values| values.cost),
            charge: column(points, |values| values.charge),
            estimated_list_cost: column(points, |values| values.estimated_list_cost),
            estimated_cost: column(points, |values| values.estimated_cost),
            estimated_charge: column(points, |values| values.estimated_charge),
        }
    }
}

fn example() -> Value {
    json!({
        "zone": "Europe/Berlin",
        "interval": "day",
        "from": "2026-11-03T23:00:00Z",
        "until": "2026-11-04T23:00:00Z",
        "group_by": "model",
        "as_of": null,
        "generated_at": "2026-11-05T08:00:00Z",
        "currency": CURRENCY,
        "points": [point_example()],
        "series": [series_example()],
        "other": null,
        "total": series_example(),
    })
}

fn point_example() -> Value {
    json!({"from": "2026-11-03T23:00:00Z", "until": "2026-11-04T23:00:00Z"})
}

fn series_example() -> Value {
    json!({
        "member": "gpt-5-mini",
        "name": "gpt-5-mini",
        "deleted": false,
        "members": 1,
        "total": values_example(),
        "values": columns_example(),
    })
}

fn values_example() -> Value {
    json!({
        "requests": 12,
        "attempts": 12,
        "billed": 12,
        "unbilled": 12,
        "no_charge": 12,
        "input_tokens": 12,
        "cache_read_tokens": 12,
        "cache_write_tokens": 12,
        "output_tokens": 12,
        "reasoning_tokens": 12,
        "unbilled_input_tokens": 12,
        "unbilled_output_tokens": 12,
        "list_cost": "0.25",
        "cost": "0.25",
        "charge": "0.25",
        "estimated_list_cost": "0.25",
        "estimated_cost": "0.25",
        "estimated_charge": "0.25",
    })
}

fn columns_example() -> Value {
    json!({
        "requests": [12],
        "attempts": [12],
        "billed": [12],
        "unbilled": [12],
        "no_charge": [12],
        "input_tokens": [12],
        "cache_read_tokens": [12],
        "cache_write_tokens": [12],
        "output_tokens": [12],
        "reasoning_tokens": [12],
        "unbilled_input_tokens": [12],
        "unbilled_output_tokens": [12],
        "list_cost": ["0.25"],
        "cost": ["0.25"],
        "charge": ["0.25"],
        "estimated_list_cost": ["0.25"],
        "estimated_cost": ["0.25"],
        "estimated_charge": ["0.25"],
    })
}
