//! Removes what killed test processes left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Every cluster's directory is named so, followed by its process's id and a number.
const PREFIX: &str = "tollgate-pg-";

/// A directory name no other process and no other cluster of this one has.
pub(super) fn new_directory(root: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    root.join(format!(
        "{PREFIX}{}-{}",
        process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ))
}

/// Removes the directories of processes that are gone. What cannot be removed is another account's.
pub(super) fn sweep(root: &Path) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let owner = entry.file_name().to_str().and_then(owner);
        if owner.is_some_and(|owner| !processes.join(owner.to_string()).exists()) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_directories_of_ended_processes_are_removed() {
        let root = std::env::temp_dir().join(format!("tollgate-sweep-{}", process::id()));
        let (mine, other) = (new_directory(&root), root.join("something-else-1"));
        // Process ids end far below this.
        let dead = root.join(format!("{PREFIX}4294967290-0"));
        for directory in [&mine, &other, &dead] {
            fs::create_dir_all(directory).unwrap();
        }
        sweep(&root);
        let left = (mine.exists(), other.exists(), dead.exists());
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(left, (true, true, false));
    }
}
