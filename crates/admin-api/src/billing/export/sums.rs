//! What an export adds up to.

use tollgate_domain::{Amounts, Usd};

use crate::export::Cell;
use crate::problem::Problem;

/// Rows and amounts so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ExportSums {
    rows: u64,
    amounts: Amounts,
}

impl ExportSums {
    /// Adds a row; one of unknown amounts adds none.
    pub(crate) fn add(&mut self, amounts: Option<Amounts>) -> Result<(), Problem> {
        self.rows += 1;
        if let Some(amounts) = amounts {
            let sum = |so_far: Usd, amount| so_far.checked_add(amount);
            self.amounts.list_cost = sum(self.amounts.list_cost, amounts.list_cost)?;
            self.amounts.cost = sum(self.amounts.cost, amounts.cost)?;
            self.amounts.charge = sum(self.amounts.charge, amounts.charge)?;
        }
        Ok(())
    }

    /// As a trailer has them; rows under their own name.
    pub(crate) fn parts(&self, rows: &'static str) -> Vec<(&'static str, Cell)> {
        vec![
            (rows, Cell::integer(self.rows)),
            ("list_cost_usd", Cell::usd(Some(self.amounts.list_cost))),
            ("cost_usd", Cell::usd(Some(self.amounts.cost))),
            ("charge_usd", Cell::usd(Some(self.amounts.charge))),
        ]
    }
}
