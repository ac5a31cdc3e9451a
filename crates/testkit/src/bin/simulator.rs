//! The simulated provider as a process of its own.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use tollgate_testkit::{Simulator, SimulatorBuilder};

const USAGE: &str = "\
A simulated LLM provider that keeps its own invoice.

Usage: simulator [--listen 127.0.0.1:PORT] [--credential KEY]... [--invoice FILE]

  --listen ADDRESS   where to listen; a free port unless given
  --credential KEY   a credential to accept; may be repeated; `sim-credential` unless given
  --invoice FILE     also append the invoice to this JSON Lines file

Prints its base URL on the first line and runs until it is stopped.
GET /_sim/invoice, GET /_sim/stats, POST /_sim/script, POST /_sim/release, POST /_sim/reset.
";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a stderr there is nobody to tell.
            writeln!(io::stderr(), "simulator: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let Some(builder) = configure(std::env::args().skip(1))? else {
        io::stdout().write_all(USAGE.as_bytes())?;
        return Ok(());
    };
    let simulator = builder.start().await?;
    writeln!(io::stdout(), "{}", simulator.base_url())?;
    wait_for_stop().await?;
    simulator.shutdown().await;
    Ok(())
}

/// `None` asks for help.
fn configure(mut arguments: impl Iterator<Item = String>) -> Result<Option<SimulatorBuilder>, String> {
    let mut builder = Simulator::builder();
    let mut credentials = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or(format!("{argument} needs a value; see --help"))
        };
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--listen" => builder = builder.listen(value()?),
            "--credential" => credentials.push(value()?),
            "--invoice" => builder = builder.invoice_file(value()?),
            other => return Err(format!("{other} is not an option; see --help")),
        }
    }
    if !credentials.is_empty() {
        builder = builder.credentials(credentials);
    }
    Ok(Some(builder))
}

async fn wait_for_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
