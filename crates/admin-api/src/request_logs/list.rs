//! `GET /api/admin/request-logs`

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{CostCursor, CostOrder, LogCursor, LogFilter, LogRow, TimeOrder};
use tollgate_domain::{RequestId, Timestamp, Usd};
use utoipa::{IntoParams, ToSchema};

use super::filter::{self, LogFilterParams, one_of};
use super::json::{RequestLogResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT, Listed};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::{LogSortSchema, TimestampSchema};

/// How many requests a page in the order of time looks at, at most.
const SCANNED: u32 = 10_000;
/// How many requests are looked at for a ranking by cost, at most.
const RANKED: u32 = 10_000;
/// The longest time that requests are ranked over, and how long it is where the caller does not say, in days.
const MAX_RANKED_DAYS: i64 = 31;
const DEFAULT_RANKED_DAYS: i64 = 1;

/// Which page.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct LogPageParams {
    /// In which order. Ranking by cost is bounded: over at most 31 days (the last day where `from` is missing), of at most
    /// the newest 10,000 requests that one of the filters with an index leaves, and of those whose cost is known.
    #[param(value_type = Option<LogSortSchema>, inline)]
    sort: Option<String>,
    /// Where to go on: the `next_cursor` of the page before, with the same filters and order.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of request logs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLogList, examples(json!({
    "items": [example()], "next_cursor": null, "scanned_to": null, "ranked": null,
})))]
pub(super) struct RequestLogListResponse {
    /// The requests, in the order asked for.
    items: Vec<RequestLogResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
    /// The admission of the last request that was looked at, where the page ended there before it was full: after 10,000
    /// requests of which few match, because no index finds what the filter asks for. Go on with `next_cursor`. Null where
    /// the page is full or the last.
    #[schema(value_type = Option<TimestampSchema>)]
    scanned_to: Option<Timestamp>,
    /// What was ranked; null where the order is that of time.
    ranked: Option<Ranked>,
}

/// Over what a ranking goes: the same on all its pages.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = RankedLogs, examples(json!({
    "from": "2026-11-04T08:00:00Z", "until": "2026-11-05T08:00:00Z", "complete": true,
})))]
struct Ranked {
    /// Requests admitted at or after.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// Requests admitted before.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
    /// Whether all that match were ranked; false where more than 10,000 requests were to be looked at: of these the newest
    /// were.
    complete: bool,
}

/// In which order.
#[derive(Debug, Clone, Copy)]
enum Sort {
    Time(TimeOrder),
    Cost(CostOrder),
}

/// Where a page ends, in the order of the member that is there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    sort: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<Usd>,
    id: RequestId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ranked: Option<Ranked>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor: Option<(Timestamp, RequestId)>,
}

