//! The public interface against the last release.

use std::path::Path;

use super::{PUBLISHED, names};
use crate::{cargo, git, out, process};

/// Runs cargo-semver-checks against the last `v*` tag, or says plainly why there is nothing to compare.
pub(super) fn check(root: &Path) -> anyhow::Result<()> {
    let Some(tag) = git::last_tag(root, "v*") else {
        out::line("not compared: there is no v* tag yet, so no release whose interface could be broken")?;
        return Ok(());
    };
    if process::capture(cargo::command(root, "semver-checks").arg("--version")).is_err() {
        anyhow::bail!("install it first: cargo install cargo-semver-checks --locked");
    }
    let mut compare = cargo::command(root, "semver-checks");
    compare.args(["--baseline-rev", &tag]);
    for name in PUBLISHED {
        compare.args(["-p", name]);
    }
    process::run(&mut compare)?;
    names::check(root, &tag)
}
