//! `POST /api/admin/billing/overrides/import`

use axum::Json;
use axum::extract::State;

use super::row::{OverrideRow, OverrideTable};
use crate::AdminState;
use crate::auth::Author;
use crate::billing::table::{ImportParams, ImportResponse, TableBody, import};
use crate::extract::QueryReader;
use crate::problem::{ImportProblems, Problem};

/// Imports overrides from a table as exported, in CSV or JSON: every row is put in force in place of the override for
/// the same model and upstream, or newly; all with one price version, or none. Overrides the table does not name stay.
/// Unless `dry_run` is `false`, only says row by row what would be done.
#[utoipa::path(
    post, path = "/api/admin/billing/overrides/import", tag = "price rules",
    params(ImportParams),
    request_body(content(
        (OverrideTable = "application/json"),
        (String = "text/csv", example = "model,input_usd_per_mtok,output_usd_per_mtok\r\ngpt-5-mini,0.2,1.6\r\n"),
    )),
    responses(
        (status = 200, description = "What was done, or would be", body = ImportResponse),
        ImportProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn import_overrides(
    State(state): State<AdminState>,
    author: Author,
    query: QueryReader,
    table: TableBody,
) -> Result<Json<ImportResponse>, Problem> {
    import::<OverrideRow>(&state, &author.0, &table, query)
        .await
        .map(Json)
}
