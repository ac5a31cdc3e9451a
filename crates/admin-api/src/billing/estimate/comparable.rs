//! What an estimate compares with.

use std::collections::HashMap;

use billing_core::PriceBook;
use tollgate_domain::{ModelName, ProviderName};

/// The names of a book by provider and family: what comes before the name's variants.
#[derive(Debug)]
pub(super) struct Families(HashMap<(String, String), Vec<ModelName>>);

impl Families {
    /// Reads every name once.
    pub(super) fn of_book(book: &PriceBook) -> Self {
        let mut families: HashMap<(String, String), Vec<ModelName>> = HashMap::new();
        for model in book.synced() {
            let provider = model.provider.map_or("", ProviderName::as_str);
            let key = (provider.to_owned(), family(model.name.as_str()));
            families.entry(key).or_default().push(model.name.clone());
        }
        Self(families)
    }

    /// The names of a model's family at a provider.
    pub(super) fn of(&self, provider: &ProviderName, model: &str) -> &[ModelName] {
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
}
