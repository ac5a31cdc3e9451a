//! The download itself.

use std::future::Future;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tollgate_domain::Timestamp;

use super::{Cell, Column, ExportFormat, csv, json_lines};
use crate::problem::Problem;

/// How much is written out at a time, in bytes: about, for a row is not cut.
const CHUNK: usize = 64 * 1024;

/// Where rows come from, page by page.
pub(crate) trait ExportSource: Send + 'static {
    /// A row.
    type Row: Send + 'static;

    /// What of it is written.
    fn columns() -> &'static [Column<Self::Row>];

    /// Whether it goes on where another download was cut: what stands before the rows is there already.
    fn is_continued(&self) -> bool;

    /// The next rows; none when there are no more.
    fn page(&mut self) -> impl Future<Output = Result<Vec<Self::Row>, Problem>> + Send;

    /// Counts a row that is written.
    ///
    /// # Errors
    /// Where a sum passes the exact range.
    fn count(&mut self, row: &Self::Row) -> Result<(), Problem>;

    /// What the end says of all that was written.
    fn trailer(&self) -> Vec<(&'static str, Cell)>;
}

/// An export under way.
struct Export<S: ExportSource> {
    source: S,
    format: ExportFormat,
    rows: std::vec::IntoIter<S::Row>,
    begun: bool,
    over: bool,
}

/// An export that failed after it had begun: the connection is cut, for nothing else can be said any more.
#[derive(Debug, thiserror::Error)]
#[error("the export could not be finished")]
struct Unfinished;

/// Begins an export. The first page is read before anything is answered, so that a database that is away is a problem and
/// no download that ends at once.
pub(crate) async fn respond<S: ExportSource>(
    mut source: S,
    format: ExportFormat,
    name: &str,
    now: Timestamp,
) -> Result<Response, Problem> {
    let rows = source.page().await?.into_iter();
    let export = Export {
        source,
        format,
        rows,
        begun: false,
        over: false,
    };
    let chunks = stream::try_unfold(export, |mut export| async move {
        match export.chunk().await {
            Ok(Some(chunk)) => Ok(Some((chunk, export))),
            Ok(None) => Ok(None),
            // What went wrong is in the log.
            Err(_) => Err(Unfinished),
        }
    });
    let file = format!("{name}-{}.{}", now.format("%Y%m%dT%H%M%SZ"), format.as_str());
    let headers = [
        (CONTENT_TYPE, format.media_type().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

impl<S: ExportSource> Export<S> {
    /// The next piece; `None` after the trailer.
    async fn chunk(&mut self) -> Result<Option<String>, Problem> {
        if self.over {
            return Ok(None);
        }
        let mut out = String::new();
        if !self.begun {
            self.begun = true;
            self.head(&mut out);
        }
        while out.len() < CHUNK {
            if let Some(row) = self.rows.next() {
                self.source.count(&row)?;
                self.row(&mut out, &row);
                continue;
            }
            self.rows = self.source.page().await?.into_iter();
            if self.rows.len() == 0 {
                self.over = true;
                self.tail(&mut out);
                break;
            }
        }
        Ok(Some(out))
    }

    fn head(&self, out: &mut String) {
        if self.format == ExportFormat::Csv && !self.source.is_continued() {
            csv::record(out, S::columns().iter().map(|column| Cell::text(column.name)));
        }
    }

    fn row(&self, out: &mut String, row: &S::Row) {
        let columns = S::columns().iter();
        match self.format {
            ExportFormat::Csv => csv::record(out, columns.map(|column| (column.of)(row))),
            ExportFormat::JsonLines => {
                json_lines::object(out, columns.map(|column| (column.name, (column.of)(row))));
            }
        }
    }

    fn tail(&self, out: &mut String) {
        let parts = self.source.trailer();
        match self.format {
            ExportFormat::Csv => csv::comment(out, &parts),
            ExportFormat::JsonLines => {
                let mark = std::iter::once(("export", Cell::text("complete")));
                json_lines::object(out, mark.chain(parts));
            }
        }
    }
}
