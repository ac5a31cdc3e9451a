//! The console's own tests: types, linter, texts and components, then a browser in front of a real gateway.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use crate::{cargo, process};

const UI: &str = "crates/console/ui";
/// The build's mark of an installation, and that of a whole one, with what only tests need.
const MARKS: [&str; 2] = [".installed-lock.json", ".installed-all.json"];

/// Makes sure that `node_modules` holds exactly what the lockfile says, tools included.
pub(crate) fn install(root: &Path) -> anyhow::Result<()> {
    let ui = root.join(UI);
    let lock = fs::read_to_string(ui.join("package-lock.json")).context("cannot read package-lock.json")?;
    let modules = ui.join("node_modules");
    let is_current = |mark: &str| fs::read_to_string(modules.join(mark)).is_ok_and(|text| text == lock);
    if MARKS.into_iter().all(is_current) {
        return Ok(());
    }
    process::run(npm(root).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    for mark in MARKS {
        fs::write(modules.join(mark), &lock).with_context(|| format!("cannot write {mark}"))?;
    }
    Ok(())
}

/// Types against the API's document, the linter, both languages, the components.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    for script in ["typecheck", "lint", "texts", "test"] {
        process::run(npm(root).args(["run", script]))?;
    }
    Ok(())
}

/// A browser, a gateway with the console built into it, simulated providers.
pub(crate) fn browse(root: &Path, script: &str, rest: &[String]) -> anyhow::Result<()> {
    let mut browser = npm(root);
    browser
        .args(["run", script, "--"])
        .args(rest)
        .env("TOLLGATE_GATEWAY_BIN", cargo::built(root, "debug", "gateway")?)
        .env(
            "TOLLGATE_SIMULATOR_BIN",
            cargo::built(root, "debug", "simulator")?,
        );
    process::run(&mut browser)
}

fn npm(root: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(root.join(UI)).env("NO_UPDATE_NOTIFIER", "1");
    npm
}
