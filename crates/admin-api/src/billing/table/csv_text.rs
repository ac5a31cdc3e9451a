//! Rows as CSV (RFC 4180) and back.

use serde_json::{Map, Value};

use super::cell::{neutralised, restored};
use super::row::{Column, Kind};
use crate::field::FieldError;

/// A row as it was read, before it is known to be a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawRow {
    /// Where it begins in the text; `None` in JSON.
    pub(super) line: Option<u64>,
    /// Its fields; those of faulty cells as text.
    pub(super) value: Value,
    /// What is wrong with its cells.
    pub(super) faults: Vec<FieldError>,
}

/// Rows as text, with a head.
pub(super) fn write(columns: &[Column], rows: &[Value]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    for row in rows {
        let cells = columns.iter().map(|(name, _)| text(row.get(name)));
        let cells: Vec<String> = cells.map(|text| neutralised(&text).into_owned()).collect();
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// Rows from a text whose head names the columns in any order; the error is a message for the caller. Commas,
/// semicolons and tabs separate cells, whichever the head does with. Empty rows are passed over.
pub(super) fn read(text: &[u8], columns: &[Column]) -> Result<Vec<RawRow>, String> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .from_reader(text);
    let head = reader.headers().map_err(|error| error.to_string())?.clone();
    let head = head.iter().map(|name| column(name.trim(), columns));
    let head: Vec<Column> = head.collect::<Result<_, _>>()?;
    for (index, (name, _)) in head.iter().enumerate() {
        if head.iter().take(index).any(|(other, _)| other == name) {
            return Err(format!("the head names {name:?} twice"));
        }
    }
    let (mut rows, mut lines) = (Vec::new(), Lines::new(text));
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(str::is_empty) {
            continue;
        }
        rows.push(row(&record, line, &head));
    }
    Ok(rows)
}

/// Lines of a text by place, asked in order. The reader's own count is one short where lines end in two characters.
struct Lines<'t> {
    rest: &'t [u8],
    at: u64,
    line: u64,
}

impl<'t> Lines<'t> {
    const fn new(text: &'t [u8]) -> Self {
        Self {
            rest: text,
            at: 0,
            line: 1,
        }
    }

    /// The line in which the first character at or after a place stands that ends no line.
    fn of(&mut self, byte: u64) -> u64 {
        let passed = usize::try_from(byte.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let (before, rest) = self.rest.split_at(passed.min(self.rest.len()));
        let ends = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let (ends, rest) = rest.split_at(ends);
        let newlines = before.iter().chain(ends).filter(|byte| **byte == b'\n').count();
        self.line += u64::try_from(newlines).unwrap_or(u64::MAX);
        self.at += u64::try_from(before.len() + ends.len()).unwrap_or(u64::MAX);
        self.rest = rest;
        self.line
    }
}

fn delimiter(text: &[u8]) -> u8 {
    let head = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_in_head = |delimiter: &u8| head.contains(delimiter);
    [b',', b';', b'\t'].into_iter().find(is_in_head).unwrap_or(b',')
}

fn column(name: &str, columns: &[Column]) -> Result<Column, String> {
    let known = columns.iter().find(|(column, _)| *column == name);
    known.copied().ok_or_else(|| {
        let known: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        format!(
            "the head names {name:?}, which is no column; known are {}",
            known.join(", ")
        )
    })
}

fn row(record: &csv::StringRecord, line: u64, head: &[Column]) -> RawRow {
    let (mut fields, mut faults) = (Map::new(), Vec::new());
    if record.len() != head.len() {
        faults.push(FieldError {
            field: "row".to_owned(),
            message: format!("has {} cells; the head has {}", record.len(), head.len()),
        });
    }
    for ((name, kind), cell) in head.iter().zip(record) {
        let text = restored(cell);
        if text.is_empty() {
            continue;
        }
        let value = value(*kind, text).unwrap_or_else(|message| {
            let field = (*name).to_owned();
            faults.push(FieldError { field, message });
            Value::from(text)
        });
        fields.insert((*name).to_owned(), value);
    }
    RawRow {
        line: Some(line),
        value: Value::Object(fields),
        faults,
    }
}

fn value(kind: Kind, text: &str) -> Result<Value, String> {
    match (kind, text) {
        (Kind::Text, text) => Ok(Value::from(text)),
        // As spreadsheets write them.
        (Kind::Bool, "true" | "TRUE") => Ok(Value::Bool(true)),
        (Kind::Bool, "false" | "FALSE") => Ok(Value::Bool(false)),
        (Kind::Bool, other) => Err(format!("{other:?} is neither true nor false")),
        (Kind::Json, text) => {
            serde_json::from_str(text).map_err(|error| format!("{text:?} is not JSON: {error}"))
        }
    }
}

/// A field as it stands in a cell.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => String::new(),
        Some(Value::Object(fields)) if fields.is_empty() => String::new(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COLUMNS: &[Column] = &[("name", Kind::Text), ("on", Kind::Bool), ("more", Kind::Json)];

    #[test]
    fn whatever_is_written_is_read_back() {
        let rows = [
            json!({"name": "=cmd|' /C calc'!A0", "on": true, "more": [{"a": 1}]}),
            json!({"name": "line\r\nbreak, \"quoted\"; 'x'", "more": {"b": "=1"}}),
            json!({"name": "'=guarded", "on": false}),
        ];
        let written = write(COLUMNS, &rows).unwrap();
        let text = String::from_utf8(written.clone()).unwrap();
        assert!(text.starts_with("name,on,more\r\n'=cmd|"), "{text}");
        let read: Vec<Value> = read(&written, COLUMNS)
            .unwrap()
            .into_iter()
            .map(|row| row.value)
            .collect();
        assert_eq!(read, rows);
    }

    #[test]
    fn a_spreadsheets_ways_are_understood() {
        let text = "\u{feff}more;name;on\r\n;a;TRUE\r\n;;\r\n;b;\r\n";
        let rows = read(text.as_bytes(), COLUMNS).unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.line, row.value.clone())).collect();
        assert_eq!(
            found,
            [
                (Some(2), json!({"name": "a", "on": true})),
                (Some(4), json!({"name": "b"}))
            ]
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, part) in [
            (
                "name,colour\n",
                "\"colour\", which is no column; known are name, on, more",
            ),
            ("name,name\n", "\"name\" twice"),
        ] {
            assert!(
                read(text.as_bytes(), COLUMNS).unwrap_err().contains(part),
                "{text}"
            );
        }
        assert!(read(b"name\n\xff\xfe\n", COLUMNS).is_err());
        let rows = read(b"name,on,more\na,yes,{\nb\n", COLUMNS).unwrap();
        let fields: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.faults.iter().map(|fault| fault.field.as_str()).collect())
            .collect();
        assert_eq!(fields, [vec!["on", "more"], vec!["row"]]);
    }
}
