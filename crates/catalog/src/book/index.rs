//! Exact look-up by name, and by provider and name without joining them first.

use std::collections::HashMap;

use tollgate_domain::ModelName;

use super::Priced;

/// Priced names. A name with a slash is also filed under what stands before its first one, so that asking for
/// `<provider>/<name>` allocates nothing unless the provider itself contains a slash.
#[derive(Debug, Clone, Default)]
pub(super) struct NameIndex {
    priced: Vec<Priced>,
    plain: HashMap<ModelName, usize>,
    prefixed: HashMap<Box<str>, HashMap<Box<str>, usize>>,
}

impl NameIndex {
    /// Files a name, replacing the one of the same name before it.
    pub(super) fn insert(&mut self, priced: Priced) {
        let at = self.priced.len();
        if let Some((prefix, rest)) = priced.name.as_str().split_once('/') {
            let names = self.prefixed.entry(prefix.into()).or_default();
            names.insert(rest.into(), at);
        }
        self.plain.insert(priced.name.clone(), at);
        self.priced.push(priced);
    }

    /// Forgets a name.
    pub(super) fn remove(&mut self, name: &str) {
        self.plain.remove(name);
        if let Some((prefix, rest)) = name.split_once('/')
            && let Some(names) = self.prefixed.get_mut(prefix)
        {
            names.remove(rest);
        }
    }

    /// Every name, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Priced> {
        self.plain.values().filter_map(|at| self.priced.get(*at))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Priced> {
        self.priced.get(*self.plain.get(name)?)
    }

    pub(super) fn get_prefixed(&self, provider: &str, name: &str) -> Option<&Priced> {
        if provider.contains('/') {
            return self.get(&format!("{provider}/{name}"));
        }
        self.priced.get(*self.prefixed.get(provider)?.get(name)?)
    }

    /// How many distinct names there are.
    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }
}
