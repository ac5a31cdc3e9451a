//! How fast the lists and overviews of the admin API answer over a large ledger, on either database.
//!
//! `cargo xtask bench-admin -- --requests 1000000 --database sqlite:///tmp/bench.db`, or with the URL of an empty
//! PostgreSQL database. A database that holds requests already is measured as it is.

mod client;
mod endpoints;
mod process;
mod stage;
mod traffic;

use std::io::Write as _;
use std::time::{Duration, Instant};

use stage::Stage;

/// What the answers are held against.
const BOUND: Duration = Duration::from_millis(50);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
struct Args {
    requests: u32,
    days: u32,
    samples: usize,
    database: String,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args = Args::read()?;
    let stage = Stage::set(&args.database).await?;
    if stage.is_empty().await? {
        let begun = Instant::now();
        traffic::fill(&stage, args.requests, args.days, &|done| {
            say(&format!("{done} of {} requests", args.requests))
        })
        .await?;
        say(&format!("filled in {:.0?}", begun.elapsed()))?;
    }
    let mut slow = 0;
    say(&format!("{:<58} {:>9} {:>9} {:>9}", "", "p50", "p95", "bytes"))?;
    for (name, path) in endpoints::all(&stage).await? {
        let mut times = Vec::with_capacity(args.samples);
        let mut bytes = 0;
        for sample in 0..args.samples + 3 {
            let begun = Instant::now();
            let answer = client::get(&stage, &path).await?;
            let time = begun.elapsed();
            if answer.status != 200 {
                return Err(format!("{path}: {} {}", answer.status, answer.body).into());
            }
            bytes = answer.body.len();
            // The first open connections and fill caches.
            if sample >= 3 {
                times.push(time);
            }
        }
        times.sort_unstable();
        let at = |share: usize| {
            times
                .get((times.len() - 1) * share / 100)
                .copied()
                .unwrap_or_default()
        };
        let (p50, p95) = (at(50), at(95));
        let mark = if p95 > BOUND { "  above 50 ms" } else { "" };
        slow += usize::from(p95 > BOUND);
        say(&format!(
            "{name:<58} {:>9} {:>9} {bytes:>9}{mark}",
            millis(p50),
            millis(p95)
        ))?;
    }
    say(&format!("{slow} above 50 ms"))?;
    Ok(())
}

impl Args {
    fn read() -> Result<Self, Failure> {
        let mut args = Self {
            requests: 1_000_000,
            days: 45,
            samples: 60,
            database: "sqlite:///tmp/tollgate-bench-admin.db".to_owned(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--requests" => args.requests = value.parse()?,
                "--days" => args.days = value.parse()?,
                "--samples" => args.samples = value.parse::<usize>()?.max(1),
                "--database" => args.database = value,
                other => return Err(format!("{other} is not known").into()),
            }
        }
        Ok(args)
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

fn say(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
