//! `PUT /api/admin/billing/upstream-multipliers/{upstream_id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use tollgate_domain::ports::{MultiplierGrounds, NewCredential};
use tollgate_domain::{Timestamp, Upstream, UpstreamId};
use utoipa::ToSchema;

use super::confirm_multipliers;
use super::json::{
    ModelMultipliersJson, UpstreamMultipliersResponse, check_model_multipliers, checked_multiplier,
};
use crate::AdminState;
use crate::auth::Author;
use crate::billing::effect::{Backdated, Claim, backdated, checked_effective_from};
use crate::billing::rule_change::check_note;
use crate::etag::{IfMatch, Repeated, etag};
use crate::extract::{JsonBody, PathId};
use crate::field::FieldErrors;
use crate::problem::{Problem, UpdateRuleProblems};
use crate::schema::{MultiplierSchema, TimestampSchema};
use crate::time_text::TimeText;

/// What an upstream charges relative to the card, as a whole.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "input_multiplier": "0.9",
    "output_multiplier": "0.9",
    "models": [{"pattern": "gpt-5*", "input_multiplier": "0.8", "output_multiplier": "0.8"}],
    "note": "contract of November",
})))]
pub(super) struct PutUpstreamMultipliersRequest {
    /// On everything sent, searched or called, 0 to 100 with up to 6 decimals. Zero needs `allow_free`.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: String,
    /// On everything generated, 0 to 100 with up to 6 decimals. Zero needs `allow_free`.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: String,
    /// Permission for a zero multiplier to make requests free.
    #[serde(default)]
    allow_free: bool,
    /// Other multipliers for some models; none if not given.
    #[serde(default)]
    #[schema(max_items = 200)]
    models: Vec<ModelMultipliersJson>,
    /// The reason, kept in the history; up to 500 characters.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// Since when they are right, if earlier than now. They apply from now on all the same; the answer says how many
    /// ledger entries since then they would have changed.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<TimeText>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Sets what an upstream charges relative to the card. In force at once, as a new price version; other gateways follow
/// within a second.
#[utoipa::path(
    put, path = "/api/admin/billing/upstream-multipliers/{upstream_id}", tag = "price rules",
    params(
        ("upstream_id" = Uuid, Path, description = "The upstream"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the upstream's revision to change; without it, the current one"),
    ),
    request_body = PutUpstreamMultipliersRequest,
    responses(
        (status = 200, description = "The multipliers in force", body = UpstreamMultipliersResponse, headers(
            ("ETag" = String, description = "The upstream's revision"),
        )),
        UpdateRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn put_upstream_multipliers(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<UpstreamId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<PutUpstreamMultipliersRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut edit = Repeated::new(&if_match, "upstream", id);
    loop {
        let current = edit.current(state.store.upstream(id).await?, |upstream| upstream.revision)?;
        let (revision, now) = (Some(current.revision), state.clock.now());
        let (mut upstream, effective_from) = request.onto(current.clone(), now)?;
        upstream.updated_at = now;
        confirm_multipliers(&state, &current, &upstream, request.confirm).await?;
        let grounds = Some(MultiplierGrounds {
            note: request.note.clone(),
            effective_from,
        });
        let (store, keep) = (&state.store, NewCredential::Keep);
        let edited = store.update_upstream(upstream, keep, revision, &author.0, grounds);
        if let Some(upstream) = edit.done(edited.await?)? {
            state.runtime.refresh().await;
            let mut body = UpstreamMultipliersResponse::from(&upstream);
            body.backdated = since(&state, &upstream, effective_from).await?;
            return Ok(([etag(upstream.revision)], Json(body)));
        }
    }
}

/// How many entries since then the multipliers that are in force now would have changed.
async fn since(
    state: &AdminState,
    upstream: &Upstream,
    effective_from: Option<Timestamp>,
) -> Result<Option<Backdated>, Problem> {
    let Some(since) = effective_from else {
        return Ok(None);
    };
    let book = state.prices.book();
    let after = (*book).clone().with_multipliers(upstream.multipliers());
    let claim = Claim::Multipliers(upstream.id);
    backdated(state, &after, claim, Vec::new(), since).await.map(Some)
}

impl PutUpstreamMultipliersRequest {
    fn onto(&self, current: Upstream, now: Timestamp) -> Result<(Upstream, Option<Timestamp>), Problem> {
        let mut errors = FieldErrors::default();
        let free = self.allow_free;
        let input = checked_multiplier(&mut errors, "input_multiplier", &self.input_multiplier, free);
        let output = checked_multiplier(&mut errors, "output_multiplier", &self.output_multiplier, free);
        let model_multipliers = check_model_multipliers("models", &self.models, &mut errors);
        check_note(self.note.as_ref(), &mut errors);
        let effective_from = self
            .effective_from
            .and_then(|at| errors.keep("effective_from", checked_effective_from(at.0, now)));
        errors.into_result().map_err(Problem::invalid)?;
        let upstream = Upstream {
            input_multiplier: input.unwrap_or_default(),
            output_multiplier: output.unwrap_or_default(),
            allow_free: self.allow_free,
            model_multipliers,
            ..current
        };
        Ok((upstream, effective_from))
    }
}
