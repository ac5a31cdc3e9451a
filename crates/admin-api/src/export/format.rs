//! In which form an export is written.

use crate::extract::QueryReader;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ExportFormat {
    /// Comma-separated values.
    #[default]
    Csv,
    /// JSON Lines.
    JsonLines,
}

impl ExportFormat {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Csv, Self::JsonLines];

    /// The stable name, also that of its files.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// Its media type.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// Takes the parameter; CSV where it is missing.
pub(crate) fn read_format(query: &mut QueryReader) -> ExportFormat {
    let format = query.take("format", |text| {
        let found = ExportFormat::ALL
            .into_iter()
            .find(|format| format.as_str() == text);
        found.ok_or_else(|| crate::request_logs::one_of(text, &ExportFormat::ALL.map(ExportFormat::as_str)))
    });
    format.unwrap_or_default()
}
