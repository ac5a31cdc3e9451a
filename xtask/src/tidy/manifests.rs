//! Manifests: versions live in the workspace's one list, and every crate takes the workspace's lints.

use toml::{Table, Value};

use super::{
    repo::{Member, Repo},
    scan,
    violation::Violation,
};

const RULE: &str = "manifests";
const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    repo.members.iter().flat_map(of_member).collect()
}

fn of_member(member: &Member) -> Vec<Violation> {
    let path = member.manifest_path();
    let Ok(manifest) = member.manifest.parse::<Table>() else {
        return vec![Violation::new(
            RULE,
            &path,
            1,
            "not valid TOML",
            "correct the manifest",
        )];
    };
    let mut violations = Vec::new();
    for (name, dependency) in dependencies(&manifest) {
        if !is_inherited(dependency) {
            let line = scan::dependency_line(&member.manifest, name);
            let problem = format!("`{name}` names its own version or source");
            let fix = format!("list it in [workspace.dependencies] and write `{name}.workspace = true`");
            violations.push(Violation::new(RULE, &path, line, problem, fix));
        }
    }
    if !manifest.get("lints").is_some_and(is_inherited) {
        let fix = "add `[lints]` with `workspace = true`";
        violations.push(Violation::new(
            RULE,
            &path,
            1,
            "the workspace's lints are off",
            fix,
        ));
    }
    violations
}

/// Those of every section, also the ones for single targets.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&str, &Value)> {
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let tables = std::iter::once(manifest).chain(targets.filter_map(Value::as_table));
    tables
        .flat_map(|table| SECTIONS.iter().filter_map(|section| table.get(*section)))
        .filter_map(Value::as_table)
        .flatten()
        .map(|(name, dependency)| (name.as_str(), dependency))
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "\n[lints]\nworkspace = true\n";

    fn found(manifest: &str) -> Vec<Violation> {
        check(&Repo::of_member("a", manifest, &[]))
    }

    #[test]
    fn an_inherited_dependency_passes_with_features_of_its_own() {
        let manifest =
            "[dependencies]\nserde.workspace = true\nurl = { workspace = true, features = [\"serde\"] }";
        assert_eq!(found(&format!("{manifest}{LINTS}")), []);
    }

    #[test]
    fn a_version_a_path_or_a_target_section_is_found_with_its_line() {
        for wrong in [
            "[dependencies]\nserde = \"1\"",
            "[dev-dependencies]\nserde = { path = \"../serde\" }",
            "[target.'cfg(unix)'.dependencies]\nserde = { version = \"1\" }",
        ] {
            let violations = found(&format!("{wrong}{LINTS}"));
            assert_eq!(violations.len(), 1, "{wrong}");
            assert_eq!(violations[0].line, 2, "{wrong}");
        }
    }

    #[test]
    fn a_crate_without_the_workspace_lints_is_found() {
        assert_eq!(found("[package]\nname = \"a\"\n").len(), 1);
    }
}
