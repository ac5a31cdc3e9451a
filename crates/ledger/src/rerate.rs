//! What an attempt would have cost with other prices. Pure; nothing is written.

use billing_core::{Charge, Explanation, PriceBook, Reading, explain};
use tollgate_domain::{Amounts, LedgerEntry, UnbilledReason, Usage, Verdict};

use crate::settlement::{Bill, appraise};

/// An attempt's bill under some book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerated {
    /// Whether the cost is known.
    pub verdict: Verdict,
    /// What the verdict does not say.
    pub detail: Option<String>,
    /// The charge, where it is known and comes from the book.
    pub charge: Option<Charge>,
    /// The amounts; `None` when not known.
    pub amounts: Option<Amounts>,
}

/// Prices what an entry counted with another book, by the same rules as at settlement: its own tier, names, time and
/// modifiers. An entry without usage, one known to cost nothing and one whose counters are impossible stay as they
/// are: no price changes them.
pub fn rerate(entry: &LedgerEntry, book: &PriceBook) -> Rerated {
    let impossible =
        entry.verdict == Verdict::Unbilled(UnbilledReason::CalculationError) && entry.usage.is_none();
    let counted = entry.usage.is_some() || entry.provider_reported_cost.is_some();
    if impossible || !counted || matches!(entry.verdict, Verdict::NoCharge(_)) {
        return Rerated {
            verdict: entry.verdict,
            detail: entry.detail.clone(),
            charge: None,
            amounts: entry.amounts,
        };
    }
    let reading = reading(entry);
    let (kind, status) = (entry.outcome.kind, entry.outcome.http_status);
    let priced = appraise(&entry.attempt, kind, status, Some(&reading), book);
    Rerated {
        verdict: priced.verdict,
        detail: priced.detail,
        amounts: priced.charge.as_ref().map(|charge| charge.amounts),
        charge: priced.charge,
    }
}

/// How a book decides which price is an entry's: the winner and every place that was looked at.
pub fn explain_entry(entry: &LedgerEntry, book: &PriceBook) -> Explanation {
    let reading = reading(entry);
    let tokens = entry.usage.as_ref().map_or(0, Usage::context_tokens);
    explain(book, &Bill::new(&entry.attempt, &reading).pricing_context(tokens))
}

/// What an entry keeps of the answer's reading.
fn reading(entry: &LedgerEntry) -> Reading {
    Reading {
        usage: entry.usage.clone(),
        usage_source: entry.usage_source,
        provider_reported_cost: entry.provider_reported_cost,
        model_served: entry.outcome.model_served.clone(),
        tier_served: entry.outcome.tier_served.clone(),
        modifiers: modifiers(entry),
        media: entry.outcome.format.clone(),
        ..Reading::default()
    }
}

/// The modifiers the response switched on: those of its lines, or the one its detail says was not known.
fn modifiers(entry: &LedgerEntry) -> Vec<String> {
    if !entry.outcome.modifiers.is_empty() {
        return entry.outcome.modifiers.clone();
    }
    // Older entries do not name them by themselves.
    let own = &entry.attempt.upstream.price_modifiers;
    let mut found: Vec<String> = Vec::new();
    let of_lines = entry
        .lines
        .iter()
        .flat_map(|line| line.modifiers.iter().map(|(name, _)| name));
    for name in of_lines {
        if !found.contains(name) && !own.contains(name) {
            found.push(name.clone());
        }
    }
    let unknown = entry
        .detail
        .as_deref()
        .and_then(|detail| detail.rsplit_once(" price modifier "));
    if let (true, Some((_, name))) = (entry.lines.is_empty(), unknown) {
        found.push(name.to_owned());
    }
    found
}
