//! Dependencies nothing in the crate names. A textual search, so it never reports one that is used.

use toml::Table;

use super::{
    repo::{Dependency, Kind, Member, Repo, SourceFile},
    scan,
    violation::Violation,
};

const RULE: &str = "unused dependencies";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    repo.members
        .iter()
        .flat_map(|member| of_member(repo, member))
        .collect()
}

fn of_member(repo: &Repo, member: &Member) -> Vec<Violation> {
    let kept = kept(&member.manifest);
    let mut violations = Vec::new();
    for dependency in &member.dependencies {
        let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
        if kept.contains(&dependency.name) || is_used(repo, member, dependency, &name.replace('-', "_")) {
            continue;
        }
        let problem = format!("nothing in `{}` uses `{name}`", member.name);
        let fix = "drop it; if it is there for its features alone, list it with the reason under \
                   [package.metadata.cargo-machete] ignored";
        let line = scan::dependency_line(&member.manifest, name);
        violations.push(Violation::new(RULE, &member.manifest_path(), line, problem, fix));
    }
    violations
}

/// Names the manifest keeps although no source mentions them; the key is cargo-machete's own.
fn kept(manifest: &str) -> Vec<String> {
    let manifest: Table = manifest.parse().unwrap_or_default();
    let section = manifest
        .get("package")
        .and_then(|p| p.get("metadata"))
        .and_then(|m| m.get("cargo-machete"));
    let names = section.and_then(|s| s.get("ignored")).and_then(|i| i.as_array());
    names
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

fn is_used(repo: &Repo, member: &Member, dependency: &Dependency, identifier: &str) -> bool {
    let mut sources = repo
        .with_extension("rs")
        .filter(|file| may_use(member, dependency.kind, file));
    sources.any(|file| names_crate(&file.text, identifier))
}

/// Whether code in `file` can see a dependency of this kind.
fn may_use(member: &Member, kind: Kind, file: &SourceFile) -> bool {
    let Some(inside) = file
        .path
        .strip_prefix(&member.directory)
        .and_then(|p| p.strip_prefix('/'))
    else {
        return false;
    };
    match kind {
        Kind::Build => inside == "build.rs",
        Kind::Normal => inside.starts_with("src/"),
        Kind::Dev => inside != "build.rs",
    }
}

/// Whether `source` says `identifier::…`, `use identifier …` or `extern crate identifier` outside a line comment, and
/// not as a module of something else (`crate::identifier::…`).
fn names_crate(source: &str, identifier: &str) -> bool {
    let code = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.match_indices(identifier).map(move |(at, _)| (line, at)))
        .any(|(line, at)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + identifier.len()..).unwrap_or_default();
            let starts = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                && (!before.ends_with("::") || before.ends_with(" ::") || before == "::");
            let import = before.trim_end().ends_with("use") || before.trim_end().ends_with("extern crate");
            starts && (after.starts_with("::") || (import && after.starts_with([' ', ';'])))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: Kind, manifest: &str, path: &str, source: &str) -> usize {
        let repo = Repo::of_member("a", manifest, &[("serde-like", kind)]);
        check(&Repo {
            files: Repo::of_files(&[(path, source)]).files,
            ..repo
        })
        .len()
    }

    #[test]
    fn a_dependency_is_used_when_a_path_or_an_import_names_it() {
        for source in [
            "use serde_like::de;",
            "x: serde_like::X,",
            "use serde_like as s;",
            "#[serde_like::test]",
        ] {
            assert_eq!(
                found(Kind::Normal, "", "crates/a/src/lib.rs", source),
                0,
                "{source}"
            );
        }
    }

    #[test]
    fn comments_other_names_and_own_modules_do_not_count_as_use() {
        for source in [
            "// serde_like::de",
            "let serde_like = 1;",
            "crate::serde_like::f()",
            "my_serde_like::f()",
        ] {
            assert_eq!(
                found(Kind::Normal, "", "crates/a/src/lib.rs", source),
                1,
                "{source}"
            );
        }
    }

    #[test]
    fn use_in_tests_alone_does_not_justify_a_normal_dependency() {
        assert_eq!(
            found(
                Kind::Normal,
                "",
                "crates/a/tests/it/main.rs",
                "use serde_like::X;"
            ),
            1
        );
        assert_eq!(
            found(Kind::Dev, "", "crates/a/tests/it/main.rs", "use serde_like::X;"),
            0
        );
        assert_eq!(
            found(Kind::Normal, "", "crates/ab/src/lib.rs", "use serde_like::X;"),
            1
        );
    }

    #[test]
    fn a_dependency_kept_for_its_features_passes() {
        let manifest = "[package.metadata.cargo-machete]\nignored = [\"serde-like\"]";
        assert_eq!(found(Kind::Normal, manifest, "crates/a/src/lib.rs", ""), 0);
    }
}
