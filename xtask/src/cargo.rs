//! Cargo, as called from inside `cargo run`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use cargo_metadata::{Metadata, MetadataCommand};

/// A cargo command at `root` that sees the environment the caller had, not the one `cargo run` made for this
/// program: build scripts that watch `CARGO_MANIFEST_DIR` and the like would be run again for nothing.
pub(crate) fn command(root: &Path, subcommand: &str) -> Command {
    let mut command = Command::new(program());
    command.current_dir(root).arg(subcommand);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_this_package) {
            command.env_remove(name);
        }
    }
    command
}

/// The built file of a binary or example of this workspace; `profile` is `debug` or `release`.
pub(crate) fn built(root: &Path, profile: &str, name: &str) -> anyhow::Result<PathBuf> {
    let target = target_dir(root)?;
    let path = target.join(profile).join(name);
    anyhow::ensure!(
        path.is_file(),
        "{} was not built: does its package still define it?",
        path.display()
    );
    Ok(path)
}

/// The build directory of the workspace.
pub(crate) fn target_dir(root: &Path) -> anyhow::Result<PathBuf> {
    Ok(metadata(root)?.target_directory.into_std_path_buf())
}

/// `cargo metadata` of the workspace's own packages.
pub(crate) fn metadata(root: &Path) -> anyhow::Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.cargo_path(program()).current_dir(root).no_deps();
    command.exec().context("cargo metadata failed")
}

fn program() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn is_of_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(
            name,
            "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR"
        )
}

#[cfg(test)]
mod tests {
    use super::is_of_this_package;

    #[test]
    fn only_what_cargo_run_added_is_dropped() {
        assert!(is_of_this_package("CARGO_MANIFEST_DIR"));
        assert!(is_of_this_package("CARGO_PKG_VERSION"));
        for kept in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_INCREMENTAL",
            "CARGO_TERM_COLOR",
            "PATH",
        ] {
            assert!(!is_of_this_package(kept), "{kept}");
        }
    }
}
