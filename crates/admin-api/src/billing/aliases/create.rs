//! `POST /api/admin/billing/aliases`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use tollgate_domain::ports::RuleBefore;
use tollgate_domain::{AliasId, ModelName, PriceAlias, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{AliasDraft, Put};
use super::json::AliasChangedResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::etag::etag;
use crate::extract::JsonBody;
use crate::field::FieldErrors;
use crate::problem::{CreateRuleProblems, Problem};
use crate::schema::TimestampSchema;
use crate::time_text::TimeText;

/// Another name for a model that has a price.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"alias": "house-mini", "target": "gpt-5-mini", "note": "our name for it"})))]
pub(super) struct CreateAliasRequest {
    /// The name an upstream uses, matched exactly.
    #[schema(min_length = 1, max_length = 256)]
    alias: String,
    /// The catalog or override name to price it as.
    #[schema(min_length = 1, max_length = 256)]
    target: String,
    /// Only for this upstream; global if not given.
    #[serde(default)]
    upstream_id: Option<Uuid>,
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
    /// Since when the name is right, if earlier than now. It applies from now on all the same; the answer says how many
    /// ledger entries since then it would have changed.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<TimeText>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Gives a model another name for pricing. It is in force at once; other gateways follow within a second.
#[utoipa::path(
    post, path = "/api/admin/billing/aliases", tag = "price rules",
    request_body = CreateAliasRequest,
    responses(
        (status = 201, description = "The alias in force", body = AliasChangedResponse, headers(
            ("ETag" = String, description = "Its price version"),
            ("Location" = String, description = "Its path"),
        )),
        CreateRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn create_alias(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(request): JsonBody<CreateAliasRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut errors = FieldErrors::default();
    let upstream_id = request.upstream_id.map(UpstreamId::new);
    if let Some(id) = upstream_id
        && state.store.upstream(id).await?.is_none()
    {
        errors.push("upstream_id", format!("there is no upstream {id}"));
    }
    let alias = PriceAlias {
        id: AliasId::new(state.ids.new_id(state.clock.now())),
        alias: ModelName::new(request.alias),
        target: ModelName::new(request.target),
        upstream_id,
        note: request.note,
        author: author.0.name.to_string(),
    };
    let draft = AliasDraft {
        alias,
        effective_from: request.effective_from,
        confirm: request.confirm,
    };
    match draft.put(&state, &author.0, RuleBefore::Nothing, errors).await? {
        Put::Done(changed) => {
            let location = format!("/api/admin/billing/aliases/{}", changed.alias.id);
            let tag = etag(changed.alias.price_version.get());
            Ok((StatusCode::CREATED, [tag], [(LOCATION, location)], Json(*changed)))
        }
        Put::Stale(version) => Err(Problem::stale(version)),
        Put::Missing => Err(Problem::stale(0)),
    }
}
