//! `GET /api/admin/billing/aliases/export`

use axum::extract::State;
use axum::response::Response;
use utoipa::IntoParams;

use super::row::{AliasRow, AliasTable};
use crate::AdminState;
use crate::billing::table::export;
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// How to export.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ExportAliasesParams {
    /// As `csv` or as `json`.
    #[param(pattern = "^(csv|json)$", default = "json")]
    format: Option<String>,
}

/// Exports every alias in force, as a table that can be edited and imported again. In CSV, cells that a spreadsheet
/// would run as formulas begin with an apostrophe, which importing takes off again.
#[utoipa::path(
    get, path = "/api/admin/billing/aliases/export", tag = "price rules",
    params(ExportAliasesParams),
    responses(
        (status = 200, description = "The aliases, by name", headers(
            ("Content-Disposition" = String, description = "A name to save it under"),
        ), content(
            (AliasTable = "application/json"),
            (String = "text/csv", example = "alias,target,upstream_id\r\nhouse-mini,gpt-5-mini,\r\n"),
        )),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn export_aliases(
    State(state): State<AdminState>,
    query: QueryReader,
) -> Result<Response, Problem> {
    export::<AliasRow>(&state, query).await
}
