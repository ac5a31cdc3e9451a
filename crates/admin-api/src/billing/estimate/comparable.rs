//! What an estimate compares with.

use std::collections::{BTreeMap, HashMap};

use billing_core::PriceBook;
use tollgate_domain::ports::DayOfModel;
use tollgate_domain::{ProviderName, UpstreamId, Usd};

/// What a billed attempt cost on average, on the cheapest and the dearest day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PerAttempt {
    range: Option<(Usd, Usd)>,
}

impl PerAttempt {
    /// From the cheapest to the dearest day; `None` without any billed attempt.
    pub(super) const fn range(self) -> Option<(Usd, Usd)> {
        self.range
    }

    fn add(&mut self, mean: Usd) {
        self.range = Some(match self.range {
            None => (mean, mean),
            Some((low, high)) => (low.min(mean), high.max(mean)),
        });
    }
}

/// Means by upstream and model.
pub(super) fn per_attempt(days: Vec<DayOfModel>) -> BTreeMap<(UpstreamId, String), PerAttempt> {
    let mut found: BTreeMap<(UpstreamId, String), PerAttempt> = BTreeMap::new();
    for day in days {
        let similar = found.entry((day.upstream_id, day.model)).or_default();
        let mean = day.values.cost.pico().checked_div(i128::from(day.values.billed));
        if let Some(mean) = mean {
            similar.add(Usd::from_pico(mean));
        }
    }
    found
}

/// The names of a book by provider and family: what comes before the name's variants.
#[derive(Debug)]
pub(super) struct Families<'b>(HashMap<(String, String), Vec<&'b str>>);

impl<'b> Families<'b> {
    /// Reads every name once.
    pub(super) fn of_book(book: &'b PriceBook) -> Self {
        let mut families: HashMap<(String, String), Vec<&'b str>> = HashMap::new();
        for model in book.synced() {
            let name = model.name.as_str();
            let provider = model.provider.map_or("", ProviderName::as_str);
            let key = (provider.to_owned(), family(name));
            families.entry(key).or_default().push(name);
        }
        Self(families)
    }

    /// The names of a model's family at a provider.
    pub(super) fn of(&self, provider: &ProviderName, model: &str) -> &[&'b str] {
        let key = (provider.as_str().to_owned(), family(model));
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// A name without its prefixes, up to its first part with a digit: `gpt-5` of `openai/gpt-5-mini`, `claude-sonnet-4` of
/// `claude-sonnet-4-5`.
fn family(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let mut family = String::new();
    for part in name.split(['-', ':', '@']) {
        if !family.is_empty() {
            family.push('-');
        }
        family.push_str(part);
        if part.bytes().any(|byte| byte.is_ascii_digit()) {
            break;
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_ends_with_its_generation() {
        for (name, expected) in [
            ("openai/gpt-5-mini-2026-01-01", "gpt-5"),
            ("claude-sonnet-4-5", "claude-sonnet-4"),
            ("Gemini-2.5-Pro", "gemini-2.5"),
            ("acme-large", "acme-large"),
        ] {
            assert_eq!(family(name), expected);
        }
    }

    #[test]
    fn the_range_is_that_of_the_daily_means() {
        let day = |cost: &str, billed| DayOfModel {
            day: "2026-11-01T00:00:00Z".parse().unwrap(),
            upstream_id: UpstreamId::NONE,
            provider: None,
            model: "m".to_owned(),
            values: tollgate_domain::RollupValues {
                cost: cost.parse().unwrap(),
                billed,
                ..Default::default()
            },
        };
        let found = per_attempt(vec![day("1", 4), day("3", 2), day("0", 0)]);
        let (low, high) = found[&(UpstreamId::NONE, "m".to_owned())].range().unwrap();
        assert_eq!(
            (low.to_string().as_str(), high.to_string().as_str()),
            ("0.25", "1.5")
        );
    }
}
