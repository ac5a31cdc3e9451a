//! `GET /api/admin/billing/overview`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::{CatalogState, GapStretch, GapSummary, JournalState, UnbilledGroup};
use tollgate_domain::{JournalId, PriceVersion, ReleaseOrigin, RollupValues, Timestamp, Usd};
use utoipa::ToSchema;

use super::health_name;
use crate::AdminState;
use crate::price_releases::PriceReleaseResponse;
use crate::problem::{Problem, ReadProblems};
use crate::schema::{
    CURRENCY, CurrencySchema, HealthSchema, ReleaseOriginSchema, TimestampSchema, UnbilledReasonSchema,
    UsdSchema,
};

mod examples;

/// The state of the books.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BillingOverview, examples(examples::example))]
pub(super) struct BillingOverviewResponse {
    /// The IANA time zone that rules today and this month.
    accounting_zone: String,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// When this was computed.
    #[schema(value_type = TimestampSchema)]
    generated_at: Timestamp,
    /// The current day.
    today: PeriodTotals,
    /// The current month.
    month: PeriodTotals,
    /// Attempts of this month whose cost is not known, by reason and model.
    unbilled: Vec<UnbilledAttempts>,
    /// Attempts that were served while a journal had no room. They have no entry and are in no sum.
    gaps: Gaps,
    /// What the price catalog serves; null before the first release.
    catalog: Option<Catalog>,
    /// The price version that new requests are dispatched with; null before the first release.
    #[schema(value_type = Option<i64>)]
    price_version: Option<PriceVersion>,
    /// What is on its way to the ledger.
    journal: Journal,
    /// Whether everything works.
    #[schema(value_type = HealthSchema)]
    health: &'static str,
}

/// Sums over a period, by dispatch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::period_example))]
struct PeriodTotals {
    /// Its first instant.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// The first instant after it.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
    /// At card rates, all multipliers 1.
    #[schema(value_type = UsdSchema)]
    list_cost: Usd,
    /// What the upstreams charge us.
    #[schema(value_type = UsdSchema)]
    cost: Usd,
    /// What the keys' owners pay.
    #[schema(value_type = UsdSchema)]
    charge: Usd,
    /// The part of `cost` that rests on estimated or partial usage.
    #[schema(value_type = UsdSchema)]
    estimated_cost: Usd,
    /// Attempts sent to upstreams.
    attempts: i64,
    /// Of those, with a known cost.
    billed: i64,
    /// Of those, that may have cost money we cannot tell.
    unbilled: i64,
    /// Of those, known to have cost nothing.
    no_charge: i64,
    /// Input tokens, cached or not.
    input_tokens: i64,
    /// Of those, read from a cache.
    cache_read_tokens: i64,
    /// Of those, written to a cache.
    cache_write_tokens: i64,
    /// Output tokens, reasoning included.
    output_tokens: i64,
    /// Of those, reasoning.
    reasoning_tokens: i64,
}

/// Unbilled attempts of one reason and model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::unbilled_example))]
struct UnbilledAttempts {
    /// Why.
    #[schema(value_type = UnbilledReasonSchema)]
    reason: String,
    /// The model served, sent or requested, in that order.
    model: Option<String>,
    /// How many.
    attempts: u64,
    /// Their input tokens, where known.
    input_tokens: u64,
    /// Their output tokens, where known.
    output_tokens: u64,
    /// The latest.
    #[schema(value_type = TimestampSchema)]
    last_seen: Timestamp,
    /// The upstream of the latest, by name.
    last_upstream: String,
}

/// Attempts that were served while a journal had no room (`journal.when_full = "serve"`), over all gateways and all
/// time. Their number is all that is known of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BillingGaps, examples(examples::gaps_example))]
struct Gaps {
    /// How many.
    attempts: u64,
    /// When the first of them was dispatched; null when there are none.
    #[schema(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// When the last of them was dispatched; null when there are none.
    #[schema(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// The latest 20 stretches, newest first; `attempts` counts all.
    stretches: Vec<Stretch>,
}

/// A stretch of unrecorded attempts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BillingGapStretch, examples(examples::stretch_example))]
struct Stretch {
    /// The journal that had no room.
    #[schema(value_type = Uuid)]
    journal_id: JournalId,
    /// How many.
    attempts: u64,
    /// When the first of them was dispatched.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// When the last of them was dispatched.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
}

/// What the price catalog serves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogState, examples(examples::catalog_example))]
struct Catalog {
    /// Models with a price.
    models: u64,
    /// Of those, gone from the map: their last price still serves.
    stale: u64,
    /// New prices that wait for a decision; the old ones serve.
    held: u64,
    /// Overrides in force.
    overrides: u64,
    /// How the current release came to be.
    #[schema(value_type = ReleaseOriginSchema)]
    origin: ReleaseOrigin,
    /// When it became current.
    #[schema(value_type = TimestampSchema)]
    published_at: Timestamp,
    /// SHA-256 of the map it was read from, hex.
    content_hash: String,
    /// The latest run of the price sync; null before the first.
    last_sync: Option<PriceReleaseResponse>,
}

