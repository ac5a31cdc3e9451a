//! `cargo xtask screenshots`: every page of the console, to look at.

use std::{path::Path, process::Command};

use clap::Args;

use crate::{cargo, process, test::console};

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct ScreenshotsArgs {
    /// Only these pages; all unless given
    pages: Vec<String>,
}

/// Builds the gateway and photographs the console in front of seeded data; the pictures go to
/// `crates/console/ui/browser/out`.
pub(crate) fn run(root: &Path, args: &ScreenshotsArgs) -> anyhow::Result<()> {
    console::install(root)?;
    let mut build: Command = cargo::command(root, "build");
    process::run(build.args(["-p", "tollgate-server", "-p", "tollgate-testkit", "--bins"]))?;
    console::browse(root, "screenshots", &args.pages)
}