/// Lists requests with their bill.
#[utoipa::path(
    get, path = "/api/admin/request-logs", tag = "request logs",
    params(LogFilterParams, LogPageParams),
    responses((status = 200, description = "A page of requests", body = RequestLogListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_request_logs(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<RequestLogListResponse>, Problem> {
    let filter = filter::read(&mut query);
    let sort = query.take("sort", Sort::parse).unwrap_or_default();
    let listed = query.listed();
    let after: Option<Place> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    if after.as_ref().is_some_and(|place| !place.fits(sort)) {
        query.refuse("cursor", "is of a list in another order".to_owned());
    }
    if let (Sort::Cost(_), Some(from)) = (sort, filter.from) {
        let until = filter.until.unwrap_or_else(|| state.clock.now());
        if until - from > TimeDelta::days(MAX_RANKED_DAYS) {
            let days = (until - from).num_days();
            let message =
                format!("a ranking by cost goes over at most {MAX_RANKED_DAYS} days, these are {days}");
            query.refuse("from", message);
        }
    }
    query.finish()?;
    match sort {
        Sort::Time(order) => by_time(&state, filter, order, (listed, after), limit).await,
        Sort::Cost(order) => by_cost(&state, filter, order, (listed, after), limit).await,
    }
}

async fn by_time(
    state: &AdminState,
    filter: LogFilter,
    order: TimeOrder,
    (listed, after): (Listed, Option<Place>),
    limit: u16,
) -> Result<Json<RequestLogListResponse>, Problem> {
    let after = after.and_then(|place| {
        Some(LogCursor {
            occurred_at: place.at?,
            request_id: place.id,
        })
    });
    let store = &state.store;
    let end = store.log_scan_end(filter.clone(), order, after, SCANNED).await?;
    // One more than asked for tells whether another page follows.
    let rows = store.request_logs(filter, order, after, end, limit + 1).await?;
    let place = |at, id| Place {
        sort: Sort::Time(order).as_str().to_owned(),
        at: Some(at),
        cost: None,
        id,
        ranked: None,
        floor: None,
    };
    let is_full = rows.len() > usize::from(limit);
    let mut page = page(
        (rows, limit),
        |row| place(row.occurred_at, row.request_id),
        listed,
        None,
    );
    if let Some(end) = end.filter(|_| !is_full) {
        page.next_cursor = Some(listed.encode(&place(end.occurred_at, end.request_id)));
        page.scanned_to = Some(end.occurred_at);
    }
    Ok(Json(page))
}

async fn by_cost(
    state: &AdminState,
    mut filter: LogFilter,
    order: CostOrder,
    (listed, after): (Listed, Option<Place>),
    limit: u16,
) -> Result<Json<RequestLogListResponse>, Problem> {
    let (ranked, floor) = match after
        .as_ref()
        .and_then(|place| Some((place.ranked?, place.floor)))
    {
        Some((ranked, floor)) => {
            let floor = floor.map(|(occurred_at, request_id)| LogCursor {
                occurred_at,
                request_id,
            });
            (ranked, floor)
        }
        None => rank(state, &filter).await?,
    };
    (filter.from, filter.until) = (Some(ranked.from), Some(ranked.until));
    let after = after.and_then(|place| {
        Some(CostCursor {
            cost: place.cost?,
            request_id: place.id,
        })
    });
    let rows = state
        .store
        .request_logs_by_cost(filter, order, floor, after, limit + 1)
        .await?;
    let place = |row: &LogRow| Place {
        sort: Sort::Cost(order).as_str().to_owned(),
        at: None,
        cost: row.cost,
        id: row.request_id,
        ranked: Some(ranked),
        floor: floor.map(|floor| (floor.occurred_at, floor.request_id)),
    };
    Ok(Json(page((rows, limit), place, listed, Some(ranked))))
}

/// Over what to rank: decided by the first page and kept by the others, so that what arrives meanwhile moves nothing.
async fn rank(state: &AdminState, filter: &LogFilter) -> Result<(Ranked, Option<LogCursor>), Problem> {
    let until = filter.until.unwrap_or_else(|| state.clock.now());
    let from = filter
        .from
        .unwrap_or_else(|| until - TimeDelta::days(DEFAULT_RANKED_DAYS));
    let window = LogFilter {
        from: Some(from),
        until: Some(until),
        ..filter.clone()
    };
    let floor = state.store.log_floor(window, RANKED).await?;
    let complete = floor.is_none();
    Ok((
        Ranked {
            from,
            until,
            complete,
        },
        floor,
    ))
}

fn page(
    (mut rows, limit): (Vec<LogRow>, u16),
    place: impl Fn(&LogRow) -> Place,
    listed: Listed,
    ranked: Option<Ranked>,
) -> RequestLogListResponse {
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(place);
    RequestLogListResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: rows.into_iter().map(Into::into).collect(),
        scanned_to: None,
        ranked,
    }
}

// === impl Sort, Place ===

impl Sort {
    const ALL: [Self; 4] = [
        Self::Time(TimeOrder::NewestFirst),
        Self::Time(TimeOrder::OldestFirst),
        Self::Cost(CostOrder::CostliestFirst),
        Self::Cost(CostOrder::CheapestFirst),
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Time(TimeOrder::NewestFirst) => "time_desc",
            Self::Time(TimeOrder::OldestFirst) => "time_asc",
            Self::Cost(CostOrder::CostliestFirst) => "cost_desc",
            Self::Cost(CostOrder::CheapestFirst) => "cost_asc",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|sort| sort.as_str() == text);
        found.ok_or_else(|| one_of(text, &Self::ALL.map(Self::as_str)))
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self::Time(TimeOrder::NewestFirst)
    }
}

impl Place {
    fn fits(&self, sort: Sort) -> bool {
        let complete = match sort {
            Sort::Time(_) => self.at.is_some(),
            Sort::Cost(_) => self.cost.is_some() && self.ranked.is_some(),
        };
        complete && self.sort == sort.as_str()
    }
}
