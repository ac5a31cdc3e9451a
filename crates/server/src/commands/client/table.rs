//! Tables on a terminal.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Rows whose columns stand below each other, whatever script they are in.
pub(super) struct Table {
    titles: Vec<&'static str>,
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With a title over each column.
    pub(super) fn new(columns: impl Iterator<Item = (&'static str, Align)>) -> Self {
        let (titles, aligns) = columns.unzip();
        Self {
            titles,
            aligns,
            rows: Vec::new(),
        }
    }

    /// Names and values, without titles.
    pub(super) fn bare() -> Self {
        Self {
            titles: Vec::new(),
            aligns: vec![Align::Left, Align::Left],
            rows: Vec::new(),
        }
    }

    /// Adds a row. Control characters would move what stands beside them, or worse: they are shown, not obeyed.
    pub(super) fn push(&mut self, cells: Vec<String>) {
        let plain = |cell: String| {
            if cell.chars().any(char::is_control) {
                cell.chars()
                    .map(|c| if c.is_control() { '\u{b7}' } else { c })
                    .collect()
            } else {
                cell
            }
        };
        self.rows.push(cells.into_iter().map(plain).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.aligns.iter().map(|_| 0).collect();
        let titles = self.titles.iter().map(|title| title.width());
        for (width, title) in widths.iter_mut().zip(titles) {
            *width = title;
        }
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }

    fn line<'c>(&self, widths: &[usize], cells: impl Iterator<Item = &'c str>) -> String {
        let mut line = String::new();
        for ((cell, width), align) in cells.zip(widths).zip(&self.aligns) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Left => line.extend([cell, &padding]),
                Align::Right => line.extend([&padding, cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        if !self.titles.is_empty() {
            lines.push(self.line(&widths, self.titles.iter().copied()));
        }
        for row in &self.rows {
            lines.push(self.line(&widths, row.iter().map(String::as_str)));
        }
        f.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_in_any_script() {
        let columns = [("NAME", Align::Left), ("COST", Align::Right)];
        let mut table = Table::new(columns.into_iter());
        for (name, cost) in [("mini", "1.5"), ("模型", "12.25"), ("é", "-")] {
            table.push(vec![name.to_owned(), cost.to_owned()]);
        }
        assert_eq!(
            table.to_string(),
            "NAME   COST\nmini    1.5\n模型  12.25\né         -"
        );
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        let mut table = Table::bare();
        table.push(vec!["a\u{1b}[31m".to_owned(), "b\nc".to_owned()]);
        assert_eq!(table.to_string(), "a·[31m  b·c");
    }
}
