//! Answers as tables for people, or as they are for scripts.

use serde_json::Value;

use super::connect::Context;
use super::table::{Align, Table};
use crate::logging::say;

/// A column of a list.
pub(super) struct Column {
    pub(super) title: &'static str,
    /// Where in an item, as a JSON pointer.
    pub(super) at: &'static str,
    pub(super) align: Align,
}

/// A column of texts.
pub(super) const fn text(title: &'static str, at: &'static str) -> Column {
    Column {
        title,
        at,
        align: Align::Left,
    }
}

/// A column of numbers and amounts.
pub(super) const fn number(title: &'static str, at: &'static str) -> Column {
    Column {
        title,
        at,
        align: Align::Right,
    }
}

/// Prints a list.
pub(super) fn list(context: &Context, list: &Value, columns: &[Column]) {
    if context.json {
        return say(&list.to_string());
    }
    let items = list.get("items").and_then(Value::as_array);
    rows(items.map_or(&[][..], Vec::as_slice), columns);
    if let Some(cursor) = list.get("next_cursor").and_then(Value::as_str) {
        say(&format!("more: --cursor {cursor}, or --all"));
    }
}

/// Prints items.
pub(super) fn rows(items: &[Value], columns: &[Column]) {
    let mut table = Table::new(columns.iter().map(|column| (column.title, column.align)));
    for item in items {
        let cells = columns
            .iter()
            .map(|column| item.pointer(column.at).map_or_else(String::new, cell));
        table.push(cells.collect());
    }
    say(&table.to_string());
}

/// Prints one thing: a line for each of its fields, those inside others by their path.
pub(super) fn one(context: &Context, thing: &Value) {
    if context.json {
        return say(&thing.to_string());
    }
    let mut table = Table::bare();
    fields(thing, "", &mut table);
    say(&table.to_string());
}

fn fields(value: &Value, path: &str, table: &mut Table) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                fields(member, &inner, table);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                fields(item, &format!("{path}[{index}]"), table);
            }
        }
        plain => table.push(vec![path.to_owned(), cell(plain)]),
    }
}

/// A value in a cell. What is not known is a dash, never a zero.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
