//! Where files may lie: no `mod.rs`, one integration test binary per crate.

use super::{repo::Repo, violation::Violation};

const RULE: &str = "file layout";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    repo.with_extension("rs")
        .filter_map(|file| of_path(&file.path))
        .collect()
}

fn of_path(path: &str) -> Option<Violation> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., directory, "mod.rs"] => {
            let fix = format!("move it to `{directory}.rs` beside the directory");
            Some(Violation::new(RULE, path, 1, "a module in `mod.rs`", fix))
        }
        ["crates", _, "tests", file] => {
            let fix = format!("move it to `tests/it/{file}`, as a module of `tests/it/main.rs`");
            Some(Violation::new(
                RULE,
                path,
                1,
                "an integration test binary of its own, linked separately",
                fix,
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mod_rs_and_extra_test_binaries_are_found_and_the_usual_places_pass() {
        let found = |path: &str| check(&Repo::of_files(&[(path, "")])).len();
        for wrong in ["crates/a/src/b/mod.rs", "crates/a/tests/smoke.rs"] {
            assert_eq!(found(wrong), 1, "{wrong}");
        }
        for right in [
            "crates/a/src/b.rs",
            "crates/a/tests/it/main.rs",
            "crates/a/tests/it/smoke.rs",
        ] {
            assert_eq!(found(right), 0, "{right}");
        }
    }
}
