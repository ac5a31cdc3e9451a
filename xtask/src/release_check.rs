//! `cargo xtask release-check`: what must hold before the crates other services add are published.

mod names;
mod packages;
mod semver;
mod unpacked;

use std::path::Path;

use clap::Args;

use crate::{cargo, out, process, stages::Stages};

/// Published together, in this order. Everything else of the workspace is not for others.
const PUBLISHED: [&str; 4] = [
    "tollgate-domain",
    "tollgate-metering",
    "tollgate-catalog",
    "billing-core",
];

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct ReleaseCheckArgs {
    /// Only packs the crates, without building anything from what was packed
    #[arg(long)]
    no_verify: bool,
}

/// Checks contents, builds each crate from its package alone, and compares the public interface with the last release.
pub(crate) fn run(root: &Path, args: &ReleaseCheckArgs) -> anyhow::Result<()> {
    let mut stages = Stages::default();
    let outcome = all(root, args, &mut stages);
    out::line(stages.report())?;
    outcome
}

fn all(root: &Path, args: &ReleaseCheckArgs, stages: &mut Stages) -> anyhow::Result<()> {
    stages.stage("contents of the packages", || packages::check(root))?;
    stages.stage("cargo package", || {
        let mut package = cargo::command(root, "package");
        package.args(["--locked", "--allow-dirty", "--target-dir"]);
        package.arg(unpacked::forget(root)?);
        if args.no_verify {
            package.arg("--no-verify");
        }
        for name in PUBLISHED {
            package.args(["-p", name]);
        }
        process::run(&mut package)
    })?;
    if !args.no_verify {
        stages.stage("without default features", || {
            let mut check = cargo::command(root, "check");
            process::run(check.args(["--locked", "-p", "billing-core", "--no-default-features"]))
        })?;
    }
    stages.stage("public interface against the last release", || {
        semver::check(root)
    })
}
