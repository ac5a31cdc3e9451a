//! `GET /api/admin/billing/export`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tollgate_domain::ports::{ExportFilter, RecordedEntry, Store};
use tollgate_domain::{BillingStatus, EventId, Timestamp};
use utoipa::IntoParams;
use uuid::Uuid;

mod columns;
mod sums;

pub(crate) use sums::ExportSums;

use crate::AdminState;
use crate::export::{Cell, Column, ExportSource, read_format, respond};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::request_logs::{one_of, parse_id};
use crate::schema::{BillingStatusSchema, ExportFormatSchema, TimestampSchema};
use crate::time_text::parse_time;

/// Entries a page: what an export holds in memory at once.
const PAGE: u16 = 250;

/// Which ledger entries, and in which form.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ExportParams {
    /// In which form.
    #[param(value_type = Option<ExportFormatSchema>, inline)]
    format: Option<String>,
    /// Dispatched at or after.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// Dispatched before.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// Recorded at or after.
    #[param(value_type = Option<TimestampSchema>)]
    recorded_from: Option<Timestamp>,
    /// Recorded before.
    #[param(value_type = Option<TimestampSchema>)]
    recorded_until: Option<Timestamp>,
    /// As the ledger stood at this instant; now where it is missing. The trailer names it.
    #[param(value_type = Option<TimestampSchema>)]
    as_of: Option<Timestamp>,
    /// Of this key.
    key_id: Option<Uuid>,
    /// Whose key was of this team then.
    #[param(min_length = 1)]
    team: Option<String>,
    /// At this upstream.
    upstream_id: Option<Uuid>,
    /// With exactly this model as the one requested, sent or served.
    #[param(min_length = 1)]
    model: Option<String>,
    /// Of this status. It is each entry's own: an attempt billed later has an unbilled entry and a billed one.
    #[param(value_type = Option<BillingStatusSchema>)]
    billing_status: Option<String>,
}

/// Matching entries of the ledger, page by page.
struct LedgerSource {
    store: Arc<dyn Store>,
    filter: ExportFilter,
    after: Option<(EventId, u32)>,
    sums: ExportSums,
}

/// Exports ledger entries, by event and revision, as one download. Its last line says that it is complete, how many
/// entries it holds and what they add up to: a download without it was cut.
#[utoipa::path(
    get, path = "/api/admin/billing/export", tag = "billing",
    params(ExportParams),
    responses(
        (
            status = 200,
            description = "The entries. CSV: a header, a record an entry, a last line `# complete entries=… \
                list_cost_usd=… cost_usd=… charge_usd=… as_of=…`. JSON Lines: an object an entry, a last object \
                `{\"export\": \"complete\", \"entries\": …}` with the same members",
            content((String = "text/csv"), (String = "application/x-ndjson")),
        ),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn export_ledger(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let format = read_format(&mut query);
    let filter = read_filter(&mut query, now);
    query.finish()?;
    let source = LedgerSource {
        store: state.store,
        filter,
        after: None,
        sums: ExportSums::default(),
    };
    respond(source, format, "tollgate-ledger", now).await
}

fn read_filter(query: &mut QueryReader, now: Timestamp) -> ExportFilter {
    let filter = ExportFilter {
        occurred_from: query.take("from", parse_time),
        occurred_until: query.take("until", parse_time),
        recorded_from: query.take("recorded_from", parse_time),
        recorded_until: query.take("recorded_until", parse_time),
        as_of: Some(query.take("as_of", parse_time).unwrap_or(now)),
        key_id: query.take("key_id", parse_id),
        team: query.take_text("team"),
        upstream_id: query.take("upstream_id", parse_id),
        model: query.take_text("model"),
        status: query.take("billing_status", |text| {
            BillingStatus::from_name(text)
                .ok_or_else(|| one_of(text, &BillingStatus::ALL.map(BillingStatus::as_str)))
        }),
    };
    for (name, from, until) in [
        ("until", filter.occurred_from, filter.occurred_until),
        ("recorded_until", filter.recorded_from, filter.recorded_until),
    ] {
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            query.refuse(
                name,
                format!("must be later than {}", name.replace("until", "from")),
            );
        }
    }
    filter
}

impl ExportSource for LedgerSource {
    type Row = RecordedEntry;

    fn columns() -> &'static [Column<RecordedEntry>] {
        columns::COLUMNS
    }

    async fn page(&mut self) -> Result<Vec<RecordedEntry>, Problem> {
        let page = self
            .store
            .export_entries(self.filter.clone(), self.after, PAGE)
            .await?;
        if let Some(last) = page.last() {
            let entry = &last.journaled.entry;
            self.after = Some((entry.attempt.event_id, entry.revision));
        }
        Ok(page)
    }

    fn count(&mut self, row: &RecordedEntry) -> Result<(), Problem> {
        self.sums.add(row.journaled.entry.amounts)
    }

    fn trailer(&self) -> Vec<(&'static str, Cell)> {
        let mut parts = self.sums.parts("entries");
        parts.push(("as_of", self.filter.as_of.map_or(Cell::Null, Cell::time)));
        parts
    }
}
