//! `GET /api/admin/billing/prices`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use billing_core::{PriceBook, PricedName};
use serde::Serialize;
use tollgate_domain::ports::StoreError;
use tollgate_domain::{HeldPrice, HoldState, PriceVersion, UpstreamId};
use utoipa::{IntoParams, ToSchema};

use super::json::{PriceResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_bool, parse_id};
use crate::problem::{Problem, QueryProblems};

/// Which prices.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListPricesParams {
    /// Whose name contains this, upper or lower case; `*`, `%` and `_` stand for themselves.
    #[param(min_length = 1)]
    q: Option<String>,
    /// Of this provider, as the map names it, or with this prefix.
    #[param(min_length = 1)]
    provider: Option<String>,
    /// Of this mode: `chat`, `embedding`, `image_generation` …
    #[param(min_length = 1)]
    mode: Option<String>,
    /// Whose effective price comes from here.
    #[param(value_type = Option<crate::schema::CatalogSourceSchema>)]
    source: Option<String>,
    /// Whether an override is in force, global or for some upstream.
    overridden: Option<bool>,
    /// Whether the model is gone from the map.
    stale: Option<bool>,
    /// Whether a new price of it, which the guard stopped, waits for a decision.
    held: Option<bool>,
    /// Whether only some upstreams have a price.
    unpriced: Option<bool>,
    /// Whether every rate is zero.
    free: Option<bool>,
    /// With an override for this upstream.
    upstream_id: Option<uuid::Uuid>,
    /// Where to go on: the `next_cursor` of the page before. Not together with `page`.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Which page, from 1, instead of a cursor.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// Rows of a numbered page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    page_size: Option<u16>,
}

/// A page of prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceList, examples(json!({
    "price_version": 12, "total": 1, "items": [example()], "next_cursor": null, "held_known": true,
})))]
pub(super) struct PriceListResponse {
    /// The price book version shown.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// How many models match.
    total: usize,
    /// The models, by name.
    items: Vec<PriceResponse>,
    /// Pass it as `cursor` for the next page; null on the last and on numbered pages.
    next_cursor: Option<String>,
    /// Whether the database could be asked for what waits for a decision. While it is away every `held` is null, and
    /// the filter of that name is answered with 503.
    held_known: bool,
}

/// What is asked for.
#[derive(Default)]
struct Filter {
    part: Option<String>,
    provider: Option<String>,
    mode: Option<String>,
    source: Option<&'static str>,
    overridden: Option<bool>,
    stale: Option<bool>,
    held: Option<bool>,
    unpriced: Option<bool>,
    free: Option<bool>,
    upstream_id: Option<UpstreamId>,
}

/// All that the book has under one name.
#[derive(Default)]
struct Entry<'b> {
    synced: Option<PricedName<'b>>,
    global: Option<PricedName<'b>>,
    by_upstream: Vec<PricedName<'b>>,
    held: Option<&'b HeldPrice>,
}

