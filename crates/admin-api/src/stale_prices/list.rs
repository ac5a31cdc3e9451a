//! `GET /api/admin/billing/prices/stale`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::StaleModel;
use tollgate_domain::{CardDiff, ModelName, PriceVersion, Timestamp};
use utoipa::{IntoParams, ToSchema};

use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::TimestampSchema;

/// Which page of the stale models.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListStalePricesParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of stale models.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StalePriceList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct StalePriceListResponse {
    /// The models, by name.
    items: Vec<StalePriceResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// A model gone from the map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StalePrice, examples(example))]
struct StalePriceResponse {
    /// The model.
    model: String,
    /// Its provider, as the map named it.
    provider: Option<String>,
    /// What it is for, as the map named it.
    mode: Option<String>,
    /// Its last rates, in words.
    rates: Vec<String>,
    /// When it was found gone.
    #[schema(value_type = TimestampSchema)]
    since: Timestamp,
    /// The price version that marked it.
    #[schema(value_type = i64)]
    since_price_version: PriceVersion,
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "model": "acme/large-1",
        "provider": "acme",
        "mode": "chat",
        "rates": ["input: 2.5 USD per million tokens", "output: 10 USD per million tokens"],
        "since": "2026-11-05T03:12:02Z",
        "since_price_version": 13,
    })
}

/// Lists models that are gone from the map, by name. Their last price serves on until they are removed.
#[utoipa::path(
    get, path = "/api/admin/billing/prices/stale", tag = "prices",
    params(ListStalePricesParams),
    responses((status = 200, description = "A page of stale models", body = StalePriceListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_stale_prices(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<StalePriceListResponse>, Problem> {
    let listed = query.listed();
    let after: Option<ModelName> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let mut models = state.store.stale_models(after, limit + 1).await?;
    let more = models.len() > usize::from(limit);
    models.truncate(usize::from(limit));
    let last = models
        .last()
        .filter(|_| more)
        .map(|stale| stale.model.name.clone());
    Ok(Json(StalePriceListResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: models.into_iter().map(Into::into).collect(),
    }))
}

impl From<StaleModel> for StalePriceResponse {
    fn from(stale: StaleModel) -> Self {
        let rates = CardDiff::between(None, Some(&stale.card)).rates;
        Self {
            model: stale.model.name.as_str().to_owned(),
            provider: stale.model.provider.map(|name| name.to_string()),
            mode: stale.model.mode,
            rates: rates
                .iter()
                .map(|rate| rate.to_string().replacen(": new at ", ": ", 1))
                .collect(),
            since: stale.since,
            since_price_version: stale.since_version,
        }
    }
}
