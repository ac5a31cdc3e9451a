//! `cargo xtask demo`: what a newcomer without a provider key runs to see it work.

use std::{path::Path, process::Command};

use clap::Args;

use crate::{cargo, process};

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Passed on to the demo
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds the programs and runs the `demo` example of `tollgate-server`.
pub(crate) fn run(root: &Path, args: &DemoArgs) -> anyhow::Result<()> {
    example(root, "demo", &[], "debug", &args.rest)
}

/// Builds an example of `tollgate-server` with the binaries it starts, then runs it. Built in one go and started
/// directly: `cargo run --example` alone would not build the binaries, and would choose features anew.
pub(crate) fn example(
    root: &Path,
    name: &str,
    build_flags: &[&str],
    profile: &str,
    rest: &[String],
) -> anyhow::Result<()> {
    let mut build = cargo::command(root, "build");
    build.args([
        "--quiet",
        "-p",
        "tollgate-server",
        "-p",
        "tollgate-testkit",
        "--bins",
        "--examples",
    ]);
    process::run(build.args(build_flags))?;

    let executable = cargo::built(root, &format!("{profile}/examples"), name)?;
    let mut command = Command::new(executable);
    command
        .current_dir(root)
        .env("TOLLGATE_GATEWAY_BIN", cargo::built(root, profile, "gateway")?)
        .env(
            "TOLLGATE_SIMULATOR_BIN",
            cargo::built(root, profile, "simulator")?,
        )
        .args(rest);
    process::run(&mut command)
}
