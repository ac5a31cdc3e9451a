//! What is not on the bill, and why.

use std::fmt::Write as _;

use crate::books::Books;
use crate::table::{Align, Table};

/// Every attempt that is not billed, with its reason.
pub(crate) fn render(books: &Books) -> String {
    let mut text = String::from("NOT ON THE BILL\n");
    for (status, meaning) in [
        (
            "unbilled",
            "may have cost money; nobody guesses how much, it waits for repair",
        ),
        ("no_charge", "known to have cost nothing"),
    ] {
        let mut table = Table::new(&[
            (Align::Left, "upstream"),
            (Align::Left, "model"),
            (Align::Right, "http"),
            (Align::Left, "reason"),
            (Align::Left, "detail"),
        ]);
        for attempt in books
            .attempts()
            .filter(|attempt| attempt.billing_status == status)
        {
            let http_status = attempt.entries.last().and_then(|entry| entry.outcome.http_status);
            table.row([
                attempt.upstream.name.clone(),
                attempt.model_requested.clone().unwrap_or_default(),
                http_status.map_or_else(|| "-".to_owned(), |status| status.to_string()),
                attempt.reason.clone().unwrap_or_default(),
                attempt.detail.clone().unwrap_or_default(),
            ]);
        }
        // Writing to a string cannot fail.
        write!(text, "  {status}: {meaning}\n{table}\n").unwrap_or_default();
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
