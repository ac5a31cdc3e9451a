//! Every package comes under a licence that `licenses.allow` of `deny.toml` lists.

use super::{repo::Repo, scan, spdx, violation::Violation};

const RULE: &str = "licences";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let allow = &repo.policy.licenses.allow;
    let mut violations = Vec::new();
    for package in &repo.packages {
        let problem = match &package.licence {
            Some(expression) if spdx::is_allowed(expression, allow) => continue,
            Some(expression) => format!("`{}` comes under `{expression}`", package.name),
            None => format!("`{}` names no licence expression", package.name),
        };
        let entry = format!("name = \"{}\"", package.name);
        let line = scan::line_where(&repo.lockfile, |line| line == entry);
        let fix = "drop the dependency, or add the licence to licenses.allow of deny.toml if it may be used";
        violations.push(Violation::new(RULE, "Cargo.lock", line, problem, fix));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::policy::Policy;

    #[test]
    fn a_licence_that_is_not_listed_or_not_named_is_found() {
        let found = |licence: Option<&str>| {
            let policy = Policy::parse("[licenses]\nallow = [\"MIT\"]").unwrap();
            check(&Repo {
                policy,
                ..Repo::of_packages(&[("a", "1.0.0", licence)])
            })
            .len()
        };
        assert_eq!(found(Some("MIT OR GPL-3.0-only")), 0);
        assert_eq!(found(Some("GPL-3.0-only")), 1);
        assert_eq!(found(None), 1);
    }
}
