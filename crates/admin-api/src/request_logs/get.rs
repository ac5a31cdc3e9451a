//! `GET /api/admin/request-logs/{id}`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::RequestId;
use utoipa::ToSchema;

use super::attempt::{LogAttempt, attempts};
use super::json::{RequestLogResponse, example};
use super::routing::LogRouting;
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// One request, what was tried for it and with what end, and what was not tried.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLogDetail, examples(json!({
    "request": example(),
    "attempts": [super::attempt::example()],
    "routing": super::routing::example(),
    "receipt": "/api/admin/billing/requests/0198f0a0-0000-7000-8000-000000000003/receipt",
})))]
pub(super) struct RequestLogDetailResponse {
    /// The request.
    request: RequestLogResponse,
    /// The attempts that were sent, in the order they were tried.
    attempts: Vec<LogAttempt>,
    /// Why these upstreams; null where the request was refused before any came into question, where its end was never seen,
    /// and of requests before version 0015 of the schema.
    routing: Option<LogRouting>,
    /// Where its itemised bill is.
    receipt: String,
}

/// Shows one request with its attempts.
#[utoipa::path(
    get, path = "/api/admin/request-logs/{id}", tag = "request logs",
    params(("id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The request", body = RequestLogDetailResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_request_log(
    State(state): State<AdminState>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<RequestLogDetailResponse>, Problem> {
    let log = state.store.request_log(id).await?;
    let log = log.ok_or_else(|| Problem::not_found("request log", id))?;
    let entries = state.store.entries_of_request(id).await?;
    let routing = state.store.routing_decision(id).await?;
    Ok(Json(RequestLogDetailResponse {
        request: log.into(),
        attempts: attempts(entries)?,
        routing: routing.map(Into::into),
        receipt: format!("/api/admin/billing/requests/{id}/receipt"),
    }))
}
