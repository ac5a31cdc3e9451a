//! `cargo xtask migrate`: a database up to date, its state, or a new migration in both trees.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};

use crate::{cargo, migrations, out, process};

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// The database; without it what the gateway's own configuration says
    #[arg(long, value_name = "URL", global = true)]
    database_url: Option<String>,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Applies what is missing (the default)
    Up,
    /// Lists applied and missing migrations
    Status,
    /// Creates the next migration in both trees
    New {
        /// What it does, in lower-case words: `add_budgets`
        name: String,
    },
}

/// Runs the gateway's own `migrate`, or writes the files of a new migration.
pub(crate) fn run(root: &Path, args: MigrateArgs) -> anyhow::Result<()> {
    match args.action.unwrap_or(Action::Up) {
        Action::Up => gateway(root, "up", args.database_url.as_deref()),
        Action::Status => gateway(root, "status", args.database_url.as_deref()),
        Action::New { name } => add(root, &name),
    }
}

/// The URL travels in the environment: it may hold a password, and command lines are shown.
fn gateway(root: &Path, action: &str, database_url: Option<&str>) -> anyhow::Result<()> {
    let mut command = cargo::command(root, "run");
    command.args(["--quiet", "-p", "tollgate-server", "--", "migrate", action]);
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    process::run(&mut command)
}

fn add(root: &Path, name: &str) -> anyhow::Result<()> {
    ensure!(
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
        "`{name}` is not a migration name: lower-case letters, digits and underscores, such as `add_budgets`"
    );
    let number = next_number(root)?;
    for tree in migrations::TREES {
        let directory: PathBuf = [tree, &format!("{number:04}_{name}")].iter().collect();
        fs::create_dir_all(root.join(&directory))
            .with_context(|| format!("cannot create {}", directory.display()))?;
        for step in migrations::STEPS {
            let path = directory.join(step);
            fs::write(root.join(&path), template(step))
                .with_context(|| format!("cannot write {}", path.display()))?;
            out::line(path.display())?;
        }
    }
    fs::write(root.join(migrations::LOCK), migrations::refreshed(root)?)
        .with_context(|| format!("cannot write {}", migrations::LOCK))?;
    out::line("fill them in, then run `cargo xtask codegen` to record their checksums")?;
    Ok(())
}

fn next_number(root: &Path) -> anyhow::Result<u32> {
    let mut highest = 0;
    for tree in migrations::TREES {
        // Git keeps no empty directory: a tree without migrations may not be there at all.
        let Ok(entries) = fs::read_dir(root.join(tree)) else {
            continue;
        };
        for entry in entries {
            let name = entry?.file_name();
            let number = name
                .to_str()
                .and_then(|n| n.split_once('_'))
                .and_then(|(n, _)| n.parse().ok());
            highest = highest.max(number.unwrap_or(0));
        }
    }
    Ok(highest + 1)
}

fn template(step: &str) -> &'static str {
    if step == "up.sql" {
        "-- What changes and why. Expand only: the previous minor version still runs on the new schema.\n"
    } else {
        "-- Undoes up.sql; says here what cannot be undone.\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_follows_the_highest_of_both_trees() {
        let root = tempfile::tempdir().unwrap();
        for directory in ["migrations-pg/0001_base", "migrations-sqlite/0004_more"] {
            fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        assert_eq!(next_number(root.path()).unwrap(), 5);
    }

    #[test]
    fn a_name_with_other_characters_is_refused_before_anything_is_written() {
        let root = tempfile::tempdir().unwrap();
        let error = add(root.path(), "Add Budgets").unwrap_err().to_string();
        assert!(error.contains("`Add Budgets`"), "{error}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
