//! `GET /api/admin/request-logs`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{LogCursor, LogFilter, LogRow};
use tollgate_domain::{RequestId, RequestStatus, Timestamp, UnbilledReason};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::json::{RequestLogResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::{RequestStatusSchema, TimestampSchema, UnbilledReasonSchema};
use crate::time_text::parse_time;

/// Which request logs.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListRequestLogsParams {
    /// Admitted at or after.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// Admitted before.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// Of this key.
    key_id: Option<Uuid>,
    /// Answered by this upstream.
    upstream_id: Option<Uuid>,
    /// Naming exactly this model.
    #[param(min_length = 1)]
    model: Option<String>,
    /// With this billing status.
    #[param(value_type = Option<RequestStatusSchema>)]
    billing_status: Option<String>,
    /// With this unbilled reason on an attempt.
    #[param(value_type = Option<UnbilledReasonSchema>)]
    reason: Option<String>,
    /// Where to go on: the `next_cursor` of the page before, with the same filters.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of request logs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLogList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct RequestLogListResponse {
    /// The requests, newest first.
    items: Vec<RequestLogResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Where a page ends.
#[derive(Serialize, Deserialize)]
struct Place {
    at: Timestamp,
    id: RequestId,
}

/// Lists requests with their bill, newest first.
#[utoipa::path(
    get, path = "/api/admin/request-logs", tag = "request logs",
    params(ListRequestLogsParams),
    responses((status = 200, description = "A page of requests", body = RequestLogListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_request_logs(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<RequestLogListResponse>, Problem> {
    let filter = read_filter(&mut query);
    let after: Option<Place> = query.take("cursor", cursor::decode);
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let after = after.map(|place| LogCursor {
        occurred_at: place.at,
        request_id: place.id,
    });
    // One more than asked for tells whether another page follows.
    let mut rows = state.store.request_logs(filter, after, limit + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(place);
    Ok(Json(RequestLogListResponse {
        next_cursor: last.as_ref().map(cursor::encode),
        items: rows.into_iter().map(Into::into).collect(),
    }))
}

fn place(row: &LogRow) -> Place {
    Place {
        at: row.occurred_at,
        id: row.request_id,
    }
}

fn read_filter(query: &mut QueryReader) -> LogFilter {
    let filter = LogFilter {
        from: query.take("from", parse_time),
        until: query.take("until", parse_time),
        key_id: query.take("key_id", parse_id),
        upstream_id: query.take("upstream_id", parse_id),
        model: query.take_text("model"),
        status: query.take("billing_status", |text| {
            RequestStatus::from_name(text)
                .ok_or_else(|| one_of(text, &RequestStatus::ALL.map(RequestStatus::as_str)))
        }),
        reason: query.take("reason", |text| {
            let names = UnbilledReason::ALL.map(UnbilledReason::as_str);
            let known = names.contains(&text).then(|| text.to_owned());
            known.ok_or_else(|| one_of(text, &names))
        }),
    };
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && from >= until
    {
        query.refuse("until", "must be later than from".to_owned());
    }
    filter
}

fn parse_id<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is no UUID"))
}

fn one_of(text: &str, names: &[&str]) -> String {
    format!("{text:?} is none of {}", names.join(", "))
}
