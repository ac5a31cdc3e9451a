//! Dependencies between the workspace's crates point down only.

use super::{
    repo::{Dependency, Kind, Member, Repo},
    scan,
    violation::Violation,
};

const RULE: &str = "layers";

/// What each crate may use in its own code. The picture is in docs/ARCHITECTURE.md; a new edge needs an ADR.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tollgate-domain", &[]),
    ("tollgate-metering", &["tollgate-domain"]),
    ("tollgate-catalog", &["tollgate-domain"]),
    (
        "billing-core",
        &["tollgate-domain", "tollgate-metering", "tollgate-catalog"],
    ),
    ("tollgate-journal", &[]),
    (
        "tollgate-ledger",
        &["tollgate-domain", "billing-core", "tollgate-journal"],
    ),
    ("tollgate-storage", &["tollgate-domain"]),
    (
        "tollgate-proxy",
        &["tollgate-domain", "billing-core", "tollgate-ledger"],
    ),
    (
        "tollgate-admin-api",
        &["tollgate-domain", "billing-core", "tollgate-ledger"],
    ),
    ("tollgate-console", &[]),
    (
        "tollgate-server",
        &[
            "tollgate-domain",
            "tollgate-metering",
            "tollgate-catalog",
            "billing-core",
            "tollgate-journal",
            "tollgate-ledger",
            "tollgate-storage",
            "tollgate-proxy",
            "tollgate-admin-api",
            "tollgate-console",
        ],
    ),
    ("tollgate-testkit", &[]),
    ("xtask", &["tollgate-catalog"]),
];

/// What tests may use beyond that: the simulator and, where a test is about rows, the real storage. Never the pure
/// crates, which stay free of anything asynchronous even in their tests.
const ALLOWED_IN_TESTS: &[(&str, &[&str])] = &[
    ("tollgate-journal", &["tollgate-testkit"]),
    ("tollgate-ledger", &["tollgate-testkit", "tollgate-storage"]),
    ("tollgate-storage", &["tollgate-testkit"]),
    (
        "tollgate-proxy",
        &["tollgate-testkit", "tollgate-storage", "tollgate-journal"],
    ),
    (
        "tollgate-admin-api",
        &["tollgate-testkit", "tollgate-storage", "tollgate-journal"],
    ),
    ("tollgate-console", &["tollgate-testkit"]),
    ("tollgate-server", &["tollgate-testkit"]),
];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    repo.members.iter().flat_map(edges_of).collect()
}

fn edges_of(member: &Member) -> Vec<Violation> {
    let Some(allowed) = listed(ALLOWED, &member.name) else {
        let problem = format!("crate `{}` has no place in the layers", member.name);
        let fix = "write an ADR and add the crate to xtask/src/tidy/layers.rs";
        return vec![Violation::new(RULE, &member.manifest_path(), 1, problem, fix)];
    };
    let inside = member
        .dependencies
        .iter()
        .filter(|d| listed(ALLOWED, &d.name).is_some());
    let wrong = inside.filter(|dependency| !is_allowed(member, dependency, allowed));
    wrong.map(|dependency| violation(member, dependency)).collect()
}

fn is_allowed(member: &Member, dependency: &Dependency, allowed: &[&str]) -> bool {
    let in_tests = listed(ALLOWED_IN_TESTS, &member.name).unwrap_or_default();
    allowed.contains(&dependency.name.as_str())
        || (dependency.kind == Kind::Dev && in_tests.contains(&dependency.name.as_str()))
        || (dependency.kind == Kind::Dev && dependency.name == member.name)
}

fn violation(member: &Member, dependency: &Dependency) -> Violation {
    let Member { name, manifest, .. } = member;
    let problem = match dependency.kind {
        Kind::Dev => format!("`{name}` may not use `{}`, not even in tests", dependency.name),
        Kind::Normal | Kind::Build => format!("`{name}` may not use `{}`", dependency.name),
    };
    let fix = "put the shared type or port into `tollgate-domain`, or write an ADR for the new edge";
    Violation::new(
        RULE,
        &member.manifest_path(),
        scan::dependency_line(manifest, &dependency.name),
        problem,
        fix,
    )
}

fn listed(table: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, uses)| *uses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, uses: &[(&str, Kind)]) -> Vec<Violation> {
        check(&Repo::of_member(
            name,
            "[dependencies]\ntollgate-storage.workspace = true\n",
            uses,
        ))
    }

    #[test]
    fn an_edge_downwards_passes_and_one_sideways_is_named_with_its_line() {
        assert_eq!(found("tollgate-proxy", &[("tollgate-ledger", Kind::Normal)]), []);
        let wrong = found("tollgate-proxy", &[("tollgate-storage", Kind::Normal)]);
        assert_eq!(wrong.len(), 1);
        assert_eq!(
            (wrong[0].path.as_str(), wrong[0].line),
            ("crates/tollgate-proxy/Cargo.toml", 2)
        );
    }

    #[test]
    fn the_testkit_is_for_tests_only_and_not_for_those_of_the_pure_crates() {
        assert_eq!(found("tollgate-storage", &[("tollgate-testkit", Kind::Dev)]), []);
        assert_eq!(
            found("tollgate-storage", &[("tollgate-testkit", Kind::Normal)]).len(),
            1
        );
        for pure in [
            "tollgate-domain",
            "tollgate-metering",
            "tollgate-catalog",
            "billing-core",
        ] {
            assert_eq!(found(pure, &[("tollgate-testkit", Kind::Dev)]).len(), 1, "{pure}");
        }
    }

    #[test]
    fn the_simulator_knows_none_of_the_code_it_checks() {
        for (name, _) in ALLOWED {
            let expected = usize::from(*name != "tollgate-testkit");
            assert_eq!(
                found("tollgate-testkit", &[(name, Kind::Normal)]).len(),
                1,
                "{name}"
            );
            assert_eq!(
                found("tollgate-testkit", &[(name, Kind::Dev)]).len(),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_crate_without_a_place_is_refused_and_outside_crates_are_not_looked_at() {
        assert_eq!(found("tollgate-new", &[]).len(), 1);
        assert_eq!(found("tollgate-domain", &[("serde", Kind::Normal)]), []);
    }
}
