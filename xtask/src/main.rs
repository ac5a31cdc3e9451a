//! Repository tasks, run as `cargo xtask <command>`. Thin on purpose: what can live in a crate lives there.

mod bench;
mod bench_admin;
mod cargo;
mod catalog;
mod codegen;
mod demo;
mod fuzz;
mod git;
mod interrupt;
mod migrate;
mod migrations;
mod oracle;
mod out;
mod process;
mod python;
mod release_check;
mod root;
mod screenshots;
mod stages;
mod test;
mod tidy;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// Repository tasks of Tollgate.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Checks the house rules: layers, file sizes, dependencies, licences, migrations
    Tidy,
    /// Runs every test on both databases and the real provider SDKs
    Test(test::TestArgs),
    /// Migrates a database, shows its state, or adds a migration to both trees
    Migrate(migrate::MigrateArgs),
    /// Rewrites the bundled price snapshot
    Catalog(catalog::CatalogArgs),
    /// The same cases priced by `billing-core`, litellm and genai-prices
    Oracle(oracle::OracleArgs),
    /// The fuzz targets of map parsing, usage extraction and pricing, 10 minutes each
    Fuzz(fuzz::FuzzArgs),
    /// Whether the crates for other services can be published: contents, packages, public interface
    ReleaseCheck(release_check::ReleaseCheckArgs),
    /// Regenerates the generated files
    Codegen(codegen::CodegenArgs),
    /// A simulated provider behind a gateway: mixed traffic, the bill, a receipt
    Demo(demo::DemoArgs),
    /// Pictures of every page of the console, light and dark, desktop and phone, English and Chinese
    Screenshots(screenshots::ScreenshotsArgs),
    /// Cost of a request through the gateway against a direct call, in release mode
    Bench(bench::BenchArgs),
    /// How fast the lists and overviews of the admin API answer over a million requests, in release mode
    BenchAdmin(bench_admin::BenchAdminArgs),
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the backtrace that anyhow's own Debug adds: what failed is in the message.
            writeln!(io::stderr(), "error: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    interrupt::install()?;
    let root = root::find()?;
    match task {
        Task::Tidy => tidy::run(&root),
        Task::Test(args) => test::run(&root, &args),
        Task::Migrate(args) => migrate::run(&root, args),
        Task::Catalog(args) => catalog::run(&root, &args),
        Task::Oracle(args) => oracle::run(&root, &args),
        Task::ReleaseCheck(args) => release_check::run(&root, &args),
        Task::Fuzz(args) => fuzz::run(&root, &args),
        Task::Codegen(args) => codegen::run(&root, &args),
        Task::Demo(args) => demo::run(&root, &args),
        Task::Screenshots(args) => screenshots::run(&root, &args),
        Task::Bench(args) => bench::run(&root, &args),
        Task::BenchAdmin(args) => bench_admin::run(&root, &args),
    }
}
