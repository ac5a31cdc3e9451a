//! `GET /api/admin/billing/export`

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderName;
use tollgate_domain::ports::{ExportFilter, RecordedEntry, Store};
use tollgate_domain::{BillingStatus, Timestamp};
use utoipa::IntoParams;
use uuid::Uuid;

mod columns;
mod place;
mod sums;

use place::EntryPlace;
pub(crate) use sums::ExportSums;

use super::take_as_of;
use crate::AdminState;
use crate::export::{Cell, Column, ExportSource, read_format, respond};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::request_logs::{one_of, parse_id};
use crate::schema::{BillingStatusSchema, ExportFormatSchema, TimestampSchema};
use crate::time_text::{parse_time, told};

/// Entries a page: what an export holds in memory at once.
const PAGE: u16 = 250;
/// Says as of when the ledger is exported, before the first row.
const AS_OF: HeaderName = HeaderName::from_static("x-tollgate-as-of");

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
    /// As the ledger stood at this instant; now where it is missing. The last line and the header `x-tollgate-as-of` name
    /// it.
    #[param(value_type = Option<TimestampSchema>)]
    as_of: Option<Timestamp>,
    /// Continues an export that was cut after this row, `<event_id>.<revision>`; needs the `as_of` it was begun with.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.][0-9]{1,9}$", example = "0198f0a0-0000-7000-8000-000000000003.0")]
    after: Option<EntryPlace>,
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
    /// Where it goes on, if it was cut before.
    begins_after: Option<EntryPlace>,
    after: Option<EntryPlace>,
    sums: ExportSums,
}

/// Exports ledger entries, by event and revision, as one download. Its last line says that it is complete, how many
/// entries it holds and what they add up to: a download without it was cut. It is continued `after` its last whole row,
/// with the same filters and `as_of`: the rows that are missing follow, without a header, and a last line that counts them
/// alone and says `after=…`.
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
            headers(("X-Tollgate-As-Of" = String, description = "As of when the ledger is exported, RFC 3339 in UTC")),
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
    let as_of = take_as_of(&mut query, now);
    let filter = read_filter(&mut query, as_of.unwrap_or(now));
    let after = query.take("after", str::parse::<EntryPlace>);
    query.finish()?;
    if let Some(after) = after {
        if as_of.is_none() {
            let message =
                format!("is missing: continue with the one the export was begun with, told by its {AS_OF}");
            return Err(Problem::invalid_field("as_of", message));
        }
        after.check(&*state.store, &filter).await?;
    }
    let as_of = told(as_of.unwrap_or(now));
    let source = LedgerSource {
        store: state.store,
        filter,
        begins_after: after,
        after,
        sums: ExportSums::default(),
    };
    let response = respond(source, format, "tollgate-ledger", now).await?;
    Ok(([(AS_OF, as_of)], response).into_response())
}

fn read_filter(query: &mut QueryReader, as_of: Timestamp) -> ExportFilter {
    let filter = ExportFilter {
        occurred_from: query.take("from", parse_time),
        occurred_until: query.take("until", parse_time),
        recorded_from: query.take("recorded_from", parse_time),
        recorded_until: query.take("recorded_until", parse_time),
        as_of: Some(as_of),
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
                format!(
                    "must be later than {}, {}",
                    name.replace("until", "from"),
                    told(from)
                ),
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

    fn is_continued(&self) -> bool {
        self.begins_after.is_some()
    }

    async fn page(&mut self) -> Result<Vec<RecordedEntry>, Problem> {
        let page = self
            .store
            .export_entries(self.filter.clone(), self.after.map(EntryPlace::key), PAGE)
            .await?;
        if let Some(last) = page.last() {
            self.after = Some(EntryPlace::of(last));
        }
        Ok(page)
    }

    fn count(&mut self, row: &RecordedEntry) -> Result<(), Problem> {
        self.sums.add(row.journaled.entry.amounts)
    }

    fn trailer(&self) -> Vec<(&'static str, Cell)> {
        let mut parts = self.sums.parts("entries");
        parts.push(("as_of", self.filter.as_of.map_or(Cell::Null, Cell::time)));
        parts.extend(self.begins_after.map(|after| ("after", Cell::text(after))));
        parts
    }
}
