//! Tables as request bodies.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;

use super::csv_text::{self, RawRow};
use super::row::Column;
use crate::problem::{Problem, ProblemType};

/// A table, as CSV or as JSON.
#[derive(Debug)]
pub(in crate::billing) struct TableBody {
    bytes: Bytes,
    csv: bool,
}

/// A table in JSON. Its rows are read one by one, so that the faults of each are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonTable {
    items: Vec<Value>,
}

impl TableBody {
    /// Its rows.
    pub(super) fn rows(&self, columns: &[Column]) -> Result<Vec<RawRow>, Problem> {
        if self.csv {
            return csv_text::read(&self.bytes, columns)
                .map_err(|message| Problem::invalid_field("body", message));
        }
        if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&self.bytes) {
            return Err(Problem::new(ProblemType::InvalidJson, error.to_string()));
        }
        let table: JsonTable = serde_json::from_slice(&self.bytes)
            .map_err(|error| Problem::invalid_field("body", error.to_string()))?;
        let rows = table.items.into_iter().map(|value| RawRow {
            line: None,
            value,
            faults: Vec::new(),
        });
        Ok(rows.collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for TableBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let essence = media_type
            .and_then(|text| text.split(';').next())
            .unwrap_or_default();
        let csv = match essence.trim().to_ascii_lowercase().as_str() {
            "text/csv" => true,
            "application/json" => false,
            _ => {
                let detail = "send the table with the header content-type: text/csv or application/json";
                return Err(Problem::new(ProblemType::UnsupportedMediaType, detail));
            }
        };
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(
                    ProblemType::BodyTooLarge,
                    "a body may have at most 1 MiB; import in parts",
                )
            } else {
                Problem::new(ProblemType::InvalidJson, "the body ended early")
            }
        })?;
        Ok(Self { bytes, csv })
    }
}
