//! The providers' own Python clients, driven through the gateway from a virtual environment under the build directory.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::ensure;

use super::POSTGRES_VARIABLE;
use crate::{cargo, process, python};

const REQUIREMENTS: &str = "crates/server/tests/sdk/requirements.txt";
const SCRIPT: &str = "crates/server/tests/sdk/run.py";

/// Makes sure the virtual environment holds exactly the pinned clients; returns its Python.
pub(crate) fn install(root: &Path) -> anyhow::Result<PathBuf> {
    python::environment(root, "sdk-venv", REQUIREMENTS)
}

/// Runs the script; its exit code decides.
pub(crate) fn run(root: &Path, python: &Path, postgres: &str) -> anyhow::Result<()> {
    ensure!(
        root.join(SCRIPT).is_file(),
        "{SCRIPT} is missing: nothing would test the providers' SDKs"
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
