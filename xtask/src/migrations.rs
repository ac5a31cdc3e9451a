//! The two migration trees and `migrations.lock`, the checksums of what they hold.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use sha2::{Digest as _, Sha256};

use crate::git;

/// The tree of each database; both hold directories of the same names.
pub(crate) const TREES: [&str; 2] = ["migrations-pg", "migrations-sqlite"];

/// What every migration directory holds.
pub(crate) const STEPS: [&str; 2] = ["up.sql", "down.sql"];

/// The committed list of checksums.
pub(crate) const LOCK: &str = "migrations.lock";

const HEADER: &str = "\
# SHA-256 of every migration, maintained by `cargo xtask codegen` and `cargo xtask migrate new`.
# An entry that is on the main branch is never changed or removed: databases have run that file.
";

/// Checksums by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) entries: BTreeMap<String, String>,
}

impl Lock {
    /// Reads the file's text; comments and blank lines are skipped.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once("  "));
        Self {
            entries: pairs
                .map(|(sum, path)| (path.to_owned(), sum.to_owned()))
                .collect(),
        }
    }

    /// The checksums of the migrations among `files` (path and content).
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let migrations = files.into_iter().filter(|(path, _)| is_migration(path));
        Self {
            entries: migrations
                .map(|(path, bytes)| (path.to_owned(), hex::encode(Sha256::digest(bytes))))
                .collect(),
        }
    }

    /// The file's text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::from(HEADER);
        for (path, sum) in &self.entries {
            writeln!(text, "{sum}  {path}").ok();
        }
        text
    }

    /// The entries of `self` that `newer` lost or changed.
    pub(crate) fn broken_by<'a>(&'a self, newer: &'a Lock) -> impl Iterator<Item = &'a str> {
        let changed = self
            .entries
            .iter()
            .filter(|(path, sum)| newer.entries.get(*path) != Some(*sum));
        changed.map(|(path, _)| path.as_str())
    }
}

/// The lock as it is on the main branch, or in the last commit where no remote main branch is known.
pub(crate) fn merged(root: &Path) -> Lock {
    let base = git::merge_base(root).unwrap_or_else(|| "HEAD".to_owned());
    Lock::parse(&git::show(root, &base, LOCK).unwrap_or_default())
}

/// The lock's text for the files now in both trees.
///
/// # Errors
/// A merged migration was edited or removed.
pub(crate) fn refreshed(root: &Path) -> anyhow::Result<String> {
    let mut contents = Vec::new();
    for path in git::files(root)?.into_iter().filter(|path| is_migration(path)) {
        // A deleted file that git still lists is simply not there.
        if let Ok(bytes) = std::fs::read(root.join(&path)) {
            contents.push((path, bytes));
        }
    }
    let lock = Lock::of(
        contents
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
    );
    let merged = merged(root);
    if let Some(path) = merged.broken_by(&lock).next() {
        anyhow::bail!("{path} is merged and was edited or removed: restore it and write a new migration");
    }
    Ok(lock.render())
}

/// Whether `path` is a step of a migration in one of the trees.
pub(crate) fn is_migration(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), [tree, _, step] if TREES.contains(tree) && STEPS.contains(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(up: &str) -> Lock {
        Lock::of([
            ("migrations-pg/0001_base/up.sql", up.as_bytes()),
            ("migrations-pg/README.md", b"not a migration".as_slice()),
        ])
    }

    #[test]
    fn only_migration_steps_are_locked_and_the_text_reads_back() {
        let lock = lock("create table a ();");
        assert_eq!(
            lock.entries.keys().collect::<Vec<_>>(),
            ["migrations-pg/0001_base/up.sql"]
        );
        assert_eq!(Lock::parse(&lock.render()), lock);
    }

    #[test]
    fn a_changed_or_missing_entry_breaks_the_merged_lock_and_an_added_one_does_not() {
        let merged = lock("create table a ();");
        let mut newer = merged.clone();
        newer
            .entries
            .insert("migrations-pg/0002_more/up.sql".to_owned(), "00".to_owned());
        assert_eq!(merged.broken_by(&newer).count(), 0);
        assert_eq!(merged.broken_by(&lock("edited")).count(), 1);
        assert_eq!(merged.broken_by(&Lock::default()).count(), 1);
    }
}
