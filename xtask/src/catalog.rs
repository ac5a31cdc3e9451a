//! `cargo xtask catalog import`: the price snapshot that ships with the binary.

use std::{fs, path::Path, path::PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::{cargo, out, process};

const SNAPSHOT: &str = "crates/catalog/data/snapshot.json";

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct CatalogArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Rewrites the bundled snapshot from LiteLLM's map
    Import {
        /// `model_prices_and_context_window.json`, downloaded
        map: PathBuf,
    },
}

/// Runs the catalog's own `import_snapshot` example: tidy and the other tasks thus neither build the catalog nor fail
/// with it.
pub(crate) fn run(root: &Path, args: &CatalogArgs) -> anyhow::Result<()> {
    let Action::Import { map } = &args.action;
    let map = std::path::absolute(map).with_context(|| format!("not a path: {}", map.display()))?;
    let mut import = cargo::command(root, "run");
    import
        .args([
            "--quiet",
            "-p",
            "tollgate-catalog",
            "--example",
            "import_snapshot",
            "--",
        ])
        .arg(&map);
    let snapshot = process::capture(&mut import)?;
    fs::write(root.join(SNAPSHOT), &snapshot).with_context(|| format!("cannot write {SNAPSHOT}"))?;
    out::line(format_args!(
        "{SNAPSHOT}: {} lines, {} bytes",
        snapshot.lines().count(),
        snapshot.len()
    ))?;
    Ok(())
}
