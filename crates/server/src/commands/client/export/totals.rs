//! What rows of an export add up to.

use anyhow::Result;
use tollgate_domain::Usd;

/// The amounts of a row and of the last line, in the order of the last line.
pub(super) const AMOUNTS: [&str; 3] = ["list_cost_usd", "cost_usd", "charge_usd"];

/// How many rows, and the sums of their amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) rows: u64,
    pub(super) sums: [Usd; 3],
}

impl Totals {
    /// Of no row.
    pub(super) const NONE: Self = Self {
        rows: 0,
        sums: [Usd::ZERO; 3],
    };

    /// With another part of the same export.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(super) fn and(mut self, other: Self) -> Result<Self> {
        self.rows += other.rows;
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum = sum.checked_add(more)?;
        }
        Ok(self)
    }
}
