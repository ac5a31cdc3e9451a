//! What differs between two rate cards, rate by rate.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CardRate, Multiplier, RateCard, Unit, UsdPerMillion};

/// One rate that is not the same on two cards. Both sides name the same place; at least one is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateChange {
    /// As it was; `None` where the rate is new.
    pub before: Option<CardRate>,
    /// As it is now; `None` where the rate is gone.
    pub after: Option<CardRate>,
}

/// One named price modifier that is not the same on two cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModifierChange {
    /// Its name on the card.
    pub name: String,
    /// As it was; `None` where it is new.
    pub before: Option<Multiplier>,
    /// As it is now; `None` where it is gone.
    pub after: Option<Multiplier>,
}

/// Something else a card says that is not the same on two cards: windows, free units …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermChange {
    /// What it is called on the card.
    pub name: String,
    /// As it was, as the card writes it; `None` where it is new.
    pub before: Option<Value>,
    /// As it is now; `None` where it is gone.
    pub after: Option<Value>,
}

/// What differs between two cards of a model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CardDiff {
    /// Rates, in the order of the cards.
    pub rates: Vec<RateChange>,
    /// Modifiers, by name.
    pub modifiers: Vec<ModifierChange>,
    /// Everything else, by name.
    pub terms: Vec<TermChange>,
}

impl CardDiff {
    /// Compares two cards of a model; `None` is a model without a price. A rate is found again by everything it says
    /// beside its price.
    ///
    /// ```
    /// # use tollgate_domain::{CardDiff, CardRate, Meter, RateCard, ServiceTier};
    /// let card = |json: &str| serde_json::from_str::<RateCard>(json);
    /// let before = card(r#"{"rates": [{"meter": "input", "usd_per_million": "2.5"}]}"#)?;
    /// let after = card(r#"{"rates": [{"meter": "input", "usd_per_million": "3"}]}"#)?;
    /// let diff = CardDiff::between(Some(&before), Some(&after));
    /// assert_eq!(diff.rates[0].prices().0.unwrap().to_string(), "2.5");
    /// assert_eq!(diff.rates[0].prices().1.unwrap().to_string(), "3");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn between(before: Option<&RateCard>, after: Option<&RateCard>) -> Self {
        let (old, new) = (rates(before), rates(after));
        let mut changed: Vec<RateChange> = Vec::new();
        for rate in old {
            let now = new.iter().find(|now| same_place(now, rate));
            if now != Some(rate) {
                changed.push(RateChange {
                    before: Some(rate.clone()),
                    after: now.cloned(),
                });
            }
        }
        let fresh = new
            .iter()
            .filter(|rate| !old.iter().any(|before| same_place(before, rate)));
        changed.extend(fresh.map(|rate| RateChange {
            before: None,
            after: Some(rate.clone()),
        }));
        Self {
            rates: changed,
            modifiers: modifiers(before, after),
            terms: terms(before, after),
        }
    }

    /// Whether the cards say the same.
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty() && self.modifiers.is_empty() && self.terms.is_empty()
    }
}

impl RateChange {
    /// The price before and after.
    pub fn prices(&self) -> (Option<UsdPerMillion>, Option<UsdPerMillion>) {
        let price = |rate: &Option<CardRate>| rate.as_ref().map(|rate| rate.usd_per_million);
        (price(&self.before), price(&self.after))
    }

    /// The rate's place, whichever side has it.
    pub fn place(&self) -> Option<&CardRate> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// `input (tier flex): 2.5 -> 3 USD per million tokens (x1.2)`.
impl fmt::Display for RateChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = self.place() else {
            return Ok(());
        };
        f.write_str(&place_text(place))?;
        let unit = unit_text(place.meter.unit());
        match self.prices() {
            (Some(old), Some(new)) => {
                let ratio = ratio_text(old.pico(), new.pico());
                write!(f, ": {old} -> {new} USD per million {unit}{ratio}")
            }
            (Some(old), None) => write!(f, ": {old} USD per million {unit} -> gone"),
            (None, Some(new)) => write!(f, ": new at {new} USD per million {unit}"),
            (None, None) => Ok(()),
        }
    }
}

/// `modifier fast: x2 -> x6`.
impl fmt::Display for ModifierChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |factor: Option<Multiplier>| {
            factor.map_or_else(|| "gone".to_owned(), |factor| format!("x{factor}"))
        };
        let before = self
            .before
            .map_or_else(|| "none".to_owned(), |factor| format!("x{factor}"));
        write!(f, "modifier {}: {before} -> {}", self.name, text(self.after))
    }
}

/// `free units: none -> {"web_search":1000}`.
impl fmt::Display for TermChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), Value::to_string);
        write!(
            f,
            "{}: {} -> {}",
            self.name.replace('_', " "),
            text(&self.before),
            text(&self.after)
        )
    }
}

