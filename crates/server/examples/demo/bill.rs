//! What everything cost.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use tollgate_domain::Usd;

use crate::books::Books;
use crate::table::{Align, Table};

/// Attempts and amounts of one upstream and model.
#[derive(Default)]
struct Group {
    attempts: u64,
    unbilled: u64,
    /// List cost and cost of those that are known; nothing if none is.
    known: Option<(Usd, Usd)>,
}

/// The bill by upstream and model, and the totals as the gateway shows them.
pub(crate) fn render(books: &Books) -> Result<String> {
    let month = &books.overview.month;
    let mut table = Table::new(&[
        (Align::Left, "upstream"),
        (Align::Left, "model"),
        (Align::Right, "attempts"),
        (Align::Right, "unbilled"),
        (Align::Point, "list cost"),
        (Align::Point, "cost"),
    ]);
    for ((upstream, model), group) in groups(books)? {
        let unknown = || ("not known".to_owned(), "not known".to_owned());
        let shown = |(list_cost, cost): (Usd, Usd)| (list_cost.to_string(), cost.to_string());
        let (list_cost, cost) = group.known.map_or_else(unknown, shown);
        let (attempts, unbilled) = (group.attempts.to_string(), group.unbilled.to_string());
        table.row([upstream, model, attempts, unbilled, list_cost, cost]);
    }
    table.row([
        "this month".to_owned(),
        String::new(),
        month.attempts.to_string(),
        month.unbilled.to_string(),
        month.list_cost.to_string(),
        month.cost.to_string(),
    ]);

    let mut text = String::from("THE BILL, in USD\n");
    write!(text, "{table}")?;
    writeln!(
        text,
        "\n  {} attempts: {} billed, {} unbilled, {} without charge",
        month.attempts, month.billed, month.unbilled, month.no_charge
    )?;
    writeln!(
        text,
        "  {} input tokens ({} of them cached), {} output tokens ({} of them reasoning)",
        month.input_tokens, month.cache_read_tokens, month.output_tokens, month.reasoning_tokens
    )?;
    writeln!(text, "  charged to the keys' owners: {}", month.charge)?;
    let models = books
        .overview
        .catalog
        .as_ref()
        .map_or(0, |catalog| catalog.models);
    let version = books.overview.price_version.unwrap_or_default();
    let zone = &books.overview.accounting_zone;
    writeln!(
        text,
        "  prices of {models} models, price version {version}; months begin in {zone}"
    )?;
    Ok(text)
}

fn groups(books: &Books) -> Result<BTreeMap<(String, String), Group>> {
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for attempt in books.attempts() {
        let model = attempt.model_requested.clone().unwrap_or_default();
        let group = groups.entry((attempt.upstream.name.clone(), model)).or_default();
        group.attempts += 1;
        group.unbilled += u64::from(attempt.billing_status == "unbilled");
        if let (Some(list_cost), Some(cost)) = (attempt.list_cost, attempt.cost) {
            let (listed, known) = group.known.unwrap_or_default();
            group.known = Some((listed.checked_add(list_cost)?, known.checked_add(cost)?));
        }
    }
    Ok(groups)
}
