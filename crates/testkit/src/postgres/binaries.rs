//! Finds the server's programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::TestkitError;

/// Places packages put them that are not in `PATH`; a `*` stands for a version directory.
const USUAL: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", "bin"),
    ("/usr/local", "pgsql/bin"),
    ("/opt/homebrew/opt", "bin"),
];

/// What a cluster needs, all in one directory.
const PROGRAMS: &[&str] = &["initdb", "postgres", "pg_ctl"];

/// The directory of the newest server found.
pub(super) fn find() -> Result<PathBuf, TestkitError> {
    let path = env::var_os("PATH").unwrap_or_default();
    // A link in PATH leads to the directory where the other programs are.
    let linked = env::split_paths(&path)
        .filter_map(|directory| fs::canonicalize(directory.join("postgres")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned));
    let usual = USUAL
        .iter()
        .flat_map(|(root, below)| versions(Path::new(root), below));
    linked
        .chain(usual)
        .find(|directory| is_complete(directory))
        .ok_or(TestkitError::PostgresMissing)
}

fn is_complete(directory: &Path) -> bool {
    PROGRAMS.iter().all(|program| directory.join(program).is_file())
}

/// `root/*/below` and `root/below`, the highest version first.
fn versions(root: &Path, below: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    let number = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u32>().unwrap_or(0)
    };
    found.sort_by_key(|path| std::cmp::Reverse(number(path)));
    found
        .into_iter()
        .map(|path| path.join(below))
        .chain([root.join(below)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_is_tried_first() {
        let root = env::temp_dir().join(format!("tollgate-versions-{}", std::process::id()));
        for version in ["9", "17", "15"] {
            fs::create_dir_all(root.join(version)).unwrap();
        }
        let found = versions(&root, "bin");
        fs::remove_dir_all(&root).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|path| path.strip_prefix(&root).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["17/bin", "15/bin", "9/bin", "bin"]);
    }
}
