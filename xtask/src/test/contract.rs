//! The admin API against its own description, by Schemathesis in a virtual environment under the build directory.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::ensure;

use super::POSTGRES_VARIABLE;
use crate::{cargo, process, python};

const REQUIREMENTS: &str = "crates/server/tests/contract/requirements.txt";
const SCRIPT: &str = "crates/server/tests/contract/run.py";

/// Makes sure the virtual environment holds exactly the pinned packages; returns its Python.
pub(crate) fn install(root: &Path) -> anyhow::Result<PathBuf> {
    python::environment(root, "contract-venv", REQUIREMENTS)
}

/// Runs the script on both databases; its exit code decides.
pub(crate) fn run(root: &Path, python: &Path, postgres: &str) -> anyhow::Result<()> {
    ensure!(
        root.join(SCRIPT).is_file(),
        "{SCRIPT} is missing: nothing would test the admin API against its description"
    );
    let mut script = Command::new(python);
    script
        .current_dir(root)
        .arg(SCRIPT)
        .env("TOLLGATE_GATEWAY_BIN", cargo::built(root, "debug", "gateway")?)
        .env(
            "TOLLGATE_SIMULATOR_BIN",
            cargo::built(root, "debug", "simulator")?,
        )
        .env(POSTGRES_VARIABLE, postgres)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    process::run(&mut script)
}
