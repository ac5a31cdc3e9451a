//! `POST /api/admin/billing/aliases/import`

use axum::Json;
use axum::extract::State;

use super::row::{AliasRow, AliasTable};
use crate::AdminState;
use crate::auth::Author;
use crate::billing::table::{ImportParams, ImportResponse, TableBody, import};
use crate::extract::QueryReader;
use crate::problem::{ImportProblems, Problem};

/// Imports aliases from a table as exported, in CSV or JSON: every row is put in force in place of the alias for
/// the same name and upstream, or newly; all with one price version, or none. Aliases the table does not name stay.
/// Unless `dry_run` is `false`, only says row by row what would be done.
#[utoipa::path(
    post, path = "/api/admin/billing/aliases/import", tag = "price rules",
    params(ImportParams),
    request_body(content(
        (AliasTable = "application/json"),
        (String = "text/csv", example = "alias,target\r\nhouse-mini,gpt-5-mini\r\n"),
    )),
    responses(
        (status = 200, description = "What was done, or would be", body = ImportResponse),
        ImportProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn import_aliases(
    State(state): State<AdminState>,
    author: Author,
    query: QueryReader,
    table: TableBody,
) -> Result<Json<ImportResponse>, Problem> {
    import::<AliasRow>(&state, &author.0, &table, query)
        .await
        .map(Json)
}
