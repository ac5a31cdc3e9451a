//! What the provider will ask to be paid for.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::counts::{Counts, Meter};
use crate::error::TestkitError;
use crate::protocol::Protocol;

mod text;

pub use text::usd_text;

/// How a request ended, seen from the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not ended yet.
    Open,
    /// The last byte was handed to the connection.
    Completed,
    /// Answered with an error status.
    Refused,
    /// Broken off by the provider on purpose.
    Cut,
    /// The caller went away before the last byte.
    CallerGone,
    /// The connection was closed without an answer.
    Dropped,
}

/// One priced part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What was counted.
    pub meter: Meter,
    /// How much of it.
    pub count: u64,
    /// Pico-USD per million units.
    #[serde(with = "text")]
    pub rate_pico_usd_per_million: i128,
    /// Pico-USD (1e-12 USD), rounded once, half-even.
    #[serde(with = "text")]
    pub amount_pico_usd: i128,
}

/// One request the provider received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about a request, read by name"
)]
pub struct InvoiceLine {
    /// Order of arrival, from 1.
    pub number: u64,
    /// The id in the response body.
    pub id: String,
    /// Wire protocol.
    pub protocol: Protocol,
    /// Path without query.
    pub path: String,
    /// The model the request named.
    pub model_requested: String,
    /// The model the answer names, which is the one billed.
    pub model: String,
    /// The service tier billed: `standard`, `priority`, `flex` or the provider's own word.
    pub tier: String,
    /// Whether the answer was a stream.
    pub stream: bool,
    /// HTTP status answered; 0 when nothing was.
    pub status: u16,
    /// Whether the provider will ask for money.
    pub billed: bool,
    /// Whether the answer's usage was in the bytes the caller could read.
    pub usage_reported: bool,
    /// Whether the whole answer was handed over.
    pub completed: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's own disjoint counts; empty when not billed.
    pub counts: Counts,
    /// One per meter; empty when not billed or without a price.
    pub components: Vec<Component>,
    /// The sum of the components; `None` when the price list has no price, 0 when not billed.
    #[serde(with = "text::optional")]
    pub amount_pico_usd: Option<i128>,
}

/// All lines of one simulator, optionally mirrored to a JSON Lines file: one entry when a request
/// arrives and one when it ends, under the same number.
#[derive(Debug, Default)]
pub(crate) struct Invoice {
    lines: BTreeMap<u64, InvoiceLine>,
    file: Option<File>,
}

/// The sum of all lines that have a price.
pub fn total_pico_usd(lines: &[InvoiceLine]) -> i128 {
    lines.iter().filter_map(|line| line.amount_pico_usd).sum()
}

impl Invoice {
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, TestkitError> {
        let open = |path: &Path| {
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .map_err(|source| TestkitError::InvoiceFile {
                    path: path.to_owned(),
                    source,
                })
        };
        Ok(Self {
            lines: BTreeMap::new(),
            file: path.map(open).transpose()?,
        })
    }

    pub(crate) fn put(&mut self, line: InvoiceLine) {
        self.write(&line);
        self.lines.insert(line.number, line);
    }

    pub(crate) fn end(&mut self, number: u64, outcome: Outcome) {
        let Some(line) = self.lines.get_mut(&number) else {
            return;
        };
        if line.outcome != Outcome::Open {
            return;
        }
        line.outcome = outcome;
        line.completed = outcome == Outcome::Completed;
        let line = line.clone();
        self.write(&line);
    }

    pub(crate) fn lines(&self) -> Vec<InvoiceLine> {
        self.lines.values().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.lines.clear();
    }

    /// A full disk must not stop the simulated provider; the lines in memory stay complete.
    fn write(&mut self, line: &InvoiceLine) {
        let Some(file) = self.file.as_mut() else { return };
        if let Ok(mut text) = serde_json::to_vec(line) {
            text.push(b'\n');
            if file.write_all(&text).is_err() {
                self.file = None;
            }
        }
    }
}
