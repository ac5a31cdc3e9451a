//! Statistics on the wire.

use serde::Serialize;
use tollgate_domain::ports::{StatsBy, StatsGroup};
use tollgate_domain::{Histogram, LatencyMetric, Usd, percentile};
use utoipa::ToSchema;

use crate::request_logs::thousandths;
use crate::schema::{ShareSchema, TokensPerSecondSchema, UsdSchema};

/// Sums and percentiles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(super::json::sums_example))]
pub(super) struct StatsSums {
    /// Finished requests, by admission.
    requests: u64,
    /// Of those, ended with an error: of anybody's, or a status of 4xx or 5xx.
    errors: u64,
    /// The errors, by origin and class of status.
    errors_by: Vec<StatsErrors>,
    /// Attempts, by dispatch: what everything below is of.
    attempts: i64,
    /// Of those, unbilled when they ended.
    unbilled: i64,
    /// Tokens of the attempts whose usage is known.
    tokens: StatsTokens,
    /// From dispatch to the first content.
    ttft: Option<StatsLatency>,
    /// From dispatch to the end.
    duration: Option<StatsLatency>,
    /// Output tokens a second of generation, over complete answers of known usage; null without any.
    #[schema(value_type = Option<TokensPerSecondSchema>)]
    tokens_per_second: Option<String>,
    /// The part of the input tokens that was served from a cache; null without any input.
    #[schema(value_type = Option<ShareSchema>)]
    cache_hit_share: Option<String>,
    /// What the attempts with cached tokens would have cost more without a cache: their cached tokens at the rate of their
    /// uncached input, less what they cost. Below zero where writes cost more than reads saved. A part of `cost`; null
    /// where it is known of no attempt.
    #[schema(value_type = Option<UsdSchema>)]
    cache_saved_cost: Option<Usd>,
    /// Attempts with cached tokens of which that is not known, and that are not in the sum.
    cache_saved_unknown: i64,
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

/// Errors of one origin and class.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({"error_origin": "upstream", "status_class": "5xx", "requests": 3})))]
pub(super) struct StatsErrors {
    /// Whose error it was: `client`, `upstream` or `gateway`; null where nobody's was noted.
    error_origin: Option<String>,
    /// The class of the status the caller got. An error inside a stream comes after a 2xx.
    status_class: String,
    /// How many requests.
    requests: u64,
}

/// Token sums.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "input": 120_000, "cache_read": 90_000, "cache_write": 0, "output": 9_000, "reasoning": 2_000,
})))]
pub(super) struct StatsTokens {
    /// All input, cached or not.
    input: i64,
    /// Of it, served from a cache.
    cache_read: i64,
    /// Of it, written to a cache.
    cache_write: i64,
    /// All output, reasoning included.
    output: i64,
    /// Of it, reasoning.
    reasoning: i64,
}

/// Percentiles in microseconds, each at most 6.25 % off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({"count": 118, "p50_us": 368_639, "p90_us": 638_975, "p99_us": 1_507_327})))]
pub(super) struct StatsLatency {
    /// Of how many attempts.
    count: i64,
    /// Half are not above.
    p50_us: u64,
    /// Nine of ten are not above.
    p90_us: u64,
    /// 99 of a hundred are not above.
    p99_us: u64,
}

/// One group's statistics.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StatsGroup, examples(super::json::group_example))]
pub(super) struct StatsGroupResponse {
    /// The id of the upstream or key, the team or the model; null for requests that had none.
    of: Option<String>,
    /// What an upstream or key is called now; null where it is not known any more, and for teams and models.
    name: Option<String>,
    /// Its sums.
    sums: StatsSums,
}

