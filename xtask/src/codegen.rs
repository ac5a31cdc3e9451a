//! `cargo xtask codegen`: files that are generated and committed, so that a review shows what a change does to them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use clap::Args;

use crate::{cargo, migrations, out, process};

const OPENAPI: &str = "docs/openapi.json";
const PRICE_FIELDS: &str = "docs/price-fields.md";

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct CodegenArgs {
    /// Writes nothing; fails when a file is stale
    #[arg(long)]
    check: bool,
    /// A gateway built already; without it one is built
    #[arg(long, value_name = "FILE", env = "TOLLGATE_GATEWAY_BIN")]
    gateway: Option<PathBuf>,
}

/// Regenerates every generated file, or compares them.
pub(crate) fn run(root: &Path, args: &CodegenArgs) -> anyhow::Result<()> {
    // The lock comes first: it needs no build, and says at once when a merged migration was edited.
    let lock = migrations::refreshed(root)?;
    let price_fields = price_fields(root)?;
    let openapi = openapi(root, args.gateway.as_deref())?;
    let mut stale = Vec::new();
    let generated = [
        (migrations::LOCK, lock),
        (PRICE_FIELDS, price_fields),
        (OPENAPI, openapi),
    ];
    for (path, fresh) in generated {
        let committed = fs::read_to_string(root.join(path)).unwrap_or_default();
        let Some(difference) = difference(&committed, &fresh) else {
            out::line(format_args!("{path}: up to date"))?;
            continue;
        };
        if args.check {
            out::line(format_args!("{path}: stale\n{difference}"))?;
            stale.push(path);
        } else {
            fs::write(root.join(path), fresh).with_context(|| format!("cannot write {path}"))?;
            out::line(format_args!("{path}: written"))?;
        }
    }
    if !stale.is_empty() {
        bail!(
            "stale: {}; run `cargo xtask codegen` and commit the result",
            stale.join(", ")
        );
    }
    Ok(())
}

/// The document as the gateway itself prints it, ending in one line break.
fn openapi(root: &Path, gateway: Option<&Path>) -> anyhow::Result<String> {
    let gateway = if let Some(built) = gateway {
        root.join(built)
    } else {
        process::run(cargo::command(root, "build").args(["--quiet", "-p", "tollgate-server"]))?;
        cargo::built(root, "debug", "gateway")?
    };
    let document = process::capture(Command::new(gateway).current_dir(root).arg("openapi"))?;
    Ok(format!("{}\n", document.trim_end()))
}

/// What the catalog makes of each field of the price map that ships with the binary.
fn price_fields(root: &Path) -> anyhow::Result<String> {
    let mut print = cargo::command(root, "run");
    process::capture(print.args(["--quiet", "-p", "tollgate-catalog", "--example", "price_fields"]))
}

/// Where two texts first differ, shown with both lines; `None` when they are equal.
fn difference(committed: &str, fresh: &str) -> Option<String> {
    if committed == fresh {
        return None;
    }
    let same = committed
        .lines()
        .zip(fresh.lines())
        .take_while(|(a, b)| a == b)
        .count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
    Some(format!(
        "  line {}\n  - {}\n  + {}",
        same + 1,
        line(committed),
        line(fresh)
    ))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_differing_line_is_shown_with_both_texts() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n").unwrap(), "  line 2\n  - b\n  + c");
        assert_eq!(
            difference("a\n", "a\nc\n").unwrap(),
            "  line 2\n  - (end of file)\n  + c"
        );
    }
}
