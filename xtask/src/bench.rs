//! `cargo xtask bench`: what the gateway adds to a direct call.

use std::path::Path;

use clap::Args;

use crate::demo;

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Passed on to the bench
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds the programs in release mode and runs the `bench` example of `tollgate-server`.
pub(crate) fn run(root: &Path, args: &BenchArgs) -> anyhow::Result<()> {
    demo::example(root, "bench", &["--release"], "release", &args.rest)
}
