//! Plain-text tables.

use std::fmt;

/// How a column's cells stand above each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Whole numbers.
    Right,
    /// Decimal numbers, point under point.
    Point,
}

/// Rows of cells under a head.
pub(crate) struct Table {
    columns: Vec<(Align, String)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Columns by alignment and title.
    pub(crate) fn new(columns: &[(Align, &str)]) -> Self {
        let columns = columns
            .iter()
            .map(|(align, title)| (*align, (*title).to_owned()))
            .collect();
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row; it has one cell for each column.
    pub(crate) fn row<I: IntoIterator<Item = S>, S: Into<String>>(&mut self, cells: I) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The cells of a column, padded to the same width, its title first.
    fn column(&self, index: usize, align: Align, title: &str) -> Vec<String> {
        let cells: Vec<&str> = self
            .rows
            .iter()
            .map(|row| row.get(index).map_or("", String::as_str))
            .collect();
        let cells = if align == Align::Point {
            under_point(&cells)
        } else {
            cells.into_iter().map(ToOwned::to_owned).collect()
        };
        let cells: Vec<String> = std::iter::once(title.to_owned()).chain(cells).collect();
        let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        let pad = |cell: String| match align {
            Align::Left => format!("{cell:width$}"),
            Align::Right | Align::Point => format!("{cell:>width$}"),
        };
        cells.into_iter().map(pad).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<Vec<String>> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, (align, title))| self.column(index, *align, title))
            .collect();
        for line in 0..=self.rows.len() {
            let cells: Vec<&str> = columns
                .iter()
                .filter_map(|column| column.get(line).map(String::as_str))
                .collect();
            writeln!(f, "  {}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// The cells padded on the right, so that aligning them there puts point under point. Words in between stay as they are.
fn under_point(cells: &[&str]) -> Vec<String> {
    let is_number = |cell: &str| cell.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c));
    let decimals = |cell: &str| cell.find('.').map_or(0, |at| cell.len() - at);
    let most = cells.iter().map(|cell| decimals(cell)).max().unwrap_or(0);
    let padded = |cell: &&str| {
        let missing = if is_number(cell) { most - decimals(cell) } else { 0 };
        format!("{cell}{}", " ".repeat(missing))
    };
    cells.iter().map(padded).collect()
}
