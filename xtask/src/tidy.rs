//! `cargo xtask tidy`: the house rules that neither rustc nor clippy knows. Pure checks over what [`Repo`] read once;
//! each names file and line, the rule, and how to fix it.

mod attribute_reasons;
mod banned;
mod billing_tree;
mod duplicates;
mod file_layout;
mod file_size;
mod forbidden_words;
mod layers;
mod licences;
mod local_paths;
mod manifests;
mod migration_trees;
mod policy;
mod repo;
mod scan;
mod serde_inputs;
mod spdx;
mod unused_dependencies;
mod violation;

use std::path::Path;

use self::{repo::Repo, violation::Violation};
use crate::out;

/// One rule: everything in the repository that breaks it.
type Check = fn(&Repo) -> Vec<Violation>;

const CHECKS: &[Check] = &[
    layers::check,
    billing_tree::check,
    manifests::check,
    unused_dependencies::check,
    banned::check,
    duplicates::check,
    licences::check,
    file_layout::check,
    file_size::check,
    attribute_reasons::check,
    serde_inputs::check,
    forbidden_words::check,
    local_paths::check,
    migration_trees::check,
];

/// Runs every check.
///
/// # Errors
/// The repository cannot be read, or at least one rule is broken.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let repo = Repo::load(root)?;
    let mut violations: Vec<Violation> = CHECKS.iter().flat_map(|check| check(&repo)).collect();
    violations.sort();
    for violation in &violations {
        out::line(violation)?;
    }
    anyhow::ensure!(violations.is_empty(), "tidy: {} violations", violations.len());
    out::line(format_args!(
        "tidy: {} files, {} checks, nothing found",
        repo.files.len(),
        CHECKS.len()
    ))?;
    Ok(())
}
