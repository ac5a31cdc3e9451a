//! Where the workspace is.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The workspace root: the parent of this package, as cargo tells it at run time or knew it at compile time.
pub(crate) fn find() -> anyhow::Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map(Path::to_path_buf)
        .with_context(|| format!("{} has no parent directory", package.display()))
}
