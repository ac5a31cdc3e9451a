//! `POST /api/admin/upstreams/{id}/test`

mod json;
mod preview;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use tollgate_domain::ports::{TestCall, TestRefusal};
use tollgate_domain::{ModelName, Protocol, UpstreamId};
use utoipa::ToSchema;

use json::UpstreamTestResponse;
use preview::Preview;

use super::draft::{MODEL_MAX, checked_base_url};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::{OptionalJsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, TestProblems};
use crate::schema::ProtocolSchema;

/// What to send.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({"model": "gpt-5-mini", "dry_run": true}),
    json!({"model": "gpt-5-mini", "protocol": "openai_chat", "stream": true}),
))]
pub(super) struct TestUpstreamRequest {
    /// The model a caller would name; the first one that the upstream's rules spell out if not given.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 256)]
    model: Option<String>,
    /// In which wire protocol; one that the upstream speaks if not given.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ProtocolSchema>, nullable = false)]
    protocol: Option<Protocol>,
    /// Whether the answer is asked for as a stream.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = false)]
    stream: Option<bool>,
    /// Only says what would be sent and what it would cost at most.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = false)]
    dry_run: Option<bool>,
}

/// Sends one tiny request to an upstream, whether it takes traffic or not, the way every request goes, and says what came
/// of it. It costs money like any other and stands in ledger and logs under the key `console`. With `dry_run` nothing is
/// sent. Redirects are not followed.
#[utoipa::path(
    post, path = "/api/admin/upstreams/{id}/test", tag = "upstreams",
    params(("id" = Uuid, Path, description = "The upstream")),
    request_body = Option<TestUpstreamRequest>,
    responses(
        (status = 200, description = "What would be sent, and what came of it", body = UpstreamTestResponse),
        TestProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn test_upstream(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(id): PathId<UpstreamId>,
    OptionalJsonBody(request): OptionalJsonBody<TestUpstreamRequest>,
) -> Result<Json<UpstreamTestResponse>, Problem> {
    let upstream = state.store.upstream(id).await?;
    let upstream = upstream.ok_or_else(|| Problem::not_found("upstream", id))?;
    let mut errors = FieldErrors::default();
    if let Some(model) = &request.model {
        errors.text("model", model, MODEL_MAX);
    }
    // What was stored by an earlier version is held to the rules of today.
    errors.keep("base_url", checked_base_url(&upstream.base_url));
    errors.into_result().map_err(Problem::invalid)?;
    let call = TestCall {
        upstream: id,
        protocol: request.protocol,
        model: request.model.map(ModelName::new),
        stream: request.stream.unwrap_or(false),
    };
    let plan = state.tests.plan(&call).map_err(|error| refusal(&error))?;
    let preview = Preview::of(&state, &upstream, &plan);
    let dry_run = request.dry_run.unwrap_or(false);
    let outcome = if dry_run {
        None
    } else {
        let now = state.clock.now();
        state.store.note_test(&upstream, &plan, &author, now).await?;
        Some(
            state
                .tests
                .call(call.clone())
                .await
                .map_err(|error| refusal(&error))?,
        )
    };
    Ok(Json(UpstreamTestResponse::new(
        &upstream, &call, plan, preview, outcome,
    )))
}

fn refusal(refusal: &TestRefusal) -> Problem {
    let field = match refusal {
        TestRefusal::NotSpoken { .. } | TestRefusal::NotTestable { .. } => "protocol",
        TestRefusal::ModelMissing => "model",
        TestRefusal::NoStreams { .. } => "stream",
        TestRefusal::NotCallable { .. } => "base_url",
        _ => return Problem::new(crate::problem::ProblemType::NotFound, refusal.to_string()),
    };
    Problem::invalid_field(field, refusal.to_string())
}
