//! `GET /api/admin/billing/prices/unresolved`

mod examples;
mod group;

use axum::Json;
use axum::extract::State;
use billing_core::{NearMiss, PriceBook, Suggester};
use serde::Serialize;
use tollgate_domain::{ModelName, PriceVersion, Timestamp, UpstreamId};
use utoipa::{IntoParams, ToSchema};

use super::json::CardJson;
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_bool};
use crate::problem::{Problem, QueryProblems};
use crate::schema::{NearMissSchema, TimestampSchema};
use crate::time_text::parse_time;
use group::Unresolved;

/// How far back is looked if the caller does not say.
const DAYS: i64 = 30;
/// Groups read at once; beyond that the least frequent are left out.
const GROUPS: u16 = 5_000;
/// Suggestions for one model.
const SUGGESTIONS: usize = 5;

/// Which models without a price.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListUnresolvedParams {
    /// Seen at or after; 30 days ago if not given.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<String>,
    /// Seen before; now if not given.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<String>,
    /// Also those that have a price by now; their past requests are still unbilled.
    #[param(default = false)]
    include_resolved: Option<bool>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of models without a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnresolvedModelList, examples(examples::list))]
pub(super) struct UnresolvedListResponse {
    /// The price book version they were looked up in.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// The models, by name.
    items: Vec<UnresolvedModelResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// A model that requests were served with and nothing priced.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnresolvedModel, examples(examples::model))]
pub(super) struct UnresolvedModelResponse {
    /// The name that wants a price: served, else sent, else requested; null where none is known.
    #[schema(value_type = Option<String>)]
    model: Option<ModelName>,
    /// The model the caller named, of the most frequent kind of request.
    #[schema(value_type = Option<String>)]
    model_requested: Option<ModelName>,
    /// Attempts without a price.
    occurrences: u64,
    /// Their input tokens, where known.
    input_tokens: u64,
    /// Their output tokens, where known.
    output_tokens: u64,
    /// The first of them.
    #[schema(value_type = TimestampSchema)]
    first_seen: Timestamp,
    /// The latest of them.
    #[schema(value_type = TimestampSchema)]
    last_seen: Timestamp,
    /// The upstream of the latest, by name.
    last_upstream: String,
    /// That upstream.
    #[schema(value_type = Uuid)]
    last_upstream_id: UpstreamId,
    /// Whether all of them would have a price today.
    resolved: bool,
    /// Whether an override prices this name by now, globally or at an upstream it was seen at.
    has_override: bool,
    /// Why there is no price today, of the most frequent kind; null when resolved.
    problem: Option<String>,
    /// Names that have a price and may be what is meant, nearest first. They are never applied by themselves: set an
    /// alias or an override.
    suggestions: Vec<SuggestionResponse>,
}

/// A name that has a price and may be what is meant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceSuggestion, examples(examples::suggestion))]
struct SuggestionResponse {
    /// The name that has a price.
    #[schema(value_type = String)]
    target: ModelName,
    /// In what the two names differ.
    #[schema(value_type = Vec<NearMissSchema>)]
    differences: Vec<NearMiss>,
    /// The price it would give, before multipliers.
    price: CardJson,
}

/// Finds the models of unbilled requests that have no price, with names that may be meant.
#[utoipa::path(
    get, path = "/api/admin/billing/prices/unresolved", tag = "prices",
    params(ListUnresolvedParams),
    responses(
        (status = 200, description = "A page of models without a price", body = UnresolvedListResponse),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn list_unresolved_models(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<UnresolvedListResponse>, Problem> {
    let now = state.clock.now();
    let from = query.take("from", parse_time);
    let until = query
        .take("until", parse_time)
        .unwrap_or(now + chrono::TimeDelta::seconds(1));
    let from = from.unwrap_or(until - chrono::TimeDelta::days(DAYS));
    if from >= until {
        query.refuse("from", "must lie before until".to_owned());
    }
    let all = query.take("include_resolved", parse_bool).unwrap_or(false);
    let listed = query.listed();
    let after: Option<String> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let book = state.prices.book();
    let groups = state.store.unpriced(from, until, GROUPS).await?;
    let upstreams = upstreams(&state).await?;
    let mut models = group::by_model(&book, &upstreams, groups);
    group::check_resolved(&state, &book, &mut models).await?;
    models.retain(|model| all || !model.resolved());
    let (page, end) = cursor::page(models, |model| model.key().to_owned(), after.as_ref(), limit);
    let suggester = Suggester::new(&book);
    let items = page
        .into_iter()
        .map(|model| UnresolvedModelResponse::of(model, &book, &suggester));
    Ok(Json(UnresolvedListResponse {
        price_version: book.version(),
        items: items.collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}

impl UnresolvedModelResponse {
    fn of(model: Unresolved, book: &PriceBook, suggester: &Suggester<'_>) -> Self {
        let resolved = model.resolved();
        let suggestions = match &model.name {
            Some(name) if !resolved => {
                let found =
                    suggester.suggest(model.last_upstream_id, &model.last_provider, name, SUGGESTIONS);
                let shown = found.into_iter().map(|suggestion| SuggestionResponse {
                    target: suggestion.target.name.clone(),
                    differences: suggestion.differences,
                    price: suggestion.target.into(),
                });
                shown.collect()
            }
            _ => Vec::new(),
        };
        let has_override = model.name.as_ref().is_some_and(|name| {
            let name = name.as_str();
            let own = |id: &UpstreamId| book.override_of(Some(*id), name).is_some();
            book.override_of(None, name).is_some() || model.upstreams.iter().any(own)
        });
        Self {
            problem: model.problem.filter(|_| !resolved),
            model: model.name,
            model_requested: model.model_requested,
            occurrences: model.attempts,
            input_tokens: model.input_tokens,
            output_tokens: model.output_tokens,
            first_seen: model.first_seen,
            last_seen: model.last_seen,
            last_upstream: model.last_upstream,
            last_upstream_id: model.last_upstream_id,
            resolved,
            has_override,
            suggestions,
        }
    }
}
