//! `POST /api/admin/billing/prices/sync`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use tollgate_domain::ports::SyncStart;
use utoipa::ToSchema;

use crate::AdminState;
use crate::auth::Author;
use crate::extract::{OptionalJsonBody, given};
use crate::price_releases::{PATH, PriceReleaseResponse};
use crate::problem::{Problem, ProblemType, SyncProblems};
use crate::schema::PriceMapSourceSchema;

/// How to sync.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"source": "litellm", "force": false})))]
pub(super) struct StartPriceSyncRequest {
    /// Where prices come from; `litellm`, the only source there is, by default.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PriceMapSourceSchema>, nullable = false)]
    source: Option<Source>,
    /// Compares the whole map even if the server says that it has not changed; for after the guard's bounds have.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = false)]
    force: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Litellm,
}

/// Begins a sync of the public price map. The answer is the run, to be followed at its `Location` until its state is no
/// longer `running`.
#[utoipa::path(
    post, path = "/api/admin/billing/prices/sync", tag = "prices",
    request_body = Option<StartPriceSyncRequest>,
    responses(
        (status = 202, description = "The run that has begun", body = PriceReleaseResponse, headers(
            ("Location" = String, description = "Where to follow it"),
        )),
        SyncProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn start_price_sync(
    State(state): State<AdminState>,
    Author(author): Author,
    OptionalJsonBody(request): OptionalJsonBody<StartPriceSyncRequest>,
) -> Result<impl IntoResponse, Problem> {
    let Source::Litellm = request.source.unwrap_or(Source::Litellm);
    let force = request.force.unwrap_or(false);
    match state.runtime.start_price_sync(&author, force).await? {
        SyncStart::Busy(running) => {
            let detail = match running {
                Some(id) => format!("follow it at {PATH}/{id}"),
                None => "another replica runs it; try again in a minute".to_owned(),
            };
            Err(Problem::new(ProblemType::SyncRunning, detail))
        }
        SyncStart::Started(id) => {
            let release = state.store.release(id).await?;
            let release = release.ok_or_else(|| Problem::not_found("price release", id))?;
            let location = [(LOCATION, format!("{PATH}/{id}"))];
            Ok((
                StatusCode::ACCEPTED,
                location,
                Json(PriceReleaseResponse::from(release)),
            ))
        }
    }
}
