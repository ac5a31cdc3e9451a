//! A temporary `PostgreSQL` cluster for as long as this process runs: prints its URL on the first line and
//! ends, removing everything, when its standard input closes or it is told to terminate.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tollgate_testkit::postgres::PgCluster;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a stderr there is nobody to tell.
            writeln!(io::stderr(), "test-postgres: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let cluster = PgCluster::start_own()?;
    writeln!(io::stdout(), "{}", cluster.base_url())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = stdin_closed() => {}
    }
    drop(cluster);
    Ok(())
}

/// Reads on a plain thread: a blocked read of the runtime's own would keep the process from ending.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, wait) = oneshot::channel();
    thread::spawn(move || {
        io::copy(&mut io::stdin(), &mut io::sink()).ok();
        closed.send(()).ok();
    });
    wait
}
