//! `GET /api/admin/audit-log/{id}`

use axum::Json;
use axum::extract::State;

use super::json::AuditDetailResponse;
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows an edit with the states before and after it. Secrets are masked.
#[utoipa::path(
    get, path = "/api/admin/audit-log/{id}", tag = "access",
    params(("id" = i64, Path, description = "The edit's number")),
    responses((status = 200, description = "The edit", body = AuditDetailResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_audit_entry(
    State(state): State<AdminState>,
    PathId(id): PathId<i64>,
) -> Result<Json<AuditDetailResponse>, Problem> {
    let entry = state.store.audit_entry(id).await?;
    let entry = entry.ok_or_else(|| Problem::not_found("edit", id))?;
    Ok(Json(entry.into()))
}
