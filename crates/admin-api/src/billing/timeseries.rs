//! `GET /api/admin/billing/timeseries`

use axum::Json;
use axum::extract::State;
use tollgate_domain::points;
use tollgate_domain::ports::SumQuery;
use utoipa::IntoParams;

mod json;
mod question;
mod series;

use json::TimeseriesResponse;
use question::Question;

use crate::AdminState;
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::{IntervalSchema, SumGroupSchema, TimestampSchema};

/// What to sum, and how.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct GetBillingTimeseriesParams {
    /// The first instant, on a quarter hour. Of the current month if not given; for hours, of the current day.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<String>,
    /// The first instant after, on a quarter hour. The next hour if not given. At most 31 days after `from` by hour,
    /// 400 by day, 3660 by month.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<String>,
    /// How long the points are. The first and the last end where the range does.
    #[param(value_type = Option<IntervalSchema>, default = "day")]
    interval: Option<String>,
    /// The IANA zone on whose clocks hours, days and months begin; the accounting zone if not given, which is also the
    /// fastest.
    zone: Option<String>,
    /// What to tell apart; one series of everything if not given.
    #[param(value_type = Option<SumGroupSchema>)]
    group_by: Option<String>,
    /// How many members of the group are shown, those with the highest cost; all others are one more series.
    #[param(minimum = 1, maximum = 50, default = 10)]
    top: Option<u16>,
    /// Only at this upstream.
    upstream_id: Option<uuid::Uuid>,
    /// Only of this key.
    key_id: Option<uuid::Uuid>,
    /// Only of this team; empty for keys without one.
    team: Option<String>,
    /// Only of this model as served, else sent, else requested; empty where none is known.
    model: Option<String>,
    /// Show the sums as they were at this instant: by what the database had taken by then, corrections included.
    #[param(value_type = Option<TimestampSchema>)]
    as_of: Option<String>,
}

/// Sums amounts, attempts and tokens over time. Every point of the range is there: one without attempts is zero, which
/// is known. All series together are the overview's sums over the same range.
#[utoipa::path(
    get, path = "/api/admin/billing/timeseries", tag = "billing",
    params(GetBillingTimeseriesParams),
    responses((status = 200, description = "The sums", body = TimeseriesResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_billing_timeseries(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<TimeseriesResponse>, Problem> {
    let now = state.clock.now();
    let question = Question::read(&mut query, state.zone, now);
    query.finish()?;
    let ranges = points(question.zone, question.interval, question.from, question.until);
    let sums = SumQuery {
        ranges: ranges.clone(),
        group: question.group,
        filter: question.filter.clone(),
        as_of: question.as_of,
    };
    let sums = state.store.top_sums(sums, question.top).await?;
    let names = match question.group {
        None => tollgate_domain::ports::MemberNames::default(),
        Some(_) => state.store.member_names().await?,
    };
    let series = series::of(&question, ranges.len(), sums, names)?;
    Ok(Json(TimeseriesResponse::new(&question, now, ranges, series)))
}
