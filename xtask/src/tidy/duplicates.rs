//! Two versions of one crate are built only with a reason, by `bans.skip` of `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::semver::Version;

use super::{policy::CrateRule, repo::Repo, scan, violation::Violation};

const RULE: &str = "duplicate versions";
const POLICY: &str = "deny.toml";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut versions: BTreeMap<&str, BTreeSet<&Version>> = BTreeMap::new();
    for package in &repo.packages {
        versions
            .entry(&package.name)
            .or_default()
            .insert(&package.version);
    }
    versions.retain(|_, found| found.len() > 1);
    let skips = &repo.policy.bans.skip;
    let unexplained = versions
        .iter()
        .filter_map(|(name, found)| unexplained(repo, name, found, skips));
    let useless = skips.iter().filter_map(|skip| useless(repo, skip, &versions));
    unexplained.chain(useless).collect()
}

/// All versions but one must be listed.
fn unexplained(
    repo: &Repo,
    name: &str,
    found: &BTreeSet<&Version>,
    skips: &[CrateRule],
) -> Option<Violation> {
    let is_listed = |version: &Version| skips.iter().any(|skip| skip.spec == format!("{name}@{version}"));
    let unlisted: Vec<String> = found
        .iter()
        .filter(|v| !is_listed(v))
        .map(ToString::to_string)
        .collect();
    let (Some(oldest), true) = (unlisted.first(), unlisted.len() > 1) else {
        return None;
    };
    let problem = format!("`{name}` is built in versions {}", unlisted.join(", "));
    let fix = format!(
        "agree on one; if that is not ours to do, list the older as {{ crate = \"{name}@{oldest}\", reason = \"…\" }} under \
         bans.skip of {POLICY}"
    );
    let entry = format!("name = \"{name}\"");
    let line = scan::line_where(&repo.lockfile, |line| line == entry);
    Some(Violation::new(RULE, "Cargo.lock", line, problem, fix))
}

fn useless(
    repo: &Repo,
    skip: &CrateRule,
    versions: &BTreeMap<&str, BTreeSet<&Version>>,
) -> Option<Violation> {
    let (name, version) = skip.spec.split_once('@').unwrap_or((&skip.spec, ""));
    let (problem, fix) = if skip.reason.trim().is_empty() {
        (
            format!("the exception for `{}` gives no reason", skip.spec),
            "say who needs it",
        )
    } else if !versions
        .get(name)
        .is_some_and(|found| found.iter().any(|v| v.to_string() == version))
    {
        (
            format!("`{}` is no longer a second version", skip.spec),
            "remove the exception, or correct its version",
        )
    } else {
        return None;
    };
    let policy = repo
        .files
        .iter()
        .find(|file| file.path == POLICY)
        .map_or("", |file| file.text.as_str());
    let quoted = format!("\"{}\"", skip.spec);
    Some(Violation::new(
        RULE,
        POLICY,
        scan::line_where(policy, |line| line.contains(&quoted)),
        problem,
        fix,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::policy::Policy;

    fn found(packages: &[&str], skip: &str) -> Vec<Violation> {
        let packages: Vec<(&str, &str, Option<&str>)> =
            packages.iter().map(|version| ("rand", *version, None)).collect();
        let policy = Policy::parse(&format!("[bans]\nskip = [{skip}]")).unwrap();
        check(&Repo {
            policy,
            ..Repo::of_packages(&packages)
        })
    }

    #[test]
    fn a_second_version_needs_an_entry_with_a_reason() {
        assert_eq!(found(&["0.9.0"], ""), []);
        assert_eq!(found(&["0.8.0", "0.9.0"], "").len(), 1);
        assert_eq!(
            found(
                &["0.8.0", "0.9.0"],
                "{ crate = \"rand@0.8.0\", reason = \"phf\" }"
            ),
            []
        );
        assert_eq!(found(&["0.8.0", "0.9.0"], "{ crate = \"rand@0.8.0\" }").len(), 1);
    }

    #[test]
    fn a_third_version_is_not_covered_by_the_entry_for_the_second() {
        assert_eq!(
            found(
                &["0.8.0", "0.9.0", "0.10.0"],
                "{ crate = \"rand@0.8.0\", reason = \"phf\" }"
            )
            .len(),
            1
        );
    }

    #[test]
    fn the_older_version_is_the_one_to_list_by_number_and_not_by_letter() {
        let fix = &found(&["0.10.3", "0.9.6"], "")[0].fix;
        assert!(fix.contains("rand@0.9.6"), "{fix}");
    }

    #[test]
    fn an_entry_for_a_version_no_longer_built_is_found() {
        assert_eq!(
            found(&["0.9.0"], "{ crate = \"rand@0.8.0\", reason = \"phf\" }").len(),
            1
        );
    }
}
