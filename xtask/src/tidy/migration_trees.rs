//! Both databases have the same migrations, and a merged one is never edited.

use std::collections::BTreeSet;

use super::{repo::Repo, scan, violation::Violation};
use crate::migrations::{LOCK, Lock, STEPS, TREES};

const RULE: &str = "migrations";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = missing_steps(repo);
    violations.extend(unlocked(repo));
    violations
}

/// Every directory name of either tree, in both, with both steps.
fn missing_steps(repo: &Repo) -> Vec<Violation> {
    let paths: BTreeSet<&str> = repo.files.iter().map(|file| file.path.as_str()).collect();
    let names: BTreeSet<&str> = paths.iter().filter_map(|path| migration_name(path)).collect();
    let mut violations = Vec::new();
    for name in names {
        for path in TREES
            .iter()
            .flat_map(|tree| STEPS.map(|step| format!("{tree}/{name}/{step}")))
        {
            if !paths.contains(path.as_str()) {
                let fix = "write it; where a database needs nothing, a comment says so";
                violations.push(Violation::new(RULE, &path, 1, "the file is missing", fix));
            }
        }
    }
    violations
}

fn migration_name(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    let tree = parts.next()?;
    let name = parts.next()?;
    (TREES.contains(&tree) && parts.next().is_some()).then_some(name)
}

/// The lock says what the files are, and still says what the main branch's lock said.
fn unlocked(repo: &Repo) -> Vec<Violation> {
    let text = repo
        .files
        .iter()
        .find(|file| file.path == LOCK)
        .map_or("", |file| file.text.as_str());
    let lock = Lock::parse(text);
    let actual = Lock::of(
        repo.files
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_bytes())),
    );
    let merged = &repo.merged_migrations;
    let paths: BTreeSet<&String> = [&lock, &actual, merged]
        .iter()
        .flat_map(|l| l.entries.keys())
        .collect();
    let mut violations = Vec::new();
    for path in paths {
        let sum = |lock: &Lock| lock.entries.get(path).cloned();
        let line = scan::line_where(text, |line| line.ends_with(path.as_str()));
        if sum(merged).is_some_and(|merged| sum(&actual) != Some(merged)) {
            let fix = "restore the file and write a new migration";
            violations.push(Violation::new(
                RULE,
                path,
                1,
                "merged, and edited or removed since",
                fix,
            ));
        } else if sum(&lock) != sum(&actual) {
            let problem = format!("the checksum of {path} is missing or stale");
            violations.push(Violation::new(
                RULE,
                LOCK,
                line,
                problem,
                "run `cargo xtask codegen` and commit it",
            ));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 4] = [
        "migrations-pg/0001_base/up.sql",
        "migrations-pg/0001_base/down.sql",
        "migrations-sqlite/0001_base/up.sql",
        "migrations-sqlite/0001_base/down.sql",
    ];

    fn repo(files: &[(&str, &str)], locked: &[(&str, &str)], merged: &[(&str, &str)]) -> Repo {
        let lock_of =
            |files: &[(&str, &str)]| Lock::of(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let lock = lock_of(locked).render();
        let files: Vec<_> = files.iter().copied().chain([(LOCK, lock.as_str())]).collect();
        Repo {
            merged_migrations: lock_of(merged),
            ..Repo::of_files(&files)
        }
    }

    fn all_with(text: &'static str) -> Vec<(&'static str, &'static str)> {
        FILES.iter().map(|path| (*path, text)).collect()
    }

    #[test]
    fn the_same_locked_migrations_in_both_trees_pass() {
        let files = all_with("select 1;");
        assert_eq!(check(&repo(&files, &files, &files)), []);
        assert_eq!(check(&repo(&files, &files, &[])), []);
    }

    #[test]
    fn a_migration_in_one_tree_only_is_found() {
        let files = &all_with("select 1;")[..2];
        let found = check(&repo(files, files, &[]));
        assert_eq!(
            found.iter().map(|v| v.path.as_str()).collect::<Vec<_>>(),
            FILES[2..]
        );
    }

    #[test]
    fn a_migration_that_is_not_in_the_lock_is_found() {
        assert_eq!(check(&repo(&all_with("select 1;"), &[], &[])).len(), FILES.len());
    }

    #[test]
    fn a_merged_migration_edited_together_with_its_lock_is_found() {
        let (old, new) = (all_with("select 1;"), all_with("select 2;"));
        let found = check(&repo(&new, &new, &old));
        assert_eq!(found.len(), FILES.len());
        assert!(found[0].fix.contains("new migration"), "{}", found[0]);
    }
}
