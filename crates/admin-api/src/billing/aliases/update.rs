//! `PATCH /api/admin/billing/aliases/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use tollgate_domain::ports::RuleBefore;
use tollgate_domain::{AliasId, ModelName, PriceAlias};
use utoipa::ToSchema;

use super::draft::{AliasDraft, Put, living};
use super::json::AliasChangedResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::etag::{EDIT_TRIES, IfMatch, etag};
use crate::extract::{Change, JsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, UpdateRuleProblems};
use crate::schema::TimestampSchema;
use crate::time_text::TimeText;

/// Changes to an alias. What is absent stays as it is. Its name and upstream never change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"target": "gpt-5"})))]
pub(super) struct UpdateAliasRequest {
    /// The catalog or override name to price it as.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 256)]
    target: Option<String>,
    /// The reason; null empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Change<String>,
    /// Since when this version is right, if earlier than now.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<TimeText>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Puts another version of an alias in force, at once.
#[utoipa::path(
    patch, path = "/api/admin/billing/aliases/{id}", tag = "price rules",
    params(
        ("id" = Uuid, Path, description = "The alias"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version to change; without it, the one in force"),
    ),
    request_body = UpdateAliasRequest,
    responses(
        (status = 200, description = "The alias in force", body = AliasChangedResponse, headers(
            ("ETag" = String, description = "Its price version"),
        )),
        UpdateRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn update_alias(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<AliasId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<UpdateAliasRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut version = 0;
    for _ in 0..EDIT_TRIES {
        let current = living(&state, id).await?;
        version = current.span.version.get();
        if !if_match.allows(version) {
            break;
        }
        let request = request.clone();
        let alias = PriceAlias {
            target: request.target.map_or(current.alias.target, ModelName::new),
            note: request.note.onto(current.alias.note),
            author: author.0.name.to_string(),
            ..current.alias
        };
        let before = RuleBefore::Version(current.span.version);
        let draft = AliasDraft {
            alias,
            effective_from: request.effective_from,
            confirm: request.confirm,
        };
        match draft
            .put(&state, &author.0, before, FieldErrors::default())
            .await?
        {
            Put::Done(changed) => {
                let tag = etag(changed.alias.price_version.get());
                return Ok(([tag], Json(*changed)));
            }
            Put::Stale(now) => version = now,
            Put::Missing => return Err(Problem::not_found("alias", id)),
        }
    }
    Err(Problem::stale(version))
}