/// The local journal that stands between requests and the database.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalState, examples(examples::journal_example))]
struct Journal {
    /// Which journal.
    #[schema(value_type = Uuid)]
    id: JournalId,
    /// Bytes on disk.
    bytes_on_disk: u64,
    /// Entries settled but not yet in the database.
    pending_entries: u64,
    /// Attempts opened and not yet ended.
    open_attempts: u64,
    /// Whether the disk budget is exhausted.
    full: bool,
}

/// Shows what was spent today and this month, what could not be billed, and how the books stand.
#[utoipa::path(
    get, path = "/api/admin/billing/overview", tag = "billing",
    responses((status = 200, description = "The state of the books", body = BillingOverviewResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_billing_overview(
    State(state): State<AdminState>,
) -> Result<Json<BillingOverviewResponse>, Problem> {
    let now = state.clock.now();
    let (day, month) = (state.zone.day(now), state.zone.month(now));
    let today = state.store.totals(day.0, day.1).await?;
    let this_month = state.store.totals(month.0, month.1).await?;
    let unbilled = state.store.unbilled(month.0, month.1).await?;
    let catalog = state.store.catalog_state().await?;
    let stored_gaps = state.store.gaps().await?;
    let journal = state.runtime.journal();
    // After the database: see `GapSummary::new`.
    let gaps = GapSummary::new(&stored_gaps, journal.id, &state.runtime.pending_gaps());
    Ok(Json(BillingOverviewResponse {
        accounting_zone: state.zone.name().to_owned(),
        currency: CURRENCY,
        generated_at: now,
        today: PeriodTotals::of(day, today.values),
        month: PeriodTotals::of(month, this_month.values),
        unbilled: unbilled.into_iter().map(Into::into).collect(),
        gaps: gaps.into(),
        catalog: catalog.map(Into::into),
        price_version: state.runtime.price_version(),
        journal: journal.into(),
        health: health_name(state.runtime.health()),
    }))
}

impl PeriodTotals {
    fn of((from, until): (Timestamp, Timestamp), values: RollupValues) -> Self {
        Self {
            from,
            until,
            list_cost: values.list_cost,
            cost: values.cost,
            charge: values.charge,
            estimated_cost: values.estimated_cost,
            attempts: values.attempts,
            billed: values.billed,
            unbilled: values.unbilled,
            no_charge: values.no_charge,
            input_tokens: values.input_tokens,
            cache_read_tokens: values.cache_read_tokens,
            cache_write_tokens: values.cache_write_tokens,
            output_tokens: values.output_tokens,
            reasoning_tokens: values.reasoning_tokens,
        }
    }
}

impl From<UnbilledGroup> for UnbilledAttempts {
    fn from(group: UnbilledGroup) -> Self {
        Self {
            reason: group.reason,
            model: group.model,
            attempts: group.attempts,
            input_tokens: group.input_tokens,
            output_tokens: group.output_tokens,
            last_seen: group.last_seen,
            last_upstream: group.last_upstream,
        }
    }
}

impl From<GapSummary> for Gaps {
    fn from(summary: GapSummary) -> Self {
        let stretches = summary.stretches.into_iter();
        Self {
            attempts: summary.total.map_or(0, |total| total.attempts),
            from: summary.total.map(|total| total.from),
            until: summary.total.map(|total| total.until),
            stretches: stretches.map(Into::into).collect(),
        }
    }
}

impl From<(JournalId, GapStretch)> for Stretch {
    fn from((journal_id, stretch): (JournalId, GapStretch)) -> Self {
        Self {
            journal_id,
            attempts: stretch.attempts,
            from: stretch.from,
            until: stretch.until,
        }
    }
}

impl From<CatalogState> for Catalog {
    fn from(catalog: CatalogState) -> Self {
        Self {
            models: catalog.models,
            stale: catalog.stale,
            held: catalog.held,
            overrides: catalog.overrides,
            origin: catalog.origin,
            published_at: catalog.published_at,
            content_hash: catalog.content_hash,
            last_sync: catalog.last_sync.map(Into::into),
        }
    }
}

impl From<JournalState> for Journal {
    fn from(journal: JournalState) -> Self {
        Self {
            id: journal.id,
            bytes_on_disk: journal.bytes_on_disk,
            pending_entries: journal.pending_entries,
            open_attempts: journal.open_attempts,
            full: journal.full,
        }
    }
}
