//! `GET /api/admin/billing/overrides/export`

use axum::extract::State;
use axum::response::Response;
use utoipa::IntoParams;

use super::row::{OverrideRow, OverrideTable};
use crate::AdminState;
use crate::billing::table::export;
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// How to export.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ExportOverridesParams {
    /// As `csv` or as `json`.
    #[param(pattern = "^(csv|json)$", default = "json")]
    format: Option<String>,
}

/// Exports every override in force, as a table that can be edited and imported again. In CSV, cells that a spreadsheet
/// would run as formulas begin with an apostrophe, which importing takes off again.
#[utoipa::path(
    get, path = "/api/admin/billing/overrides/export", tag = "price rules",
    params(ExportOverridesParams),
    responses(
        (status = 200, description = "The overrides, by model", headers(
            ("Content-Disposition" = String, description = "A name to save it under"),
        ), content(
            (OverrideTable = "application/json"),
            (String = "text/csv", example = "model,upstream_id,input_usd_per_mtok\r\ngpt-5-mini,,0.2\r\n"),
        )),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn export_overrides(
    State(state): State<AdminState>,
    query: QueryReader,
) -> Result<Response, Problem> {
    export::<OverrideRow>(&state, query).await
}
