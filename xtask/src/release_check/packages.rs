//! What a package holds and what its manifest says.

use std::path::Path;

use anyhow::ensure;

use super::PUBLISHED;
use crate::{cargo, out, process};

/// Files every package needs.
const NEEDED: [&str; 4] = ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Checks every package that is published; names the first thing that is missing or too much.
pub(super) fn check(root: &Path) -> anyhow::Result<()> {
    for package in &cargo::metadata(root)?.packages {
        if !PUBLISHED.contains(&package.name.as_str()) {
            continue;
        }
        let name = &package.name;
        ensure!(package.description.is_some(), "{name} has no description");
        ensure!(package.repository.is_some(), "{name} names no repository");
        ensure!(package.license.is_some(), "{name} names no licence");
        ensure!(package.rust_version.is_some(), "{name} names no rust-version");
        ensure!(package.publish.is_none(), "{name} says publish = false");
        let mut list = cargo::command(root, "package");
        let listing = process::capture(list.args(["--list", "--allow-dirty", "-p", name]))?;
        let files: Vec<&str> = listing.lines().collect();
        let problems = problems(name, &files);
        ensure!(problems.is_empty(), "{name}: {}", problems.join(", "));
        out::line(format_args!("{name} {}: {} files", package.version, files.len()))?;
    }
    Ok(())
}

fn problems(name: &str, files: &[&str]) -> Vec<String> {
    let mut needed = NEEDED.to_vec();
    if name == "tollgate-catalog" {
        needed.push("data/snapshot.json");
    }
    let missing = needed
        .into_iter()
        .filter(|file| !files.contains(file))
        .map(|file| format!("{file} is missing"));
    let only_for_us = files
        .iter()
        .filter(|file| {
            ["tests/", "benches/", "examples/", "fuzz/"]
                .iter()
                .any(|of| file.starts_with(of))
        })
        .map(|file| format!("{file} is not for others"));
    missing.chain(only_for_us).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [&str; 5] = [
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "src/lib.rs",
    ];

    #[test]
    fn a_package_with_all_it_needs_passes() {
        assert_eq!(problems("billing-core", &WHOLE), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_named() {
        assert_eq!(
            problems("tollgate-catalog", &WHOLE),
            ["data/snapshot.json is missing"]
        );
        let mut files = WHOLE.to_vec();
        files.retain(|file| *file != "LICENSE-MIT");
        files.push("tests/corpus/a.case");
        assert_eq!(
            problems("tollgate-metering", &files),
            ["LICENSE-MIT is missing", "tests/corpus/a.case is not for others"]
        );
    }
}
