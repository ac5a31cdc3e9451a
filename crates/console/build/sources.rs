//! What the console is made of.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::Result;

/// Relative to `ui`. Tests and tools are not among them: they change nothing that is served.
const INPUTS: &[&str] = &[
    "index.html",
    "package.json",
    "package-lock.json",
    "paths.json",
    "postcss.config.cjs",
    "public",
    "src",
    "vite.config.ts",
];

/// Where cargo looks for changes.
pub(crate) fn watched(ui: &Path) -> Vec<PathBuf> {
    INPUTS
        .iter()
        .map(|input| ui.join(input))
        .filter(|path| path.exists())
        .collect()
}

/// A hash of names and contents.
pub(crate) fn hash(ui: &Path) -> Result<String> {
    let mut files = Vec::new();
    for path in watched(ui) {
        collect(&path, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files.iter().filter(|file| !is_test(file)) {
        file.strip_prefix(ui)?.hash(&mut hasher);
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Writes the paths the console answers at, for the server's router.
pub(crate) fn write_paths(ui: &Path, target: &Path) -> Result<()> {
    let text = fs::read_to_string(ui.join("paths.json"))?;
    let mut list = String::from("&[");
    // A flat list of plain words: the quoted parts are the odd ones.
    for word in text.split('"').skip(1).step_by(2) {
        write!(list, "{word:?}, ")?;
    }
    list.push(']');
    write_if_changed(target, &list)
}

/// Leaves a file alone that says the same already, so that nothing is compiled again for it.
pub(crate) fn write_if_changed(target: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(target).is_ok_and(|present| present == text) {
        return Ok(());
    }
    Ok(fs::write(target, text)?)
}

/// All files under a path.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

fn is_test(file: &Path) -> bool {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    name.contains(".test.")
}
