//! `cargo xtask test`: every test on both databases, the console and a browser in front of it, the admin API against its
//! description, then the real provider SDKs.

pub(crate) mod console;
mod contract;
mod postgres;
mod prerequisites;
mod sdk;

use std::path::Path;

use clap::Args;

use self::postgres::TestPostgres;
use crate::{cargo, out, process, stages::Stages};

/// Where tests find a running PostgreSQL.
const POSTGRES_VARIABLE: &str = "TOLLGATE_TEST_PG";

/// Arguments of the task.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Leaves the provider SDKs out (they need Python and the network)
    #[arg(long)]
    no_sdk: bool,
    /// Leaves the console's tests out (they need Node.js, the network and Chromium)
    #[arg(long)]
    no_console: bool,
    /// Leaves the test of the admin API against its description out (it needs Python and the network)
    #[arg(long)]
    no_contract: bool,
    /// Only tests whose name contains this, or other arguments of `cargo test`; leaves the provider SDKs, the contract
    /// and the console's tests out
    #[arg(last = true)]
    filter: Vec<String>,
}

/// Runs the tests stage by stage and prints how long each took.
pub(crate) fn run(root: &Path, args: &TestArgs) -> anyhow::Result<()> {
    let mut stages = Stages::default();
    let outcome = all(root, args, &mut stages);
    out::line(stages.report())?;
    outcome?;
    out::line("all tests passed")?;
    Ok(())
}

fn all(root: &Path, args: &TestArgs, stages: &mut Stages) -> anyhow::Result<()> {
    let with_sdk = !args.no_sdk && args.filter.is_empty();
    let with_console = !args.no_console && args.filter.is_empty();
    let with_contract = !args.no_contract && args.filter.is_empty();
    let wanted = prerequisites::Wanted {
        python: with_sdk || with_contract,
        console: with_console,
    };
    stages.stage("prerequisites", || prerequisites::ensure(wanted))?;
    if with_console {
        stages.stage("console: install", || console::install(root))?;
        stages.stage("console: types, linter, texts, components", || {
            console::check(root)
        })?;
    }
    // Tests, binaries and examples in one go: built apart, cargo would unify features differently and build the
    // dependencies twice.
    stages.stage("build", || {
        process::run(cargo::command(root, "build").args(["--workspace", "--all-targets"]))
    })?;
    let postgres = stages.stage("temporary PostgreSQL", || TestPostgres::start(root))?;
    stages.stage("tests", || {
        let mut tests = cargo::command(root, "test");
        tests.args(["--workspace", "--no-fail-fast"]).args(&args.filter);
        process::run(tests.env(POSTGRES_VARIABLE, postgres.url()))
    })?;
    if with_console {
        stages.stage("console: browser", || console::browse(root, "browser", &[]))?;
    }
    if with_contract {
        let python = stages.stage("admin API contract: install", || contract::install(root))?;
        stages.stage("admin API contract: tests", || {
            contract::run(root, &python, postgres.url())
        })?;
    }
    if with_sdk {
        let python = stages.stage("provider SDKs: install", || sdk::install(root))?;
        stages.stage("provider SDKs: tests", || sdk::run(root, &python, postgres.url()))?;
    }
    Ok(())
}
