//! Which catalog names traffic was priced by, or could have been.

use std::collections::{BTreeSet, HashSet};

use tollgate_domain::ports::SeenModels;
use tollgate_domain::{ModelName, PriceBookData, ProviderName, Upstream};

/// Every name the catalog could have been asked for by what was seen: as it is, with a provider's prefix, renamed by
/// an upstream's rule, through an alias. A name too many only makes the guard look closer.
pub(super) fn names(
    seen: &SeenModels,
    upstreams: &[Upstream],
    book: Option<&PriceBookData>,
) -> HashSet<ModelName> {
    let mut pairs: BTreeSet<(Option<&ProviderName>, &ModelName)> = BTreeSet::new();
    for (provider, model) in &seen.served {
        pairs.insert((Some(provider), model));
    }
    for requested in &seen.requested {
        pairs.insert((None, requested));
        for upstream in upstreams {
            pairs.insert((Some(&upstream.provider), requested));
            for rule in &upstream.models {
                if let Some(sent) = rule.send_as.as_ref().filter(|_| matches(&rule.model, requested)) {
                    pairs.insert((Some(&upstream.provider), sent));
                }
            }
        }
    }
    let mut names = HashSet::new();
    for (provider, model) in pairs {
        if let Some(provider) = provider {
            names.insert(ModelName::new(format!("{provider}/{model}")));
        }
        names.insert(model.clone());
    }
    let aliases = book.map_or(&[][..], |book| &book.aliases);
    let targets: Vec<ModelName> = aliases
        .iter()
        .filter(|alias| names.contains(&alias.alias))
        .map(|alias| alias.target.clone())
        .collect();
    names.extend(targets);
    names
}

fn matches(pattern: &ModelName, model: &ModelName) -> bool {
    match pattern.as_str().strip_suffix('*') {
        Some(beginning) => model.as_str().starts_with(beginning),
        None => pattern == model,
    }
}
