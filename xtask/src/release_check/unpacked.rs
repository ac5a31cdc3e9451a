//! What cargo keeps of an earlier packing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::PUBLISHED;
use crate::cargo;

/// Removes what an earlier check unpacked and built; returns the empty build directory for the next one. Cargo verifies
/// the crates against a registry it makes under the build directory, and takes packages of a registry for unchangeable:
/// a second check of the same version would build against the first one's sources.
pub(super) fn forget(root: &Path) -> anyhow::Result<PathBuf> {
    let target = cargo::target_dir(root)?.join("release-check");
    let sources = cargo_home().map(|home| home.join("registry/src"));
    let unpacked = sources.iter().flat_map(|sources| stale(sources));
    for directory in unpacked.chain(target.is_dir().then(|| target.clone())) {
        fs::remove_dir_all(&directory).with_context(|| format!("cannot remove {}", directory.display()))?;
    }
    Ok(target)
}

fn cargo_home() -> Option<PathBuf> {
    let given = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    given.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
}

/// Our packages in registries without a host, which are directories of this machine.
fn stale(sources: &Path) -> Vec<PathBuf> {
    let local = |path: &PathBuf| name(path).starts_with('-');
    let ours = |path: &PathBuf| {
        let name = name(path);
        let version = PUBLISHED
            .iter()
            .find_map(|package| name.strip_prefix(package)?.strip_prefix('-'));
        version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
    };
    children(sources)
        .filter(local)
        .flat_map(|registry| children(&registry))
        .filter(ours)
        .collect()
}

fn children(directory: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_packages_in_local_registries_are_stale() {
        let home = tempfile::tempdir().unwrap();
        for path in [
            "-1f/tollgate-domain-0.1.0",
            "-1f/billing-core-0.2.0",
            "-1f/serde-1.0.0",
            "-1f/billing-core-extra-1.0.0",
            "index.example-2/tollgate-domain-0.1.0",
        ] {
            fs::create_dir_all(home.path().join(path)).unwrap();
        }
        let mut found: Vec<String> = stale(home.path()).iter().map(|path| name(path)).collect();
        found.sort();
        assert_eq!(found, ["billing-core-0.2.0", "tollgate-domain-0.1.0"]);
    }
}
