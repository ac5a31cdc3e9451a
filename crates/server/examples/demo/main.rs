//! Tollgate without a provider key: a gateway in front of simulated providers, mixed traffic, the bill, a receipt, and
//! the providers' own invoices beside it. Run it with `cargo xtask demo`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

#[path = "../shared/admin.rs"]
mod admin;
mod bill;
mod books;
#[path = "../shared/gateway.rs"]
mod gateway;
mod invoice;
mod receipt;
mod stage;
#[path = "../shared/table.rs"]
mod table;
mod traffic;
mod unbilled;
mod wire;

use books::Books;
use stage::Stage;

/// A gateway in front of simulated providers, with a bill to look at
#[derive(Debug, Parser)]
#[command(name = "demo")]
struct Args {
    /// Stay up until Ctrl-C, to look around by hand
    #[arg(long)]
    keep: bool,
    /// The gateway binary; otherwise `TOLLGATE_GATEWAY_BIN`, or the one built beside this program
    #[arg(long)]
    gateway: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let stage = Stage::set(&gateway::binary(args.gateway)?).await?;
    say(&stage.to_string())?;
    say("SENDING mixed traffic, streams and not, of two keys …")?;
    let sent = traffic::send(&stage).await?;
    say(&sent.to_string())?;

    let books = Books::read(&stage).await?;
    let comparison = invoice::compare(&stage, &books)?;
    say(&bill::render(&books)?)?;
    say(&receipt::render(&books))?;
    say(&unbilled::render(&books))?;
    say(&comparison.to_string())?;
    say(&look_around(&stage, &books, args.keep))?;
    if args.keep {
        told_to_stop().await?;
    }
    stage.clear().await?;
    if !comparison.equal() {
        bail!("the ledger does not equal the invoices; this is a defect, please report it");
    }
    Ok(())
}

/// How to see the same things without this program.
fn look_around(stage: &Stage, books: &Books, keep: bool) -> String {
    let (url, token) = (stage.base_url(), stage.admin_token());
    if !keep {
        return "TO LOOK AROUND by hand, let it stay up: cargo xtask demo -- --keep\n".to_owned();
    }
    let request = books
        .example()
        .map_or("REQUEST_ID", |receipt| receipt.request_id.as_str());
    let key = stage.keys().first().map_or("KEY", |key| key.token.as_str());
    format!(
        "LOOK AROUND until you press Ctrl-C\n  \
           in a browser    {url}\n  \
           admin token     {token}\n  \
           a client's key  {key}\n\n  \
           api() {{ curl -sS -H 'authorization: Bearer {token}' \"$@\"; }}\n  \
           api {url}/api/admin/billing/overview\n  \
           api '{url}/api/admin/request-logs?limit=5'\n  \
           api {url}/api/admin/billing/requests/{request}/receipt\n  \
           curl -sS {url}/v1/chat/completions -H 'authorization: Bearer {key}' \\\n    \
             -d '{{\"model\": \"gpt-4o\", \"messages\": [{{\"role\": \"user\", \"content\": \"Say hello.\"}}]}}'\n"
    )
}

async fn told_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
