//! What the tests need from the machine. Installed where that is this program's to do (root on Debian or Ubuntu),
//! else named exactly.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::bail;

use crate::process;

/// Something the tests need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Postgres,
    PythonVenv,
    Node,
    Chromium,
}

/// Which tests are to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The providers' SDKs, or the admin API against its description.
    pub(crate) python: bool,
    /// The console's own tests, and those in a browser.
    pub(crate) console: bool,
}

impl Need {
    const fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql"],
            Self::PythonVenv => &["python3", "python3-venv"],
            Self::Node => &["nodejs", "npm"],
            Self::Chromium => &["chromium", "fonts-noto-cjk"],
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Postgres => {
                "PostgreSQL's server binaries (initdb, postgres): Debian and Ubuntu `apt-get install postgresql`, \
                 Fedora `dnf install postgresql-server`, macOS `brew install postgresql@16`"
            }
            Self::PythonVenv => {
                "python3 with venv: Debian and Ubuntu `apt-get install python3 python3-venv`, \
                 elsewhere any Python from 3.11; or run `cargo xtask test --no-sdk --no-contract`"
            }
            Self::Node => {
                "Node.js 18 or later with npm: Debian and Ubuntu `apt-get install nodejs npm`; \
                 or run `cargo xtask test --no-console`"
            }
            Self::Chromium => {
                "Chromium, and fonts for Chinese: Debian and Ubuntu `apt-get install chromium fonts-noto-cjk`, elsewhere \
                 name it in the variable CHROMIUM; or run `cargo xtask test --no-console`"
            }
        }
    }

    fn is_met(self) -> bool {
        match self {
            Self::Postgres => has_postgres(),
            Self::PythonVenv => {
                process::capture(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok()
            }
            Self::Node => on_path("node") && on_path("npm"),
            Self::Chromium => std::env::var_os("CHROMIUM").is_some() || on_path("chromium"),
        }
    }
}

/// Makes sure that everything needed is there.
pub(crate) fn ensure(tests: Wanted) -> anyhow::Result<()> {
    let mut wanted = vec![Need::Postgres];
    if tests.python {
        wanted.push(Need::PythonVenv);
    }
    if tests.console {
        wanted.extend([Need::Node, Need::Chromium]);
    }
    let missing = unmet(&wanted);
    if missing.is_empty() {
        return Ok(());
    }
    if may_install() {
        install(&missing)?;
    }
    let missing = unmet(&wanted);
    if !missing.is_empty() {
        bail!("{}", complaint(&missing));
    }
    Ok(())
}

fn unmet(wanted: &[Need]) -> Vec<Need> {
    wanted.iter().copied().filter(|need| !need.is_met()).collect()
}

fn complaint(missing: &[Need]) -> String {
    let lines: Vec<String> = missing
        .iter()
        .map(|need| format!("  - {}", need.describe()))
        .collect();
    format!(
        "the tests need what this machine does not have:\n{}",
        lines.join("\n")
    )
}

fn install(missing: &[Need]) -> anyhow::Result<()> {
    process::run(Command::new("apt-get").args(["update", "-q"]))?;
    let packages = missing.iter().flat_map(|need| need.debian_packages());
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(packages);
    process::run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn may_install() -> bool {
    let is_root = process::capture(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0");
    is_root && Path::new("/etc/debian_version").exists() && on_path("apt-get")
}

fn has_postgres() -> bool {
    let found = |directory: &Path| directory.join("initdb").is_file() && directory.join("postgres").is_file();
    search_path().iter().any(|directory| found(directory)) || versioned_directories().iter().any(|d| found(d))
}

fn on_path(program: &str) -> bool {
    search_path()
        .iter()
        .any(|directory| directory.join(program).is_file())
}

fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default()
}

/// Debian keeps the server's binaries out of `PATH`, one directory per version.
fn versioned_directories() -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_complaint_names_what_to_install_for_each_need() {
        let text = complaint(&[Need::Postgres, Need::PythonVenv]);
        assert!(text.contains("apt-get install postgresql"), "{text}");
        assert!(text.contains("apt-get install python3 python3-venv"), "{text}");
        assert!(!complaint(&[Need::Postgres]).contains("python3"));
        let text = complaint(&[Need::Node, Need::Chromium]);
        assert!(text.contains("apt-get install nodejs npm"), "{text}");
        assert!(text.contains("apt-get install chromium fonts-noto-cjk"), "{text}");
    }

    #[test]
    fn a_program_is_found_on_the_path_only_if_it_is_there() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-anywhere"));
    }
}
