//! A charge as people read it.

use std::fmt;

use tollgate_domain::{ChargeLine, Multiplier, Pricing, Unit};

use crate::Charge;

/// The receipt: who priced it, one line per meter, the sums.
///
/// ```text
/// gpt-4o · standard tier · litellm (synced_card)
///     1,200 input       x 2.5 USD/M = 0.003 USD
///       300 reasoning   x 10 USD/M x 1.25 = 0.00375 USD  (reasoning_as_output)
/// cost 0.00675 USD (list 0.006)
/// ```
impl fmt::Display for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, &self.pricing)?;
        for entry in &self.lines {
            line(f, entry)?;
        }
        write!(f, "cost {} USD", self.amounts.cost)?;
        if self.amounts.list_cost != self.amounts.cost {
            write!(f, " (list {})", self.amounts.list_cost)?;
        }
        if let Some(reason) = self.zero_reason {
            write!(f, " ({})", reason.as_str())?;
        }
        Ok(())
    }
}

fn head(f: &mut fmt::Formatter<'_>, pricing: &Pricing) -> fmt::Result {
    write!(f, "{} · {} tier", pricing.priced_as, pricing.tier)?;
    if let Some(above) = pricing.band_above_tokens {
        write!(f, " · above {} tokens", grouped(above))?;
    }
    writeln!(f, " · {} ({})", pricing.source.as_str(), pricing.rule.as_str())
}

fn line(f: &mut fmt::Formatter<'_>, line: &ChargeLine) -> fmt::Result {
    let rate = line.usd_per_million;
    write!(
        f,
        "{:>13} {:<12} x {rate} USD/M",
        grouped(line.charged_count()),
        line.meter
    )?;
    if line.meter.unit() != Unit::Token {
        write!(f, " {}", unit(line.meter.unit()))?;
    }
    for (name, factor) in &line.modifiers {
        write!(f, " x {factor} {name}")?;
    }
    if line.multiplier != Multiplier::ONE {
        write!(f, " x {}", line.multiplier)?;
    }
    write!(f, " = {} USD", line.cost)?;
    if !line.fallbacks.is_empty() {
        let names: Vec<&str> = line.fallbacks.iter().map(|fallback| fallback.as_str()).collect();
        write!(f, "  ({})", names.join(", "))?;
    }
    writeln!(f)
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Image => "images",
        Unit::Pixel => "pixels",
        Unit::Second => "seconds",
        Unit::Character => "characters",
        Unit::Page => "pages",
        Unit::Call => "calls",
        _ => "tokens",
    }
}

/// With commas between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_099_511_627_776), "1,099,511,627,776");
    }
}
