//! `cargo xtask bench-admin`: how fast the admin API answers over a large ledger.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::{cargo, process};

const EXAMPLE: &str = "bench_admin";

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct BenchAdminArgs {
    /// Passed on to the bench: `--requests`, `--days`, `--samples`, `--database`
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds the `bench_admin` example of `tollgate-admin-api` in release mode and runs it.
pub(crate) fn run(root: &Path, args: &BenchAdminArgs) -> anyhow::Result<()> {
    let mut build = cargo::command(root, "build");
    build.args(["--release", "-p", "tollgate-admin-api", "--example", EXAMPLE]);
    process::run(&mut build)?;
    let executable = cargo::built(root, "release/examples", EXAMPLE)?;
    process::run(Command::new(executable).current_dir(root).args(&args.rest))
}
