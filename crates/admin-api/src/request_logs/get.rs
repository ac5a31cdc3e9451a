//! `GET /api/admin/request-logs/{id}`

use axum::Json;
use axum::extract::State;
use tollgate_domain::RequestId;

use super::json::RequestLogResponse;
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows one request. Its itemised bill is at `/api/admin/billing/requests/{id}/receipt`.
#[utoipa::path(
    get, path = "/api/admin/request-logs/{id}", tag = "request logs",
    params(("id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The request", body = RequestLogResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_request_log(
    State(state): State<AdminState>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<RequestLogResponse>, Problem> {
    let log = state.store.request_log(id).await?;
    let log = log.ok_or_else(|| Problem::not_found("request log", id))?;
    Ok(Json(log.into()))
}
