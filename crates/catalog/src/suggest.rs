//! Near misses: names that may be what a name without a price means. For people to choose from, never a price.

mod parts;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use tollgate_domain::{ModelName, ProviderName, UpstreamId};

use crate::PriceBook;
use crate::book::PricedName;
use parts::{NameParts, key};

/// How a name differs from one that has a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NearMiss {
    /// An alias of another scope or spelling leads there.
    Alias,
    /// Only upper and lower case differ.
    Case,
    /// `.` and `_` stand for `-`, or the other way round.
    Punctuation,
    /// The name has a provider's prefix, the priced one has none.
    PrefixRemoved,
    /// The name has more prefixes than the priced one.
    DoublePrefix,
    /// The priced name has a provider's prefix, the name has none.
    PrefixAdded,
    /// The two have different prefixes.
    PrefixChanged,
    /// A date or version at the end differs, or only one has it.
    DateSuffix,
    /// `:free`, `-latest`, `-preview` or the like at the end differs, or only one has it.
    Variant,
}

/// A name that has a price, and how it differs from the one asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Suggestion<'b> {
    /// The name with its card.
    pub target: PricedName<'b>,
    /// In what they differ, each once; never empty.
    pub differences: Vec<NearMiss>,
}

/// Finds near misses in a book. Building it reads every name once, asking is a look-up.
///
/// ```
/// use tollgate_catalog::{NearMiss, PriceBook, Suggester};
/// use tollgate_domain::{ModelName, ProviderName};
///
/// let book = PriceBook::from_litellm_json(r#"{"gpt-4o": {"input_cost_per_token": 2.5e-06}}"#)?;
/// let found = Suggester::new(&book).suggest(
///     "01890a5d-ac96-774b-bcce-b302099a8057".parse()?,
///     &ProviderName::new("openai"),
///     &ModelName::new("openai/GPT-4o-2024-08-06"),
///     5,
/// );
/// assert_eq!(found[0].target.name.as_str(), "gpt-4o");
/// assert_eq!(found[0].differences, [NearMiss::Case, NearMiss::PrefixRemoved, NearMiss::DateSuffix]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Suggester<'b> {
    book: &'b PriceBook,
    names: Arc<NearNames>,
}

/// The names of a book by what near misses have in common. They stay what they are while the book is held, so whoever asks
/// often keeps them beside it.
#[derive(Debug)]
pub struct NearNames {
    priced: HashMap<String, Vec<ModelName>>,
    aliases: HashMap<String, Vec<(ModelName, ModelName)>>,
}

impl NearMiss {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Alias,
        Self::Case,
        Self::Punctuation,
        Self::PrefixRemoved,
        Self::DoublePrefix,
        Self::PrefixAdded,
        Self::PrefixChanged,
        Self::DateSuffix,
        Self::Variant,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Case => "case",
            Self::Punctuation => "punctuation",
            Self::PrefixRemoved => "prefix_removed",
            Self::DoublePrefix => "double_prefix",
            Self::PrefixAdded => "prefix_added",
            Self::PrefixChanged => "prefix_changed",
            Self::DateSuffix => "date_suffix",
            Self::Variant => "variant",
        }
    }

    /// How far apart it puts two names: spelling little, another provider or another version much.
    const fn distance(self) -> u32 {
        match self {
            Self::Alias | Self::Case | Self::Punctuation => 1,
            Self::PrefixRemoved | Self::DoublePrefix | Self::PrefixAdded => 2,
            Self::DateSuffix | Self::Variant => 4,
            Self::PrefixChanged => 8,
        }
    }
}

impl NearNames {
    /// Reads the book's names.
    pub fn of(book: &PriceBook) -> Self {
        let mut priced: HashMap<String, Vec<ModelName>> = HashMap::new();
        let synced = book
            .synced()
            .filter(|name| book.override_of(None, name.name.as_str()).is_none());
        for name in book
            .overrides()
            .filter(|name| name.upstream_id.is_none())
            .chain(synced)
        {
            let known = priced.entry(key(name.name.as_str())).or_default();
            known.push(name.name.clone());
        }
        let mut aliases: HashMap<String, Vec<_>> = HashMap::new();
        for alias in book.aliases() {
            let known = aliases.entry(key(alias.alias.as_str())).or_default();
            known.push((alias.alias.clone(), alias.target.clone()));
        }
        Self { priced, aliases }
    }
}

impl<'b> Suggester<'b> {
    /// Reads the book's names.
    pub fn new(book: &'b PriceBook) -> Self {
        Self::with_names(book, Arc::new(NearNames::of(book)))
    }

    /// With names that were read of the same book before.
    pub const fn with_names(book: &'b PriceBook, names: Arc<NearNames>) -> Self {
        Self { book, names }
    }

    /// The nearest names that have a price on this upstream, nearest first, at most `limit`.
    pub fn suggest(
        &self,
        upstream_id: UpstreamId,
        provider: &ProviderName,
        name: &ModelName,
        limit: usize,
    ) -> Vec<Suggestion<'b>> {
        let asked = NameParts::of(name.as_str());
        let mut found: Vec<Suggestion<'b>> = Vec::new();
        let mut add = |target: PricedName<'b>, differences: Vec<NearMiss>| {
            let known = found.iter().any(|other| other.target.name == target.name);
            if !differences.is_empty() && !known {
                found.push(Suggestion { target, differences });
            }
        };
        let key = key(name.as_str());
        for (alias, target) in self.names.aliases.get(&key).into_iter().flatten() {
            if let Some(target) = self.priced_name(upstream_id, target) {
                let mut differences = vec![NearMiss::Alias];
                differences.extend(asked.differences(&NameParts::of(alias.as_str())));
                add(target, differences);
            }
        }
        let priced = self.names.priced.get(&key).into_iter().flatten();
        for target in priced.filter_map(|name| self.global_name(name.as_str())) {
            add(target, asked.differences(&NameParts::of(target.name.as_str())));
        }
        found.sort_by_cached_key(|suggestion| {
            let distance: u32 = suggestion
                .differences
                .iter()
                .map(|difference| difference.distance())
                .sum();
            let name = suggestion.target.name.as_str();
            let foreign = !is_of(provider, suggestion.target);
            (distance, foreign, name.len(), name.to_owned())
        });
        found.truncate(limit);
        found
    }

    fn priced_name(&self, upstream_id: UpstreamId, name: &ModelName) -> Option<PricedName<'b>> {
        let name = name.as_str();
        let of_upstream = self.book.override_of(Some(upstream_id), name);
        of_upstream.or_else(|| self.global_name(name))
    }

    fn global_name(&self, name: &str) -> Option<PricedName<'b>> {
        let of_all = self.book.override_of(None, name);
        of_all.or_else(|| self.book.synced_name(name))
    }
}

/// Whether a priced name belongs to a provider, by its prefix or the map's own word.
fn is_of(provider: &ProviderName, target: PricedName<'_>) -> bool {
    let prefix = target.name.as_str().split_once('/').map(|(prefix, _)| prefix);
    prefix == Some(provider.as_str()) || target.provider == Some(provider)
}

#[cfg(test)]
mod tests;
