//! `cargo xtask oracle`: the same facts priced by others.

use std::{path::Path, process::Command};

use clap::Args;

use crate::{cargo, process, python};

const REQUIREMENTS: &str = "crates/billing-core/tests/oracle/requirements.txt";
const SCRIPT: &str = "crates/billing-core/tests/oracle/run.py";

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct OracleArgs {
    /// Puts the counts found into the committed list of rulings, and the differing prices beside it
    #[arg(long)]
    write: bool,
}

/// Prices thousands of cases with `billing-core`, with litellm and with genai-prices; fails on a disagreement that
/// nobody has decided. Needs Python and, the first time, the network.
pub(crate) fn run(root: &Path, args: &OracleArgs) -> anyhow::Result<()> {
    let python = python::environment(root, "oracle-venv", REQUIREMENTS)?;
    let mut build = cargo::command(root, "build");
    process::run(build.args(["--quiet", "-p", "billing-core", "--example", "price_cases"]))?;
    let mut script = Command::new(python);
    script
        .current_dir(root)
        .arg(SCRIPT)
        .arg("--prices")
        .arg(cargo::built(root, "debug/examples", "price_cases")?)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if args.write {
        script.arg("--write");
    }
    process::run(&mut script)
}
