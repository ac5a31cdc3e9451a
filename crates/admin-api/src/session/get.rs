//! `GET /api/admin/session`

use axum::Json;
use axum::extract::State;

use super::json::SessionResponse;
use crate::AdminState;
use crate::auth::Admission;
use crate::problem::{Problem, ReadProblems};

/// Says who the caller is, by session or bearer token, and gives the session's `csrf_token` again.
#[utoipa::path(
    get, path = "/api/admin/session", tag = "access",
    responses((status = 200, description = "Who the caller is", body = SessionResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_session(
    State(state): State<AdminState>,
    admission: Admission,
) -> Result<Json<SessionResponse>, Problem> {
    Ok(Json(SessionResponse::of(admission, &state.access)))
}
