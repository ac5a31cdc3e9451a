//! A bill written out, for people to check with a pocket calculator.

use tollgate_domain::{ChargeLine, LedgerEntry, PriceSource, Side, Unit, Usd};

/// `1000 input tokens x 2.5 USD per million x 0.8 (input multiplier) = 0.002 USD`
pub(super) fn of_line(line: &ChargeLine) -> String {
    use std::fmt::Write as _;

    let mut text = format!("{} {} {}", line.count, line.meter, plural(line.meter.unit()));
    // Writing to a string cannot fail.
    if let Some(billed) = line.billed_count {
        write!(text, ", charged as {billed},").unwrap_or_default();
    }
    write!(text, " x {} USD per million", line.usd_per_million).unwrap_or_default();
    for (name, multiplier) in &line.modifiers {
        write!(text, " x {multiplier} ({name})").unwrap_or_default();
    }
    let side = match line.meter.side() {
        Side::Input => "input",
        Side::Output => "output",
    };
    let (multiplier, cost) = (line.multiplier, line.cost);
    write!(text, " x {multiplier} ({side} multiplier) = {cost} USD").unwrap_or_default();
    text
}

/// `0.002 + 0.0005 = 0.0025 USD`; nothing where no cost is known.
pub(super) fn of_entry(entry: &LedgerEntry) -> Option<String> {
    let cost = entry.amounts?.cost;
    let reported = |pricing: &tollgate_domain::Pricing| pricing.source == PriceSource::ProviderReported;
    if entry.pricing.as_ref().is_some_and(reported) {
        return Some(format!("as the provider reports it = {cost} USD"));
    }
    of_lines(&entry.lines, cost)
}

/// The same for the lines of a charge.
pub(in crate::billing) fn of_lines(lines: &[ChargeLine], cost: Usd) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let terms: Vec<String> = lines.iter().map(|line| line.cost.to_string()).collect();
    Some(format!("{} = {cost} USD", terms.join(" + ")))
}

fn plural(unit: Unit) -> &'static str {
    match unit {
        Unit::Token => "tokens",
        Unit::Image => "images",
        Unit::Pixel => "pixels",
        Unit::Second => "seconds",
        Unit::Character => "characters",
        Unit::Page => "pages",
        Unit::Call => "calls",
        _ => "units",
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Meter;

    use super::*;

    #[test]
    fn a_line_names_every_factor_of_its_amount() {
        let line = ChargeLine {
            meter: Meter::CacheRead,
            count: 1000,
            billed_count: None,
            size: None,
            usd_per_million: "2.5".parse().unwrap(),
            multiplier: "0.8".parse().unwrap(),
            modifiers: vec![("fast".to_owned(), "6".parse().unwrap())],
            list_cost: "0.015".parse().unwrap(),
            cost: "0.012".parse().unwrap(),
            fallbacks: Vec::new(),
        };
        assert_eq!(
            of_line(&line),
            "1000 cache_read tokens x 2.5 USD per million x 6 (fast) x 0.8 (input multiplier) = 0.012 USD"
        );
        let pixels = ChargeLine {
            meter: Meter::ImagesOut,
            count: 2,
            billed_count: Some(2_097_152),
            modifiers: Vec::new(),
            ..line
        };
        assert_eq!(
            of_line(&pixels),
            "2 images_out images, charged as 2097152, x 2.5 USD per million x 0.8 (output multiplier) = 0.012 USD"
        );
    }
}
