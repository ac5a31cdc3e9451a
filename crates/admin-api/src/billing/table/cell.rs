//! Cells that a spreadsheet would run.

use std::borrow::Cow;

/// What makes a spreadsheet take a cell for a formula.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Put before it, a spreadsheet shows the cell as text.
const GUARD: char = '\'';

/// A text as a cell that is never run. [`restored`] gives the text back, whatever it is.
pub(super) fn neutralised(text: &str) -> Cow<'_, str> {
    if is_run(text) {
        Cow::Owned(format!("{GUARD}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a cell.
pub(super) fn restored(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(text) if is_run(text) => text,
        _ => cell,
    }
}

/// Texts that look guarded already are guarded once more, so that each has one cell and each cell one text.
fn is_run(text: &str) -> bool {
    text.trim_start_matches(GUARD).starts_with(STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_every_text_is_read_back() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("plain", "plain"),
            ("'quoted'", "'quoted'"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(neutralised(text), cell);
            assert_eq!(restored(cell), text);
        }
    }
}
