//! Why one request cost exactly what it cost.

use std::fmt::Write as _;

use crate::books::Books;
use crate::table::{Align, Table};
use crate::wire::{Attempt, Entry, Receipt};

/// The receipt of one request, written out.
pub(crate) fn render(books: &Books) -> String {
    let Some(receipt) = books.example() else {
        return "THE RECEIPT: there is none\n".to_owned();
    };
    let mut text = format!("A RECEIPT, of request {}\n", receipt.request_id);
    for (attempt, entry) in entries(receipt) {
        // Writing to a string cannot fail.
        describe(&mut text, attempt, entry).unwrap_or_default();
    }
    text
}

fn entries(receipt: &Receipt) -> impl Iterator<Item = (&Attempt, &Entry)> {
    let of_attempt = |attempt| {
        let attempt: &Attempt = attempt;
        attempt.entries.iter().map(move |entry| (attempt, entry))
    };
    receipt.attempts.iter().flat_map(of_attempt)
}

fn describe(text: &mut String, attempt: &Attempt, entry: &Entry) -> std::fmt::Result {
    let model = attempt.model_requested.as_deref().unwrap_or("-");
    let how = if attempt.stream { "stream" } else { "not a stream" };
    writeln!(
        text,
        "  {model} at {} for {}, attempt {}, {how}, {}",
        attempt.upstream.name, attempt.key.name, attempt.number, attempt.occurred_at
    )?;
    if let Some(pricing) = &entry.pricing {
        writeln!(
            text,
            "  priced as {} ({} tier) by rule {} from {}, price version {}",
            pricing.priced_as, pricing.tier, pricing.rule, pricing.price_source, attempt.price_version
        )?;
    }
    if let Some(usage) = &entry.provider_usage {
        writeln!(text, "  the provider said: {}", usage.get())?;
    }
    let mut table = Table::new(&[
        (Align::Left, "meter"),
        (Align::Right, "count"),
        (Align::Point, "x USD per million"),
        (Align::Point, "x multiplier"),
        (Align::Point, "= USD"),
    ]);
    for line in &entry.lines {
        table.row([
            line.meter.clone(),
            line.count.to_string(),
            line.usd_per_million.clone(),
            line.multiplier.clone(),
            line.cost.to_string(),
        ]);
    }
    write!(text, "\n{table}\n")?;
    if let Some(formula) = &entry.formula {
        writeln!(text, "  {formula}")?;
    }
    let list_cost = attempt.list_cost.unwrap_or_default();
    let seq = entry.journal_seq;
    writeln!(
        text,
        "  at list prices {list_cost} USD; number {seq} of the journal"
    )
}
