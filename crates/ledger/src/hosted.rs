//! Calls of hosted tools: part of the usage where there is a price for them, a flag where there is none.

use billing_core::{PriceBook, PriceError, Reading};
use tollgate_domain::{AttemptContext, Meter, Usage};

use crate::settlement::Bill;

/// Marks an entry whose answer used tools that its price does not cover.
const UNMETERED_TOOL_CALLS: &str = "unmetered_tool_calls";

/// Adds the calls that have a price to the usage. The others would leave all of it unpriced: they are left out and
/// flagged, and the text says why, for the entry's detail.
pub(crate) fn add_calls(reading: &mut Reading, context: &AttemptContext, book: &PriceBook) -> Option<String> {
    let calls = std::mem::take(&mut reading.tool_calls);
    let mut left_out = Vec::new();
    for (meter, count) in calls.iter() {
        let Some(usage) = &reading.usage else { break };
        let outcome = if meter == Meter::CodeInterpreter && !context.facts.starts_container {
            Err(format!(
                "{count} containers for code were there before, or are of a size without a price"
            ))
        } else {
            with_price(context, reading, book, usage, (meter, count.get()))
        };
        match outcome {
            Ok(usage) => reading.usage = Some(usage),
            Err(why) => left_out.push(why),
        }
    }
    if left_out.is_empty() {
        return None;
    }
    if !reading.flags.iter().any(|flag| flag == UNMETERED_TOOL_CALLS) {
        reading.flags.push(UNMETERED_TOOL_CALLS.to_owned());
    }
    Some(format!("not counted: {}", left_out.join("; ")))
}

/// The usage with the calls, if that can be priced.
fn with_price(
    context: &AttemptContext,
    reading: &Reading,
    book: &PriceBook,
    usage: &Usage,
    (meter, count): (Meter, u64),
) -> Result<Usage, String> {
    let with = usage
        .clone()
        .with(meter, count)
        .map_err(|error| error.to_string())?;
    match Bill::new(context, reading).at_book_rates(book, &with) {
        Ok(_) => Ok(with),
        Err(PriceError::NotFound { detail }) => Err(detail),
        Err(other) => Err(other.to_string()),
    }
}
