//! `DELETE /api/admin/session`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::StatusCode;
use http::header::SET_COOKIE;

use crate::AdminState;
use crate::auth::{Admission, Author, Gate, ended};
use crate::problem::{FindProblems, Problem};

/// Signs out: ends the session whose cookie came with the request.
#[utoipa::path(
    delete, path = "/api/admin/session", tag = "access",
    responses(
        (status = 204, description = "The session has ended", headers(
            ("Set-Cookie" = String, description = "Removes the cookie"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn delete_session(
    State(state): State<AdminState>,
    Extension(gate): Extension<Arc<Gate>>,
    author: Author,
    admission: Admission,
) -> Result<impl IntoResponse, Problem> {
    let Some((session, _)) = admission.session else {
        return Err(Problem::not_found("session of", "a bearer token"));
    };
    gate.forget_session(&session);
    let now = state.clock.now();
    state.store.end_session(session.id, &author.0, now).await?;
    let cookies = ended().map(|cookie| (SET_COOKIE, cookie));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies)))
}
