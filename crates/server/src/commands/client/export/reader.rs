//! An export as it comes: whole rows, what they add up to, and where the last of them ends.

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;

use super::Format;
use super::csv;
use super::totals::{AMOUNTS, Totals};

/// No row is longer.
const ROW_MAX: usize = 64 << 20;
/// The beginning of the last line as CSV.
const COMPLETE: &str = "# complete";

/// Reads an export, in pieces of any size.
#[derive(Debug)]
pub(super) struct Reader {
    format: Format,
    /// The row that has not ended.
    pending: Vec<u8>,
    quoted: bool,
    columns: Option<Columns>,
    last: Option<Place>,
    /// Bytes up to the end of the last row.
    whole: u64,
    /// What was there before it was continued.
    before: Totals,
    /// What has come since.
    totals: Totals,
    end: Option<End>,
}

/// A row's place: the export is in order of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    event_id: String,
    revision: u32,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    totals: Totals,
    as_of: String,
    /// As it came.
    line: String,
}

/// Where in a record of CSV the columns are that are read.
#[derive(Debug)]
struct Columns {
    count: usize,
    event_id: usize,
    revision: usize,
    amounts: [usize; 3],
}

/// What is read of a line of JSON: a row, or the end.
#[derive(Debug, Deserialize)]
struct Line {
    event_id: Option<String>,
    revision: Option<u32>,
    export: Option<String>,
    entries: Option<u64>,
    list_cost_usd: Option<String>,
    cost_usd: Option<String>,
    charge_usd: Option<String>,
    as_of: Option<String>,
}

impl Reader {
    /// Nothing has come yet.
    pub(super) const fn new(format: Format) -> Self {
        Self {
            format,
            pending: Vec::new(),
            quoted: false,
            columns: None,
            last: None,
            whole: 0,
            before: Totals::NONE,
            totals: Totals::NONE,
            end: None,
        }
    }

