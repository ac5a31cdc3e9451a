//! `GET /api/admin/stats`

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use serde::Serialize;
use tollgate_domain::ports::{StatsBy, StatsFilter};
use tollgate_domain::{Timestamp, quarter_start};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::json::{StatsGroupResponse, StatsSums, group_example, sums_example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::request_logs::{one_of, parse_id};
use crate::schema::{CURRENCY, CurrencySchema, StatsBySchema, TimestampSchema};
use crate::time_text::parse_time;

/// The longest range, in days.
const MAX_DAYS: i64 = 366;
/// The range of those who do not say, in hours.
const DEFAULT_HOURS: i64 = 24;
/// Of a bucket, in minutes.
const BUCKET_MINUTES: i64 = 15;

/// Which buckets, and how grouped.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct StatsParams {
    /// From the 15-minute UTC bucket this is in; a day before `until` where it is missing.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// To the end of the bucket before this, or of the one it is in; now where it is missing. At most 366 days after
    /// `from`.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// What the groups are of.
    #[param(value_type = Option<StatsBySchema>)]
    group_by: Option<String>,
    /// Of this key.
    key_id: Option<Uuid>,
    /// Whose key was of this team then.
    #[param(min_length = 1)]
    team: Option<String>,
    /// Of this upstream: attempts at it, and requests it answered last.
    upstream_id: Option<Uuid>,
    /// Of this model: served, else sent, else requested.
    #[param(min_length = 1)]
    model: Option<String>,
    /// How many groups at most, the busiest first. The total is of all of them.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// Statistics, from rollups.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stats, examples(json!({
    "from": "2026-11-04T08:00:00Z",
    "until": "2026-11-05T08:15:00Z",
    "group_by": "upstream",
    "currency": "USD",
    "latency_error": "0.0625",
    "total": sums_example(),
    "groups": [group_example()],
    "more_groups": 0,
})))]
pub(super) struct StatsResponse {
    /// Start of the first bucket.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// End of the last bucket.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
    /// What the groups are of.
    #[schema(value_type = StatsBySchema)]
    group_by: &'static str,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// By what part of itself a percentile may be off at most: latencies are counted in bins.
    latency_error: &'static str,
    /// Over all groups.
    total: StatsSums,
    /// The groups, the one with most attempts first.
    groups: Vec<StatsGroupResponse>,
    /// How many further groups there are.
    more_groups: usize,
}

/// Shows requests, errors, latencies, speed and what caching saved. From rollups only, so that the answer does not depend
/// on how many requests there were, and outlives the request logs.
#[utoipa::path(
    get, path = "/api/admin/stats", tag = "stats",
    params(StatsParams),
    responses((status = 200, description = "The statistics", body = StatsResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_stats(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<StatsResponse>, Problem> {
    let (filter, by, limit) = read(&mut query, state.clock.now());
    query.finish()?;
    let (from, until) = (filter.from, filter.until);
    let found = state.store.stats(filter, by, limit).await?;
    let more_groups = found.members.saturating_sub(found.groups.len());
    Ok(Json(StatsResponse {
        from,
        until,
        group_by: by.as_str(),
        currency: CURRENCY,
        latency_error: "0.0625",
        total: StatsSums::of(&found.total),
        groups: found
            .groups
            .into_iter()
            .map(|group| StatsGroupResponse::of(group, by))
            .collect(),
        more_groups,
    }))
}

fn read(query: &mut QueryReader, now: Timestamp) -> (StatsFilter, StatsBy, u16) {
    let until = query.take("until", parse_time).unwrap_or(now);
    let from = query
        .take("from", parse_time)
        .unwrap_or_else(|| until - TimeDelta::hours(DEFAULT_HOURS));
    if from >= until {
        query.refuse("until", "must be later than from".to_owned());
    } else if until - from > TimeDelta::days(MAX_DAYS) {
        let days = (until - from).num_days();
        query.refuse(
            "from",
            format!("the range is of {days} days; at most {MAX_DAYS} are allowed"),
        );
    }
    let by = query.take("group_by", |text| {
        StatsBy::from_name(text).ok_or_else(|| one_of(text, &StatsBy::ALL.map(StatsBy::as_str)))
    });
    let filter = StatsFilter {
        from: quarter_start(from),
        until: bucket_end(until),
        key_id: query.take("key_id", parse_id),
        team: query.take_text("team"),
        upstream_id: query.take("upstream_id", parse_id),
        model: query.take_text("model"),
    };
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    (filter, by.unwrap_or(StatsBy::Upstream), limit)
}

/// The end of the bucket an instant is in, or the instant where a bucket ends there.
fn bucket_end(at: Timestamp) -> Timestamp {
    let start = quarter_start(at);
    if start == at {
        at
    } else {
        start + TimeDelta::minutes(BUCKET_MINUTES)
    }
}
