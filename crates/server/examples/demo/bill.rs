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
    list_cost: Usd,
    cost: Usd,
}

/// The bill by upstream and model, and the totals as the gateway shows them.
pub(crate) fn render(books: &Books) -> Result<String> {
    let month = &books.overview.month;
    let mut table = Table::new(&[
        (Align::Left, "upstream"),
        (Align::Left, "model"),
        (Align::Right, "attempts"),
        (Align::Point, "list cost"),
        (Align::Point, "cost"),
    ]);
    for ((upstream, model), group) in groups(books)? {
        let (list_cost, cost) = (group.list_cost.to_string(), group.cost.to_string());
        table.row([upstream, model, group.attempts.to_string(), list_cost, cost]);
    }
    let (list_cost, cost) = (month.list_cost.to_string(), month.cost.to_string());
    table.row(["this month", "", &month.attempts.to_string(), &list_cost, &cost].map(ToOwned::to_owned));

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
        group.list_cost = group
            .list_cost
            .checked_add(attempt.list_cost.unwrap_or_default())?;
        group.cost = group.cost.checked_add(attempt.cost.unwrap_or_default())?;
    }
    Ok(groups)
}
