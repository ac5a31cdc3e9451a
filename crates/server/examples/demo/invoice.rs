//! The providers' own invoices beside the gateway's books.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use tollgate_domain::Usd;
use tollgate_testkit::{InvoiceLine, total_pico_usd};

use crate::books::Books;
use crate::stage::{RESELLER, Stage};
use crate::table::{Align, Table};
use crate::wire::Attempt;

/// Invoice against books, for each provider.
pub(crate) struct Comparison {
    sides: Vec<Side>,
    /// The sum of the sides.
    together: Side,
    /// What the overview shows, which is summed elsewhere than the receipts are.
    shown: Usd,
}

struct Side {
    provider: &'static str,
    /// What the provider asks for.
    invoiced: Usd,
    /// Of that, requests that the books list as unbilled.
    unbilled: Usd,
    /// What the books say.
    billed: Usd,
    /// Invoice lines whose entry says something else, or that have none.
    different: usize,
}

/// Holds every line against its entry, by the provider's response id.
pub(crate) fn compare(stage: &Stage, books: &Books) -> Result<Comparison> {
    let (ours, resold): (Vec<&Attempt>, Vec<&Attempt>) = books
        .attempts()
        .partition(|attempt| attempt.upstream.name != RESELLER);
    let provider = Side::of("the provider", &stage.provider.invoice(), &ours)?;
    let reseller = Side::of("the reseller", &stage.reseller.invoice(), &resold)?;
    let together = provider.with(&reseller)?;
    Ok(Comparison {
        sides: vec![provider, reseller],
        together,
        shown: books.overview.month.cost,
    })
}

impl Comparison {
    /// Whether nothing differs.
    pub(crate) fn equal(&self) -> bool {
        self.sides.iter().all(Side::equal) && self.together.billed == self.shown
    }
}

impl Side {
    fn of(provider: &'static str, invoice: &[InvoiceLine], attempts: &[&Attempt]) -> Result<Self> {
        let by_id: BTreeMap<&str, &Attempt> = attempts
            .iter()
            .filter_map(|attempt| Some((response_id(attempt)?, *attempt)))
            .collect();
        let (mut unbilled, mut different) = (Usd::ZERO, invoice.len().abs_diff(attempts.len()));
        for line in invoice.iter().filter(|line| line.billed) {
            let amount = Usd::from_pico(line.amount_pico_usd.unwrap_or_default());
            match by_id.get(line.id.as_str()) {
                Some(attempt) if attempt.billing_status == "unbilled" => {
                    unbilled = unbilled.checked_add(amount)?;
                }
                Some(attempt) => different += usize::from(attempt.cost != Some(amount)),
                None => different += 1,
            }
        }
        Ok(Self {
            provider,
            invoiced: Usd::from_pico(total_pico_usd(invoice)),
            unbilled,
            billed: Usd::checked_sum(attempts.iter().filter_map(|attempt| attempt.cost))?,
            different,
        })
    }

    fn with(&self, other: &Self) -> Result<Self> {
        Ok(Self {
            provider: "together",
            invoiced: self.invoiced.checked_add(other.invoiced)?,
            unbilled: self.unbilled.checked_add(other.unbilled)?,
            billed: self.billed.checked_add(other.billed)?,
            different: self.different + other.different,
        })
    }

    fn equal(&self) -> bool {
        self.different == 0 && self.invoiced.checked_sub(self.unbilled) == Ok(self.billed)
    }
}

fn response_id(attempt: &Attempt) -> Option<&str> {
    attempt.entries.first()?.outcome.response_id.as_deref()
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[
            (Align::Left, ""),
            (Align::Point, "invoiced"),
            (Align::Point, "of that unbilled here"),
            (Align::Point, "billed here"),
            (Align::Left, "equal"),
        ]);
        for side in self.sides.iter().chain([&self.together]) {
            table.row([
                side.provider.to_owned(),
                side.invoiced.to_string(),
                side.unbilled.to_string(),
                side.billed.to_string(),
                if side.equal() { "yes" } else { "no" }.to_owned(),
            ]);
        }
        writeln!(
            f,
            "THE PROVIDERS' OWN INVOICES, in USD, line by line against the ledger"
        )?;
        write!(f, "{table}")?;
        let same = if self.together.billed == self.shown {
            "yes"
        } else {
            "no"
        };
        writeln!(f, "\n  the bill above says {} in all; equal: {same}", self.shown)
    }
}
