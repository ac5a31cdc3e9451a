//! Virtual environments under the build directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::{cargo, process};

/// Makes sure that the virtual environment `name` holds exactly what the requirements file says; returns its Python.
pub(crate) fn environment(root: &Path, name: &str, requirements: &str) -> anyhow::Result<PathBuf> {
    let directory = cargo::target_dir(root)?.join(name);
    let python = directory.join("bin/python");
    // Written last, so that an interrupted installation is not taken for a finished one.
    let stamp = directory.join("installed-requirements.txt");
    let wanted =
        fs::read_to_string(root.join(requirements)).with_context(|| format!("cannot read {requirements}"))?;
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
        requirements,
    ]);
    process::run(&mut pip)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}
