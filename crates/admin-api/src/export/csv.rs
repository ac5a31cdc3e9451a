//! CSV as RFC 4180 has it, with texts that no spreadsheet takes for a formula.

use super::Cell;

/// What makes a spreadsheet evaluate a cell, or skip to what does.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Appends a record.
pub(super) fn record(out: &mut String, cells: impl IntoIterator<Item = Cell>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        field(out, &cell);
    }
    out.push_str("\r\n");
}

/// Appends a line that is no record.
pub(super) fn comment(out: &mut String, parts: &[(&'static str, Cell)]) {
    out.push_str("# complete");
    for (name, cell) in parts {
        out.push(' ');
        out.push_str(name);
        out.push('=');
        field(out, cell);
    }
    out.push_str("\r\n");
}

fn field(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => {}
        Cell::Integer(number) => out.push_str(&number.to_string()),
        Cell::Decimal(decimal) => out.push_str(decimal),
        Cell::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Cell::Text(text) | Cell::Json(text) => quoted(out, text),
    }
}

/// An empty text is `""`, so that it differs from what is not known.
fn quoted(out: &mut String, text: &str) {
    let formula = text.starts_with(FORMULA);
    let plain =
        !text.is_empty() && !formula && !text.contains([',', '"', '\r', '\n', '#']) && text.trim() == text;
    if plain {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: Cell) -> String {
        let mut out = String::new();
        record(&mut out, [cell]);
        out.strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn texts_that_a_spreadsheet_would_evaluate_are_told_apart() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n"] {
            let text = format!("{start}1+1");
            assert_eq!(written(Cell::Text(text.clone())), format!("\"'{text}\""));
        }
        assert_eq!(written(Cell::Text("1=1".to_owned())), "1=1");
    }

    #[test]
    fn numbers_stay_numbers_whatever_their_sign() {
        assert_eq!(written(Cell::Decimal("-0.5".to_owned())), "-0.5");
        assert_eq!(written(Cell::Integer(-7)), "-7");
        assert_eq!(written(Cell::Bool(true)), "true");
    }

    #[test]
    fn separators_and_quotes_are_quoted_and_nothing_differs_from_an_empty_text() {
        assert_eq!(
            written(Cell::Text("a,\"b\"\r\nc".to_owned())),
            "\"a,\"\"b\"\"\r\nc\""
        );
        assert_eq!(written(Cell::Text(" x".to_owned())), "\" x\"");
        assert_eq!(written(Cell::Text("# complete".to_owned())), "\"# complete\"");
        assert_eq!(
            (written(Cell::Text(String::new())), written(Cell::Null)),
            ("\"\"".to_owned(), String::new())
        );
    }
}
