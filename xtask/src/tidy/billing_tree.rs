//! `billing-core` is the one crate another service adds, so what it brings along stays small and free of any runtime.

use super::{repo::Repo, violation::Violation};

const RULE: &str = "billing tree";
const MANIFEST: &str = "crates/billing-core/Cargo.toml";

/// Packages in its normal tree, itself included. Raise it knowingly: each one is built by everyone who embeds it.
const MOST: usize = 60;

/// Runtimes, HTTP and databases: none of it has a place in pure code.
const NEVER: &[&str] = &[
    "async-executor",
    "async-io",
    "async-std",
    "axum",
    "diesel",
    "futures-executor",
    "futures-util",
    "hyper",
    "hyper-util",
    "mio",
    "reqwest",
    "rustls",
    "smol",
    "tokio",
    "tower",
];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let brought = NEVER.iter().filter(|name| repo.billing_tree.contains(**name));
    let mut violations: Vec<Violation> = brought
        .map(|name| {
            let problem = format!("`billing-core` pulls in `{name}`");
            let fix = format!("`cargo tree -p billing-core -e normal -i {name}` shows the way it came");
            Violation::new(RULE, MANIFEST, 1, problem, fix)
        })
        .collect();
    let count = repo.billing_tree.len();
    if count > MOST {
        let problem = format!("`billing-core` pulls in {count} packages, {MOST} is the most");
        let fix = "drop a dependency or a feature, or raise MOST in xtask/src/tidy/billing_tree.rs";
        violations.push(Violation::new(RULE, MANIFEST, 1, problem, fix));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tree: impl IntoIterator<Item = String>) -> usize {
        check(&Repo {
            billing_tree: tree.into_iter().collect(),
            ..Repo::default()
        })
        .len()
    }

    #[test]
    fn a_runtime_in_the_tree_is_found() {
        assert_eq!(found(["serde".to_owned(), "thiserror".to_owned()]), 0);
        assert_eq!(found(["serde".to_owned(), "tokio".to_owned()]), 1);
    }

    #[test]
    fn a_tree_above_the_limit_is_found() {
        assert_eq!(found((0..MOST).map(|n| format!("crate-{n}"))), 0);
        assert_eq!(found((0..=MOST).map(|n| format!("crate-{n}"))), 1);
    }
}