/// The meter and whatever else a rate says beside its price.
fn place_text(rate: &CardRate) -> String {
    let fields = serde_json::to_value(rate).unwrap_or_default();
    let beside: Vec<String> = fields
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !matches!(name.as_str(), "meter" | "usd_per_million"))
        .map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{} {value}", name.replace('_', " "))
        })
        .collect();
    if beside.is_empty() {
        return rate.meter.to_string();
    }
    format!("{} ({})", rate.meter, beside.join(", "))
}

fn unit_text(unit: Unit) -> &'static str {
    match unit {
        Unit::Token => "tokens",
        Unit::Image => "images",
        Unit::Pixel => "pixels",
        Unit::Second => "seconds",
        Unit::Character => "characters",
        Unit::Page => "pages",
        Unit::Call => "calls",
    }
}

/// ` (x3.25)`, to two decimals; nothing where one side is zero or the other too small to show.
fn ratio_text(old: i128, new: i128) -> String {
    let ratio = new.saturating_mul(100).checked_div(old);
    match ratio.filter(|hundredths| *hundredths > 0) {
        Some(hundredths) if hundredths % 100 == 0 => format!(" (x{})", hundredths / 100),
        Some(hundredths) => format!(" (x{}.{:02})", hundredths / 100, hundredths % 100),
        None => String::new(),
    }
}

fn rates(card: Option<&RateCard>) -> &[CardRate] {
    card.map_or(&[], RateCard::rates)
}

/// Whether two rates differ in nothing but their price. Written so that a dimension added to a rate counts by itself.
fn same_place(one: &CardRate, other: &CardRate) -> bool {
    one.meter == other.meter
        && CardRate {
            usd_per_million: other.usd_per_million,
            ..one.clone()
        } == *other
}

fn modifiers(before: Option<&RateCard>, after: Option<&RateCard>) -> Vec<ModifierChange> {
    let of = |card: Option<&RateCard>| card.map(|card| card.modifiers().clone()).unwrap_or_default();
    let (old, new) = (of(before), of(after));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let changes = names.into_iter().map(|name| ModifierChange {
        name: name.clone(),
        before: old.get(name).copied(),
        after: new.get(name).copied(),
    });
    changes.filter(|change| change.before != change.after).collect()
}

/// What a card says beside rates and modifiers, whatever that is: a dimension added to cards shows by itself.
fn terms(before: Option<&RateCard>, after: Option<&RateCard>) -> Vec<TermChange> {
    let of = |card: Option<&RateCard>| -> BTreeMap<String, Value> {
        match card.map(serde_json::to_value) {
            Some(Ok(Value::Object(fields))) => fields
                .into_iter()
                .filter(|(name, _)| !matches!(name.as_str(), "rates" | "modifiers"))
                .collect(),
            _ => BTreeMap::new(),
        }
    };
    let (mut old, mut new) = (of(before), of(after));
    let mut names: Vec<String> = old.keys().chain(new.keys()).cloned().collect();
    names.sort();
    names.dedup();
    let changes = names.into_iter().map(|name| TermChange {
        before: old.remove(&name),
        after: new.remove(&name),
        name,
    });
    changes.filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(json: &str) -> RateCard {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn changed_new_and_gone_rates_are_told_apart() {
        let before = card(
            r#"{"rates": [{"meter": "input", "usd_per_million": "1"}, {"meter": "cache_read", "usd_per_million": "0.1"}],
                "modifiers": {"fast": "2", "us": "1.1"}}"#,
        );
        let after = card(
            r#"{"rates": [{"meter": "input", "usd_per_million": "2"}, {"meter": "output", "usd_per_million": "4"}],
                "modifiers": {"fast": "6", "us": "1.1"}}"#,
        );
        let diff = CardDiff::between(Some(&before), Some(&after));
        let prices: Vec<_> = diff
            .rates
            .iter()
            .map(|change| {
                let (before, after) = change.prices();
                let text = |price: Option<UsdPerMillion>| price.map(|price| price.to_string());
                (change.place().unwrap().meter.as_str(), text(before), text(after))
            })
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            prices,
            [
                ("input", some("1"), some("2")),
                ("cache_read", some("0.1"), None),
                ("output", None, some("4")),
            ]
        );
        assert_eq!(diff.modifiers.len(), 1);
        assert_eq!(diff.modifiers[0].name, "fast");
    }

    #[test]
    fn the_same_meter_in_another_tier_or_band_is_another_rate() {
        let before = card(r#"{"rates": [{"meter": "input", "usd_per_million": "1"}]}"#);
        let after = card(
            r#"{"rates": [{"meter": "input", "usd_per_million": "1"},
                          {"meter": "input", "tier": "flex", "usd_per_million": "1"},
                          {"meter": "input", "above_tokens": 200000, "usd_per_million": "1"}]}"#,
        );
        let diff = CardDiff::between(Some(&before), Some(&after));
        assert_eq!(diff.rates.len(), 2);
        assert!(diff.rates.iter().all(|change| change.before.is_none()));
        assert!(CardDiff::between(Some(&after), Some(&after)).is_empty());
        assert_eq!(CardDiff::between(None, Some(&after)).rates.len(), 3);
    }
}
