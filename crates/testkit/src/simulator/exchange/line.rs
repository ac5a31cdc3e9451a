//! The invoice line of a request.

use crate::invoice::{Component, InvoiceLine, Outcome};
use crate::protocol::{Dialect, Protocol};

use super::super::operation::Operation;
use super::super::reply::Exchange;
use super::super::script::{Fault, Script};
use super::super::state::Ticket;
use super::{Call, billed_counts, shows_usage};

/// The line as it stands when the request has been read; `refused` is the error status, if any.
pub(super) fn of(ticket: &Ticket, call: &Call, exchange: &Exchange, refused: Option<u16>) -> InvoiceLine {
    let silent = matches!(exchange.script.fault, Some(Fault::Hang | Fault::Drop));
    let free = call.operation == Operation::CountTokens || call.protocol == Protocol::OpenaiModerations;
    let billed = match refused {
        Some(_) => exchange.script.billed == Some(true),
        None => exchange.script.is_billed() && !free,
    };
    let tier = billed_tier(&exchange.tier);
    let counts = billed_counts(exchange, billed);
    let prices = &ticket.state.prices;
    let name = prices.name_of(
        &exchange.model,
        exchange.quality(),
        exchange.facts.size.as_deref(),
    );
    let components = prices.bill(&name, &tier, &counts);
    let amount_pico_usd = if billed {
        components.as_deref().and_then(sum)
    } else {
        Some(0)
    };
    InvoiceLine {
        number: ticket.number,
        id: exchange.id(call.protocol),
        protocol: call.protocol,
        path: call.path.clone(),
        model_requested: exchange.facts.model.clone().unwrap_or_default(),
        model: exchange.model.clone(),
        tier,
        stream: exchange.facts.stream,
        status: if silent && refused.is_none() {
            0
        } else {
            refused.unwrap_or(200)
        },
        billed,
        usage_reported: refused.is_none() && !silent && shows_usage(call.protocol, exchange),
        completed: false,
        outcome: Outcome::Open,
        counts,
        components: components.unwrap_or_default(),
        amount_pico_usd,
    }
}

fn sum(components: &[Component]) -> Option<i128> {
    components.iter().try_fold(0_i128, |total, component| {
        total.checked_add(component.amount_pico_usd)
    })
}

/// The provider's own word for the tier that served.
pub(super) fn served_tier(dialect: Dialect, script: &Script, asked: Option<&str>) -> String {
    let asked = asked.map(str::to_ascii_lowercase);
    let tier = script.tier_served.as_deref().or(asked.as_deref()).unwrap_or("");
    let standard = matches!(
        tier,
        "" | "auto" | "default" | "standard" | "standard_only" | "unspecified"
    );
    match (standard, dialect) {
        (true, Dialect::OpenAi) => "default".to_owned(),
        (true, _) => "standard".to_owned(),
        (false, _) => tier.to_owned(),
    }
}

/// The price list's word for it.
fn billed_tier(served: &str) -> String {
    match served {
        "default" | "on_demand" => "standard".to_owned(),
        "fast" => "priority".to_owned(),
        other => other.to_owned(),
    }
}
