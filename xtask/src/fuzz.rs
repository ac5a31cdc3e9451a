//! `cargo xtask fuzz`: the fuzz targets, one after another, on stable Rust.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use clap::Args;

use crate::{cargo, out, process};

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// Only these targets; without one all of them, one after another
    targets: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

/// Runs each target over its committed seeds and the corpus grown so far (`fuzz/corpus`, not committed). Stops at the
/// first finding, which lies in `fuzz/artifacts`: copy it to `fuzz/seeds/<target>` under a telling name, and the tests
/// of `billing-core` replay it from then on.
pub(crate) fn run(root: &Path, args: &FuzzArgs) -> anyhow::Result<()> {
    ensure!(
        process::capture(cargo::command(root, "fuzz").arg("--version")).is_ok(),
        "install it first: cargo install cargo-fuzz --locked"
    );
    let known = targets(root)?;
    for name in &args.targets {
        ensure!(
            known.contains(name),
            "no target `{name}`; there are {}",
            known.join(", ")
        );
    }
    let chosen = if args.targets.is_empty() {
        &known
    } else {
        &args.targets
    };
    for name in chosen {
        out::line(format_args!("\n=== {name}"))?;
        let (corpus, seeds) = (format!("fuzz/corpus/{name}"), format!("fuzz/seeds/{name}"));
        fs::create_dir_all(root.join(&corpus)).with_context(|| format!("cannot make {corpus}"))?;
        let mut fuzz = cargo::command(root, "fuzz");
        // No sanitizer: those need a nightly compiler, and there is no unsafe code for them to look at.
        fuzz.args(["run", "--sanitizer", "none", name, &corpus, &seeds, "--"]);
        fuzz.arg(format!("-max_total_time={}", args.minutes * 60)).args([
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-print_final_stats=1",
        ]);
        process::run(&mut fuzz)?;
    }
    Ok(())
}

/// Every target has seeds; their directories are the list.
fn targets(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("fuzz/seeds")).context("cannot list fuzz/seeds")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