/// Lists the models the catalog and the overrides price, by name, from the price book in memory: what requests that
/// arrive now are priced with. Beside it stands what a sync would change and waits for a decision.
#[utoipa::path(
    get, path = "/api/admin/billing/prices", tag = "prices",
    params(ListPricesParams),
    responses((status = 200, description = "A page of prices", body = PriceListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_prices(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<PriceListResponse>, Problem> {
    let filter = Filter::take(&mut query);
    let listed = query.listed();
    let after: Option<String> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit);
    let page = query.take("page", parse_page);
    let page_size = query.take("page_size", cursor::parse_limit);
    if page.is_some() && (after.is_some() || limit.is_some()) {
        query.refuse(
            "page",
            "is not for lists by cursor and limit; take the one or the other".to_owned(),
        );
    }
    if page.is_none() && page_size.is_some() {
        query.refuse("page_size", "needs a page".to_owned());
    }
    query.finish()?;
    let held = match state.store.held_prices(HoldState::Held).await {
        Err(StoreError::Unavailable { .. }) if filter.held.is_none() => None,
        held => Some(held?),
    };
    let book = state.prices.book();
    let mut entries: Vec<(&str, Entry<'_>)> = entries(&book, held.as_deref().unwrap_or_default())
        .into_iter()
        .collect();
    entries.retain(|(name, entry)| filter.matches(name, entry));
    let total = entries.len();
    let (rows, next_cursor) = if let Some(page) = page {
        let size = usize::from(page_size.unwrap_or(DEFAULT_LIMIT));
        let skipped = size.saturating_mul(usize::try_from(page).unwrap_or(usize::MAX).saturating_sub(1));
        (entries.into_iter().skip(skipped).take(size).collect(), None)
    } else {
        let limit = usize::from(limit.unwrap_or(DEFAULT_LIMIT));
        let is_after = |name: &str| after.as_deref().is_none_or(|after| name > after);
        let rest = entries.into_iter().filter(|(name, _)| is_after(name));
        let mut rows: Vec<_> = rest.take(limit + 1).collect();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let end = rows.last().filter(|_| more).map(|(name, _)| listed.encode(name));
        (rows, end)
    };
    Ok(Json(PriceListResponse {
        price_version: book.version(),
        total,
        items: rows
            .into_iter()
            .filter_map(|(_, entry)| entry.into_response())
            .collect(),
        next_cursor,
        held_known: held.is_some(),
    }))
}

/// Everything the book prices, by name.
fn entries<'b>(book: &'b PriceBook, held: &'b [HeldPrice]) -> BTreeMap<&'b str, Entry<'b>> {
    let mut entries: BTreeMap<&str, Entry<'_>> = BTreeMap::new();
    for name in book.synced() {
        entries.entry(name.name.as_str()).or_default().synced = Some(name);
    }
    for name in book.overrides() {
        let entry = entries.entry(name.name.as_str()).or_default();
        if name.upstream_id.is_some() {
            entry.by_upstream.push(name);
        } else {
            entry.global = Some(name);
        }
    }
    for held in held {
        entries.entry(held.hold.model.as_str()).or_default().held = Some(held);
    }
    entries
}

impl Filter {
    fn take(query: &mut QueryReader) -> Self {
        Self {
            part: query.take_text("q").map(|text| text.to_lowercase()),
            provider: query.take_text("provider"),
            mode: query.take_text("mode"),
            source: query.take("source", parse_source),
            overridden: query.take("overridden", parse_bool),
            stale: query.take("stale", parse_bool),
            held: query.take("held", parse_bool),
            unpriced: query.take("unpriced", parse_bool),
            free: query.take("free", parse_bool),
            upstream_id: query.take("upstream_id", parse_id).map(UpstreamId::new),
        }
    }

    fn matches(&self, name: &str, entry: &Entry<'_>) -> bool {
        let synced = entry.synced;
        let provider = synced
            .and_then(|name| name.provider)
            .map(tollgate_domain::ProviderName::as_str);
        let prefix = name.split_once('/').map(|(prefix, _)| prefix);
        let wanted = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        self.part
            .as_ref()
            .is_none_or(|part| name.to_lowercase().contains(part))
            && self
                .provider
                .as_deref()
                .is_none_or(|wanted| provider == Some(wanted) || prefix == Some(wanted))
            && self
                .mode
                .as_deref()
                .is_none_or(|wanted| synced.and_then(|name| name.mode) == Some(wanted))
            && self.source.is_none_or(|wanted| entry.source() == Some(wanted))
            && wanted(
                self.overridden,
                entry.global.is_some() || !entry.by_upstream.is_empty(),
            )
            && wanted(self.stale, synced.is_some_and(|name| name.stale))
            && wanted(self.held, entry.held.is_some())
            && wanted(self.unpriced, entry.effective().is_none())
            && wanted(
                self.free,
                entry.effective().is_some_and(|name| name.card.is_free()),
            )
            && self.upstream_id.is_none_or(|id| {
                let mut own = entry.by_upstream.iter();
                own.any(|name| name.upstream_id == Some(id))
            })
    }
}

impl<'b> Entry<'b> {
    fn effective(&self) -> Option<PricedName<'b>> {
        self.global.or(self.synced)
    }

    fn source(&self) -> Option<&'static str> {
        match (self.global, self.synced) {
            (Some(_), _) => Some("manual"),
            (None, Some(_)) => Some("litellm"),
            (None, None) => None,
        }
    }

    fn into_response(mut self) -> Option<PriceResponse> {
        let any = self.effective().or_else(|| self.by_upstream.first().copied());
        let name = any
            .map(|any| any.name)
            .or(self.held.map(|held| &held.hold.model))?;
        let synced = self.synced;
        self.by_upstream.sort_by_key(|name| name.upstream_id);
        let overrides = self.global.into_iter().chain(self.by_upstream.iter().copied());
        Some(PriceResponse {
            model: name.clone(),
            provider: synced.and_then(|name| name.provider).cloned(),
            mode: synced.and_then(|name| name.mode).map(ToOwned::to_owned),
            source: self.source(),
            stale: synced.is_some_and(|name| name.stale),
            max_input_tokens: synced.and_then(|name| name.limits.max_input_tokens),
            max_output_tokens: synced.and_then(|name| name.limits.max_output_tokens),
            held: self.held.map(Into::into),
            effective: self.effective().map(Into::into),
            synced: synced.map(Into::into),
            overrides: overrides.map(Into::into).collect(),
        })
    }
}

fn parse_source(text: &str) -> Result<&'static str, String> {
    match text {
        "litellm" => Ok("litellm"),
        "manual" => Ok("manual"),
        other => Err(format!("{other:?} is neither \"litellm\" nor \"manual\"")),
    }
}

fn parse_page(text: &str) -> Result<u32, String> {
    const MOST: u32 = 100_000;
    text.parse()
        .ok()
        .filter(|page| (1..=MOST).contains(page))
        .ok_or_else(|| format!("{text:?} is outside 1..={MOST}"))
}
