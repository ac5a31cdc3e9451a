//! Tables as answers.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Serialize;
use serde_json::Value;

use super::csv_text;
use super::row::RuleRow;
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::extract::QueryReader;
use crate::problem::Problem;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExportFormat {
    Csv,
    Json,
}

#[derive(Debug, Serialize)]
struct Table<R> {
    items: Vec<R>,
}

impl ExportFormat {
    /// Takes `format`, `json` by default.
    fn take(query: &mut QueryReader) -> Self {
        let parse = |text: &str| match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(format!("{other:?} is neither \"csv\" nor \"json\"")),
        };
        query.take("format", parse).unwrap_or(Self::Json)
    }
}

/// Every rule in force, as an answer to be saved as `<plural>.csv` or `<plural>.json`.
pub(in crate::billing) async fn export<R: RuleRow>(
    state: &AdminState,
    mut query: QueryReader,
) -> Result<Response, Problem> {
    let format = ExportFormat::take(&mut query);
    query.finish()?;
    let upstreams = upstreams(state).await?;
    let versions = R::in_force(&*state.store).await?;
    let rows = versions.into_iter().map(|version| {
        let (_, upstream) = R::key(&version);
        let upstream = upstream.and_then(|id| upstreams.get(&id));
        R::of(version, upstream)
    });
    answer(format, R::PLURAL, rows.collect::<Vec<R>>())
}

fn answer<R: RuleRow>(format: ExportFormat, name: &str, items: Vec<R>) -> Result<Response, Problem> {
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
