//! Absolute paths of somebody's machine.

use super::{repo::Repo, violation::Violation};

const RULE: &str = "local paths";

/// Put together here, so that this file passes its own check.
const PLACES: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in &repo.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(place) = PLACES.iter().find(|place| names_place(line, place)) {
                let fix = "use a path relative to the workspace, a variable or a temporary directory";
                violations.push(Violation::new(
                    RULE,
                    &file.path,
                    index + 1,
                    format!("a path under `{place}`"),
                    fix,
                ));
            }
        }
    }
    violations
}

/// Whether `line` names the place as the start of a path: `a/b/…` and `$HOME/b/…` are other paths.
fn names_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        !before.ends_with(|c: char| c.is_alphanumeric() || "._-~}*)".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_machine_is_found_and_the_same_name_further_down_is_not() {
        let found = |line: &str| check(&Repo::of_files(&[("docs/a.md", line)])).len();
        for place in PLACES {
            assert_eq!(found(&format!("see {place}notes")), 1, "{place}");
            assert_eq!(found(&format!("see `file://{place}notes`")), 1, "{place}");
            assert_eq!(
                found(&format!("see crates{place}notes and $DIR{place}notes")),
                0,
                "{place}"
            );
        }
    }
}
