//! Exact look-up by name, and by the parts of a name without allocating the whole.

use std::collections::HashMap;

use tollgate_domain::ModelName;

use super::Priced;
use super::joined::with_joined;

/// Priced names.
#[derive(Debug, Clone, Default)]
pub(super) struct NameIndex {
    priced: Vec<Priced>,
    names: HashMap<ModelName, usize>,
}

impl NameIndex {
    /// Files a name, replacing the one of the same name before it.
    pub(super) fn insert(&mut self, priced: Priced) {
        let at = self.priced.len();
        self.names.insert(priced.name.clone(), at);
        self.priced.push(priced);
    }

    /// Forgets a name.
    pub(super) fn remove(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// Every name, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Priced> {
        self.names.values().filter_map(|at| self.priced.get(*at))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Priced> {
        self.priced.get(*self.names.get(name)?)
    }

    /// The name made of the parts joined with `/`, the empty ones left out.
    pub(super) fn get_joined(&self, parts: &[&str]) -> Option<&Priced> {
        match parts {
            // An empty source is the usual one, and is asked often.
            _ if self.names.is_empty() => None,
            ["", "", "", name] => self.get(name),
            _ => with_joined(parts, |name| self.get(name)),
        }
    }

    /// How many distinct names there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}
