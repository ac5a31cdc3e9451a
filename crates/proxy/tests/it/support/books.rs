use tollgate_domain::{AttemptContext, LedgerEntry, RequestLog};
use tollgate_journal::Record;
use tollgate_ledger::{ENTRIES, LOGS, Note};

/// What the journal holds.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) entries: Vec<LedgerEntry>,
    pub(crate) notes: Vec<Note>,
    pub(crate) logs: Vec<RequestLog>,
}

impl Books {
    pub(crate) fn of(records: &[Record]) -> Self {
        let mut books = Self::default();
        for record in records {
            if record.lane == ENTRIES {
                books
                    .entries
                    .push(serde_json::from_slice(&record.payload).unwrap());
            } else if record.lane == LOGS {
                books.logs.push(serde_json::from_slice(&record.payload).unwrap());
            } else {
                books.notes.push(serde_json::from_slice(&record.payload).unwrap());
            }
        }
        books
    }

    /// The only entry.
    pub(crate) fn entry(&self) -> &LedgerEntry {
        assert_eq!(self.entries.len(), 1, "{:#?}", self.entries);
        &self.entries[0]
    }

    /// The only request log.
    pub(crate) fn log(&self) -> &RequestLog {
        let logs: Vec<_> = self.logs().collect();
        assert_eq!(logs.len(), 1, "{logs:#?}");
        logs[0]
    }

    pub(crate) fn logs(&self) -> impl Iterator<Item = &RequestLog> {
        self.logs.iter()
    }

    pub(crate) fn opened(&self) -> impl Iterator<Item = &AttemptContext> {
        self.notes.iter().filter_map(|note| match note {
            Note::Opened(context) => Some(&**context),
            _ => None,
        })
    }

    pub(crate) fn not_sent(&self) -> usize {
        self.notes
            .iter()
            .filter(|note| matches!(note, Note::NotSent { .. }))
            .count()
    }

    /// `status (reason), outcome` of every entry, in order.
    pub(crate) fn verdicts(&self) -> Vec<String> {
        self.entries
            .iter()
            .map(|entry| format!("{}, {}", entry.verdict, entry.outcome.kind.as_str()))
            .collect()
    }
}
