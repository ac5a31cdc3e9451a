//! JSON Lines: one object a line.

use super::Cell;

/// Appends an object.
pub(super) fn object<'a>(out: &mut String, members: impl IntoIterator<Item = (&'a str, Cell)>) {
    out.push('{');
    for (place, (name, cell)) in members.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        text(out, name);
        out.push(':');
        value(out, &cell);
    }
    out.push_str("}\n");
}

fn value(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => out.push_str("null"),
        Cell::Integer(number) => out.push_str(&number.to_string()),
        Cell::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Cell::Decimal(words) | Cell::Text(words) => text(out, words),
        Cell::Json(document) => out.push_str(document),
    }
}

fn text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
