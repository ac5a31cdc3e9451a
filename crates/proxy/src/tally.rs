//! What a request's attempts are known to have cost, for the headers of a held answer.

use tollgate_domain::{LedgerEntry, RequestStatus, Usd, Verdict, request_status};

/// Over the attempts settled so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    verdicts: Vec<Verdict>,
    cost: Option<Usd>,
    /// A sum left the range of money; then no cost is named.
    overflowed: bool,
    /// The entry of an attempt is still to come; then neither status nor cost are known.
    open: bool,
}

impl Tally {
    pub(crate) fn add(&mut self, entry: &LedgerEntry) {
        self.verdicts.push(entry.verdict);
        let Some(amounts) = &entry.amounts else { return };
        match self.cost.unwrap_or(Usd::ZERO).checked_add(amounts.cost) {
            Ok(sum) => self.cost = Some(sum),
            Err(_) => self.overflowed = true,
        }
    }

    /// An attempt has ended whose entry is still to come.
    pub(crate) fn leave_open(&mut self) {
        self.open = true;
    }

    /// `None` while an entry is still to come.
    pub(crate) fn status(&self) -> Option<RequestStatus> {
        (!self.open).then(|| request_status(self.verdicts.iter().copied()))
    }

    /// What the upstreams charge, where all that may have cost money is known; a request that cost nothing has a
    /// cost of zero.
    pub(crate) fn cost(&self) -> Option<Usd> {
        match self.status()? {
            _ if self.overflowed => None,
            RequestStatus::Billed => self.cost,
            RequestStatus::NoCharge => Some(Usd::ZERO),
            RequestStatus::PartlyBilled | RequestStatus::Unbilled => None,
        }
    }
}
