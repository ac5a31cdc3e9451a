//! `GET /api/admin/request-logs/export`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tollgate_domain::ports::{LogCursor, LogFilter, LogRow, Store, TimeOrder};
use tollgate_domain::{Amounts, RequestId};
use utoipa::IntoParams;
use uuid::Uuid;

use super::columns::COLUMNS;
use super::filter::{self, LogFilterParams, parse_id};
use crate::AdminState;
use crate::billing::ExportSums;
use crate::export::{Cell, Column, ExportSource, read_format, respond};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::ExportFormatSchema;

/// Rows a page: what an export holds in memory at once.
const PAGE: u16 = 500;

/// In which form, and from where.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct LogExportParams {
    /// In which form.
    #[param(value_type = Option<ExportFormatSchema>, inline)]
    format: Option<String>,
    /// Continues an export that was cut after the row of this request.
    after: Option<Uuid>,
}

/// Matching request logs, page by page.
struct LogSource {
    store: Arc<dyn Store>,
    filter: LogFilter,
    /// Where it goes on, if it was cut before.
    begins_after: Option<RequestId>,
    after: Option<LogCursor>,
    sums: ExportSums,
}

/// Exports request logs, the oldest first, as one download: those admitted until now, or until the time asked for. Its
/// last line says that it is complete: a download without it was cut. It is continued `after` its last whole row, with the
/// same filters: the rows that are missing follow, without a header, and a last line that counts them alone and says
/// `after=…`.
#[utoipa::path(
    get, path = "/api/admin/request-logs/export", tag = "request logs",
    params(LogFilterParams, LogExportParams),
    responses(
        (
            status = 200,
            description = "The requests. CSV: a header, a record a request, a last line `# complete requests=… \
                list_cost_usd=… cost_usd=… charge_usd=…`. JSON Lines: an object a request, a last object \
                `{\"export\": \"complete\", \"requests\": …}` with the same members",
            content((String = "text/csv"), (String = "application/x-ndjson")),
        ),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn export_request_logs(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let format = read_format(&mut query);
    let mut filter = filter::read(&mut query);
    let begins_after = query.take("after", parse_id::<RequestId>);
    query.finish()?;
    let after = match begins_after {
        Some(request) => Some(place_of(&*state.store, request).await?),
        None => None,
    };
    // Else it would never end while requests come in.
    filter.until.get_or_insert(now);
    let source = LogSource {
        store: state.store,
        filter,
        begins_after,
        after,
        sums: ExportSums::default(),
    };
    respond(source, format, "tollgate-requests", now).await
}

/// Where the row of a request stands.
async fn place_of(store: &dyn Store, request: RequestId) -> Result<LogCursor, Problem> {
    let log = store.request_log(request).await?;
    let place = log.map(|log| LogCursor {
        occurred_at: log.occurred_at,
        request_id: log.request_id,
    });
    let message = || format!("there is no log of the request {request} here, or not any more");
    place.ok_or_else(|| Problem::invalid_field("after", message()))
}

impl ExportSource for LogSource {
    type Row = LogRow;

    fn columns() -> &'static [Column<LogRow>] {
        COLUMNS
    }

    fn is_continued(&self) -> bool {
        self.begins_after.is_some()
    }

    async fn page(&mut self) -> Result<Vec<LogRow>, Problem> {
        let (filter, order) = (self.filter.clone(), TimeOrder::OldestFirst);
        let page = self
            .store
            .request_logs(filter, order, self.after, None, PAGE)
            .await?;
        if let Some(last) = page.last() {
            self.after = Some(LogCursor {
                occurred_at: last.occurred_at,
                request_id: last.request_id,
            });
        }
        Ok(page)
    }

    fn count(&mut self, row: &LogRow) -> Result<(), Problem> {
        let amounts = match (row.list_cost, row.cost, row.charge) {
            (Some(list_cost), Some(cost), Some(charge)) => Some(Amounts {
                list_cost,
                cost,
                charge,
            }),
            _ => None,
        };
        self.sums.add(amounts)
    }

    fn trailer(&self) -> Vec<(&'static str, Cell)> {
        let mut parts = self.sums.parts("requests");
        parts.extend(self.begins_after.map(|after| ("after", Cell::text(after))));
        parts
    }
}
