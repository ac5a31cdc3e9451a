//! The providers' own Python clients, driven through the gateway from a virtual environment under the build directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

use super::POSTGRES_VARIABLE;
use crate::{cargo, process};

const REQUIREMENTS: &str = "crates/server/tests/sdk/requirements.txt";
const SCRIPT: &str = "crates/server/tests/sdk/run.py";

/// Makes sure the virtual environment holds exactly the pinned clients; returns its Python.
pub(crate) fn install(root: &Path) -> anyhow::Result<PathBuf> {
    let directory = cargo::target_dir(root)?.join("sdk-venv");
    let python = directory.join("bin/python");
    // Written last, so that an interrupted installation is not taken for a finished one.
    let stamp = directory.join("installed-requirements.txt");
    let wanted =
        fs::read_to_string(root.join(REQUIREMENTS)).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&directory),
    )?;
    let mut pip = Command::new(&python);
    pip.current_dir(root);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]);
    process::run(&mut pip)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
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
