//! Tables as answers.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Serialize;
use serde_json::Value;

use super::csv_text;
use super::row::RuleRow;
use crate::extract::QueryReader;
use crate::problem::Problem;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::billing) enum ExportFormat {
    Csv,
    Json,
}

#[derive(Debug, Serialize)]
struct Table<R> {
    items: Vec<R>,
}

impl ExportFormat {
    /// Takes `format`, `json` by default.
    pub(in crate::billing) fn take(query: &mut QueryReader) -> Self {
        let parse = |text: &str| match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(format!("{other:?} is neither \"csv\" nor \"json\"")),
        };
        query.take("format", parse).unwrap_or(Self::Json)
    }
}

/// Rows as an answer to be saved as `<name>.csv` or `<name>.json`.
pub(in crate::billing) fn answer<R: RuleRow>(
    format: ExportFormat,
    name: &str,
    items: Vec<R>,
) -> Result<Response, Problem> {
    let file = |ending: &str| {
        [(
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        )]
    };
    match format {
        ExportFormat::Json => Ok((file("json"), Json(Table { items })).into_response()),
        ExportFormat::Csv => {
            let rows: Result<Vec<Value>, _> = items.iter().map(serde_json::to_value).collect();
            let rows = rows.map_err(|error| Problem::internal(&error))?;
            let text = csv_text::write(R::COLUMNS, &rows).map_err(|error| Problem::internal(&error))?;
            let kind = [(CONTENT_TYPE, "text/csv; charset=utf-8; header=present")];
            Ok((file("csv"), kind, text).into_response())
        }
    }
}
