//! What the gateway adds to a direct call: throughput, latency and its own CPU time, direct and proxied rounds in turn.
//! Run it with `cargo xtask bench`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Parser;

#[path = "../shared/admin.rs"]
mod admin;
mod cell;
mod cpu;
#[path = "../shared/gateway.rs"]
mod gateway;
mod report;
mod stage;
#[path = "../shared/table.rs"]
mod table;
mod workload;

use cell::Cell;
use stage::Stage;
use workload::Workload;

/// What the gateway adds to a direct call
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Args {
    /// Requests in each round of JSON answers; streams get a quarter of it
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u64).range(40..))]
    requests: u64,
    /// Rounds, each once direct and once through the gateway
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// The gateway binary; otherwise `TOLLGATE_GATEWAY_BIN`, or the one built beside this program
    #[arg(long)]
    gateway: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let stage = Stage::set(&gateway::binary(args.gateway)?).await?;
    let mut cells: Vec<Cell> = Workload::ALL
        .into_iter()
        .flat_map(|workload| [1, 32].map(|concurrency| Cell::new(workload, concurrency, args.requests)))
        .collect();

    for cell in &cells {
        cell.warm_up(&stage).await?;
    }
    for round in 1..=args.rounds {
        say(&format!("round {round} of {} …", args.rounds))?;
        for cell in &mut cells {
            // Whoever goes second finds the machine warmer.
            cell.measure(&stage, round % 2 == 0).await?;
        }
    }
    let billed = stage.billed().await?;
    let sent: u64 = cells.iter().map(Cell::proxied_requests).sum();
    stage.clear().await?;
    say(&report::render(&cells))?;
    say(&format!(
        "The ledger holds {billed} billed attempts of {sent} requests sent."
    ))?;
    ensure!(billed == sent, "a figure for work that was not done is none");
    Ok(())
}

fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
