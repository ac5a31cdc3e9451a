//! Amounts over several revisions.

use tollgate_domain::{Amounts, LedgerEntry, MoneyError, Usd};

/// The three amounts summed; nothing if no entry knows any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums(Option<Amounts>);

impl Sums {
    /// Sums what the entries know; adjustments carry signed deltas.
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Result<Self, MoneyError> {
        let known = entries.into_iter().filter_map(|entry| entry.amounts);
        let sum = known.into_iter().try_fold(None, |sum: Option<Amounts>, amounts| {
            let sum = sum.unwrap_or_default();
            Ok(Some(Amounts {
                list_cost: sum.list_cost.checked_add(amounts.list_cost)?,
                cost: sum.cost.checked_add(amounts.cost)?,
                charge: sum.charge.checked_add(amounts.charge)?,
            }))
        });
        sum.map(Self)
    }

    pub(super) fn list_cost(self) -> Option<Usd> {
        self.0.map(|amounts| amounts.list_cost)
    }

    pub(super) fn cost(self) -> Option<Usd> {
        self.0.map(|amounts| amounts.cost)
    }

    pub(super) fn charge(self) -> Option<Usd> {
        self.0.map(|amounts| amounts.charge)
    }
}
