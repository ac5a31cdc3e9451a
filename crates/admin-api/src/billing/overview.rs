//! `GET /api/admin/billing/overview`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::{CatalogState, GapStretch, GapSummary, JournalState};
use tollgate_domain::{JournalId, PriceVersion, ReleaseOrigin, Timestamp};
use utoipa::{IntoParams, ToSchema};

use super::{health_name, take_as_of};
use crate::AdminState;
use crate::extract::QueryReader;
use crate::price_releases::PriceReleaseResponse;
use crate::problem::{Problem, QueryProblems, ReadProblems};
use crate::schema::{CURRENCY, CurrencySchema, HealthSchema, ReleaseOriginSchema, TimestampSchema};

mod books;
mod examples;
mod period;
mod unbilled;

use books::PeriodBooks;
use period::{PeriodTotals, PreviousPeriods};
use unbilled::{UnbilledAttempts, UnpricedModels};

/// The state of the books.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BillingOverview, examples(examples::example))]
pub(super) struct BillingOverviewResponse {
    /// The IANA time zone that rules today and this month.
    accounting_zone: String,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// When this was computed. Pass it as `as_of` to see the same sums again.
    #[schema(value_type = TimestampSchema)]
    generated_at: Timestamp,
    /// The instant the sums stand for: only what the database had taken by then. Null for all it has.
    #[schema(value_type = Option<TimestampSchema>)]
    as_of: Option<Timestamp>,
    /// The current day (with `as_of`, the day of that instant).
    today: PeriodTotals,
    /// The current month.
    month: PeriodTotals,
    /// What to compare them with.
    previous: PreviousPeriods,
    /// Models of this month that nothing prices.
    unpriced: UnpricedModels,
    /// Attempts of this month whose cost is not known, by reason and model: the 100 most frequent groups.
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

/// As of when.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct GetBillingOverviewParams {
    /// Show the sums as they were at this instant: by what the database had taken by then, corrections included. Not
    /// in the future. Estimates, catalog, journal and health are those of now.
    #[param(value_type = Option<TimestampSchema>)]
    as_of: Option<String>,
}

/// Shows what was spent today and this month and in the periods before, what could not be billed and what that may
/// have cost, and how the books stand.
#[utoipa::path(
    get, path = "/api/admin/billing/overview", tag = "billing",
    params(GetBillingOverviewParams),
    responses((status = 200, description = "The state of the books", body = BillingOverviewResponse), ReadProblems, QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_billing_overview(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<BillingOverviewResponse>, Problem> {
    let now = state.clock.now();
    let as_of = take_as_of(&mut query, now);
    query.finish()?;
    let catalog = async { Ok(state.store.catalog_state().await?) };
    let stored_gaps = async { Ok(state.store.gaps().await?) };
    let books = PeriodBooks::read(&state, as_of.unwrap_or(now), as_of);
    let (books, catalog, stored_gaps) = tokio::try_join!(books, catalog, stored_gaps)?;
    let journal = state.runtime.journal();
    // After the database: see `GapSummary::new`.
    let gaps = GapSummary::new(&stored_gaps, journal.id, &state.runtime.pending_gaps());
    Ok(Json(BillingOverviewResponse {
        accounting_zone: state.zone.name().to_owned(),
        currency: CURRENCY,
        generated_at: now,
        as_of,
        today: books.today,
        month: books.month,
        previous: books.previous,
        unpriced: books.unpriced,
        unbilled: books.unbilled,
        gaps: gaps.into(),
        catalog: catalog.map(Into::into),
        price_version: state.runtime.price_version(),
        journal: journal.into(),
        health: health_name(state.runtime.health()),
    }))
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
