//! The little that tasks ask git.

use std::{path::Path, process::Command};

use anyhow::Context;

use crate::process;

/// Files git tracks or would track (not ignored), relative to `root`, sorted.
pub(crate) fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let listing =
        process::capture(git(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
            .context("cannot list the repository's files")?;
    let mut files: Vec<String> = listing
        .split('\0')
        .filter(|f| !f.is_empty())
        .map(String::from)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The commit a branch left the main branch at; `None` without a remote main branch (a plain local clone).
pub(crate) fn merge_base(root: &Path) -> Option<String> {
    let base = process::capture(git(root).args(["merge-base", "HEAD", "origin/main"])).ok()?;
    Some(base.trim().to_owned())
}

/// The text of `path` at `revision`; `None` where it did not exist.
pub(crate) fn show(root: &Path, revision: &str, path: &str) -> Option<String> {
    process::capture(git(root).args(["show", &format!("{revision}:{path}")])).ok()
}

/// The last tag before `HEAD` that matches the pattern; `None` without one.
pub(crate) fn last_tag(root: &Path, pattern: &str) -> Option<String> {
    let found =
        process::capture(git(root).args(["describe", "--tags", "--abbrev=0", "--match", pattern])).ok()?;
    Some(found.trim().to_owned())
}

/// A clone made by another user (a container, a mount) is readable all the same.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(root)
        .args(["-c", "safe.directory=*", "-c", "core.quotePath=false"]);
    command
}