pub(super) fn sums_example() -> serde_json::Value {
    serde_json::json!({
        "requests": 120,
        "errors": 3,
        "errors_by": [{"error_origin": "upstream", "status_class": "5xx", "requests": 3}],
        "attempts": 121,
        "unbilled": 0,
        "tokens": {"input": 120_000, "cache_read": 90_000, "cache_write": 0, "output": 9_000, "reasoning": 2_000},
        "ttft": {"count": 118, "p50_us": 368_639, "p90_us": 638_975, "p99_us": 1_507_327},
        "duration": {"count": 121, "p50_us": 1_507_327, "p90_us": 4_063_231, "p99_us": 12_058_623},
        "tokens_per_second": "61.250",
        "cache_hit_share": "0.750000",
        "cache_saved_cost": "0.2025",
        "cache_saved_unknown": 0,
        "list_cost": "0.31",
        "cost": "0.31",
        "charge": "0.31",
    })
}

pub(super) fn group_example() -> serde_json::Value {
    serde_json::json!({
        "of": "0198f0a0-0000-7000-8000-000000000001",
        "name": "openai-main",
        "sums": sums_example(),
    })
}

impl StatsGroupResponse {
    pub(super) fn of(group: StatsGroup, by: StatsBy) -> Self {
        let sums = StatsSums::of(&group);
        let is_named = matches!(by, StatsBy::Upstream | StatsBy::Key);
        Self {
            of: Some(group.of).filter(|of| !of.is_empty()),
            name: group.name.filter(|_| is_named),
            sums,
        }
    }
}

impl StatsSums {
    pub(super) fn of(group: &StatsGroup) -> Self {
        let (values, extras) = (&group.values, &group.extras);
        let is_error = |origin: &str, class: u8| !origin.is_empty() || class >= 4;
        let errors = group
            .requests
            .iter()
            .filter(|((origin, class), _)| is_error(origin, *class));
        let errors_by: Vec<StatsErrors> = errors
            .map(|((origin, class), requests)| StatsErrors {
                error_origin: Some(origin.clone()).filter(|origin| !origin.is_empty()),
                status_class: format!("{class}xx"),
                requests: *requests,
            })
            .collect();
        Self {
            requests: group.request_count(),
            errors: errors_by.iter().map(|errors| errors.requests).sum(),
            errors_by,
            attempts: values.attempts,
            unbilled: values.unbilled,
            tokens: StatsTokens {
                input: values.input_tokens,
                cache_read: values.cache_read_tokens,
                cache_write: values.cache_write_tokens,
                output: values.output_tokens,
                reasoning: values.reasoning_tokens,
            },
            ttft: StatsLatency::of(&group.histogram, LatencyMetric::Ttft),
            duration: StatsLatency::of(&group.histogram, LatencyMetric::Duration),
            tokens_per_second: ratio(extras.timed_output_tokens, extras.generation_us, 1_000_000_000)
                .map(thousandths),
            cache_hit_share: ratio(values.cache_read_tokens, values.input_tokens, 1_000_000)
                .map(|millionths| format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)),
            cache_saved_cost: (extras.cache_known > 0).then_some(extras.cache_saved_cost),
            cache_saved_unknown: extras.cache_unknown,
            list_cost: values.list_cost,
            cost: values.cost,
            charge: values.charge,
        }
    }
}

impl StatsLatency {
    fn of(histogram: &Histogram, metric: LatencyMetric) -> Option<Self> {
        let of_metric = histogram.iter().filter(|((of, _), _)| *of == metric);
        Some(Self {
            p50_us: percentile(histogram, metric, 500)?,
            p90_us: percentile(histogram, metric, 900)?,
            p99_us: percentile(histogram, metric, 990)?,
            count: of_metric.map(|(_, count)| *count).sum(),
        })
    }
}

/// `part * scale / whole`, rounded down; `None` of nothing.
fn ratio(part: i64, whole: i64, scale: i64) -> Option<u64> {
    if whole <= 0 {
        return None;
    }
    let scaled = i128::from(part) * i128::from(scale) / i128::from(whole);
    u64::try_from(scaled).ok()
}
