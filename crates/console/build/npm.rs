//! npm, as far as a build needs it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// Installs what the build needs, unless it is there, and builds into `dist`.
pub(crate) fn build(ui: &Path, dist: &Path) -> Result<()> {
    if !is_there() {
        return Err(
            "there is no npm on the PATH (Debian and Ubuntu: `apt-get install nodejs npm`, 18 or later)"
                .into(),
        );
    }
    let lock = fs::read_to_string(ui.join("package-lock.json"))?;
    let modules = ui.join("node_modules");
    // Written last, so that an interrupted installation is not taken for one. A full installation, as the console's
    // tests need it, leaves the same mark.
    let mark = modules.join(".installed-lock.json");
    if fs::read_to_string(&mark).unwrap_or_default() != lock {
        npm(
            ui,
            &["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            dist,
        )?;
        fs::write(&mark, lock)?;
    }
    npm(ui, &["run", "build"], dist)
}

/// What to watch while there is no console: where npm would appear, or, where it is and failed, a file that never
/// exists, which makes the next build try again.
pub(crate) fn places(out: &Path) -> Vec<PathBuf> {
    if is_there() {
        return vec![out.join("no-such-file")];
    }
    search_path().into_iter().filter(|place| place.is_dir()).collect()
}

fn is_there() -> bool {
    search_path().iter().any(|place| place.join("npm").is_file())
}

fn search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).collect()
}

fn npm(ui: &Path, arguments: &[&str], dist: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args(arguments)
        .current_dir(ui)
        .env("TOLLGATE_CONSOLE_OUT", dist)
        .env_remove("NODE_ENV")
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    let first: Vec<&str> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(6)
        .collect();
    Err(format!("`npm {}` failed: {}", arguments.join(" "), first.join(" | ")).into())
}