    /// Reads on.
    ///
    /// # Errors
    /// What no export has: something that is no row, a row out of order or there twice, a last line that does not say what
    /// has come.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> Result<()> {
        while let Some(end) = self.row_end(piece) {
            let (row, rest) = piece.split_at(end);
            self.pending.extend_from_slice(row);
            let row = std::mem::take(&mut self.pending);
            self.row(&row)?;
            piece = rest;
        }
        self.pending.extend_from_slice(piece);
        if self.pending.len() > ROW_MAX {
            bail!("{} has no end", self.place_in_words());
        }
        Ok(())
    }

    /// Goes on after the last row: what was cut is forgotten, and an end, if there was one, as well.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(super) fn go_on(&mut self) -> Result<()> {
        self.before = self.before.and(self.totals)?;
        self.totals = Totals::NONE;
        self.pending.clear();
        self.quoted = false;
        self.end = None;
        Ok(())
    }

    /// Whether the last line has come, and nothing after it.
    pub(super) fn is_complete(&self) -> bool {
        self.end.is_some() && self.pending.is_empty()
    }

    /// Rows so far, over all parts.
    pub(super) const fn rows(&self) -> u64 {
        self.before.rows + self.totals.rows
    }

    /// The last row, if there was one, as the API takes it.
    pub(super) fn last(&self) -> Option<String> {
        let last = self.last.as_ref()?;
        Some(format!("{}.{}", last.event_id, last.revision))
    }

    /// Bytes up to the end of the last row.
    pub(super) const fn whole(&self) -> u64 {
        self.whole
    }

    /// The last line of all parts together, as that of a download in one piece; none before the end.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(super) fn last_line(&self) -> Result<Option<String>> {
        let Some(end) = self.end.as_ref().filter(|_| self.is_complete()) else {
            return Ok(None);
        };
        if self.before.rows == 0 {
            return Ok(Some(end.line.clone()));
        }
        let all = self.before.and(self.totals)?;
        let amounts = AMOUNTS.iter().zip(all.sums);
        let (rows, as_of) = (all.rows, &end.as_of);
        let written: Vec<String> = amounts
            .map(|(name, sum)| match self.format {
                Format::Csv => format!("{name}={sum}"),
                Format::Jsonl => format!("\"{name}\":\"{sum}\""),
            })
            .collect();
        Ok(Some(match self.format {
            Format::Csv => format!(
                "{COMPLETE} entries={rows} {} as_of={as_of}\r\n",
                written.join(" ")
            ),
            Format::Jsonl => format!(
                "{{\"export\":\"complete\",\"entries\":{rows},{},\"as_of\":\"{as_of}\"}}\n",
                written.join(",")
            ),
        }))
    }

    /// Where in a piece the row ends that is being read. In CSV a line end within quotes ends none.
    fn row_end(&mut self, piece: &[u8]) -> Option<usize> {
        for (at, byte) in piece.iter().enumerate() {
            if *byte == b'"' && self.format == Format::Csv {
                self.quoted = !self.quoted;
            }
            if *byte == b'\n' && !self.quoted {
                return Some(at + 1);
            }
        }
        None
    }

    fn row(&mut self, row: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(row).map_err(|_| anyhow!("{} is no text", self.place_in_words()))?;
        if self.end.is_some() {
            bail!("something follows after the last line");
        }
        let length = u64::try_from(row.len()).unwrap_or(u64::MAX);
        match self.format {
            Format::Csv => self.record(text, length),
            Format::Jsonl => self.line(text, length),
        }
    }

    fn record(&mut self, text: &str, length: u64) -> Result<()> {
        if text.starts_with(COMPLETE) {
            return self.ended(End::of_csv(text));
        }
        let cells = csv::cells(text);
        let Some(columns) = &self.columns else {
            self.columns = Some(Columns::of(&cells)?);
            self.whole += length;
            return Ok(());
        };
        let cell = |at: usize| cells.get(at).map(String::as_str);
        let place = cell(columns.event_id)
            .zip(cell(columns.revision))
            .filter(|_| cells.len() == columns.count);
        let amounts = columns
            .amounts
            .map(|at| cell(at).filter(|text| !text.is_empty()).map(str::to_owned));
        let place = place.and_then(|(event, revision)| Place::of(event, revision.parse().ok()?));
        self.counted(place, &amounts, length)
    }

    fn line(&mut self, text: &str, length: u64) -> Result<()> {
        let Ok(line) = serde_json::from_str::<Line>(text) else {
            bail!("{} is not as an export has them", self.place_in_words());
        };
        if line.export.as_deref() == Some("complete") {
            return self.ended(End::of_json(line, text));
        }
        let place = line
            .event_id
            .as_deref()
            .zip(line.revision)
            .and_then(|(event, revision)| Place::of(event, revision));
        self.counted(
            place,
            &[line.list_cost_usd, line.cost_usd, line.charge_usd],
            length,
        )
    }

    fn counted(&mut self, place: Option<Place>, amounts: &[Option<String>; 3], length: u64) -> Result<()> {
        let mut row = Totals {
            rows: 1,
            ..Totals::NONE
        };
        let mut sound = place.is_some();
        for (sum, amount) in row.sums.iter_mut().zip(amounts) {
            match amount.as_ref().map(|text| text.parse()) {
                Some(Ok(amount)) => *sum = amount,
                Some(Err(_)) => sound = false,
                None => {}
            }
        }
        if !sound {
            bail!("{} is not as an export has them", self.place_in_words());
        }
        if self.last.is_some() && self.last >= place {
            bail!("{} is out of order, or there twice", self.place_in_words());
        }
        self.totals = self.totals.and(row)?;
        self.last = place;
        self.whole += length;
        Ok(())
    }

    fn ended(&mut self, end: Option<End>) -> Result<()> {
        let end = end.ok_or_else(|| anyhow!("its last line is not as an export has it"))?;
        if end.totals != self.totals {
            bail!(
                "its last line says {} entries, {} have come, or their amounts differ",
                end.totals.rows,
                self.totals.rows
            );
        }
        self.end = Some(end);
        Ok(())
    }

    fn place_in_words(&self) -> String {
        format!("row {}", self.rows() + 1)
    }
}

impl Place {
    fn of(event: &str, revision: u32) -> Option<Self> {
        let id: uuid::Uuid = event.parse().ok()?;
        Some(Self {
            event_id: id.to_string(),
            revision,
        })
    }
}

impl Columns {
    fn of(head: &[String]) -> Result<Self> {
        let place = |name: &str| {
            let found = head.iter().position(|column| column == name);
            found
                .ok_or_else(|| anyhow!("its first line names no {name}; is this a Tollgate's admin address?"))
        };
        let [list_cost, cost, charge] = AMOUNTS;
        Ok(Self {
            count: head.len(),
            event_id: place("event_id")?,
            revision: place("revision")?,
            amounts: [place(list_cost)?, place(cost)?, place(charge)?],
        })
    }
}

impl End {
    fn of_csv(text: &str) -> Option<Self> {
        let part = |name: &str| {
            let mut parts = text.split_whitespace().filter_map(|part| part.split_once('='));
            parts.find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        let [list_cost, cost, charge] = AMOUNTS;
        Some(Self {
            totals: Totals {
                rows: part("entries")?.parse().ok()?,
                sums: [
                    part(list_cost)?.parse().ok()?,
                    part(cost)?.parse().ok()?,
                    part(charge)?.parse().ok()?,
                ],
            },
            as_of: part("as_of")?.to_owned(),
            line: text.to_owned(),
        })
    }

    fn of_json(line: Line, text: &str) -> Option<Self> {
        Some(Self {
            totals: Totals {
                rows: line.entries?,
                sums: [
                    line.list_cost_usd?.parse().ok()?,
                    line.cost_usd?.parse().ok()?,
                    line.charge_usd?.parse().ok()?,
                ],
            },
            as_of: line.as_of?,
            line: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
