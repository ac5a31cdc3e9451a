//! How fast the lists and overviews of the admin API answer over a large ledger, on either database.
//!
//! `cargo xtask bench-admin -- --requests 1000000 --database sqlite:///tmp/bench.db`, or with the URL of an empty
//! PostgreSQL database. A database that holds requests already is measured as it is. The program fails when the 95th
//! percentile of any path is above `--bound-ms`.

mod client;
mod endpoints;
mod entry;
mod measure;
mod process;
mod stage;
mod traffic;
mod world;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use measure::{Times, millis};
use stage::Stage;
use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
struct Args {
    requests: u32,
    days: u32,
    samples: usize,
    bound: Duration,
    only: Option<String>,
    database: String,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let args = Args::read()?;
    let world = World::new();
    let stage = Stage::set(&args.database, &world).await?;
    if stage.is_empty().await? {
        let begun = Instant::now();
        world.store(&stage.store, stage.now).await?;
        traffic::fill(&stage, &world, (args.requests, args.days), &|done| {
            say(&format!(
                "{done} of {} requests after {:.0?}",
                args.requests,
                begun.elapsed()
            ))
        })
        .await?;
        say(&format!("filled in {:.0?}", begun.elapsed()))?;
    }
    say(&format!("load before: {}", load()))?;
    say("| path | p50 ms | p95 ms | max ms | bytes | |")?;
    say("|---|--:|--:|--:|--:|---|")?;
    let (mut slow, mut measured) = (0, 0);
    for (name, path) in endpoints::all(&stage, &world).await? {
        if args
            .only
            .as_ref()
            .is_some_and(|only| !name.contains(only.as_str()))
        {
            continue;
        }
        let times = Times::of(&stage, &path, args.samples).await?;
        let is_slow = times.at(95) > args.bound;
        slow += usize::from(is_slow);
        measured += 1;
        say(&format!(
            "| `{name}` | {} | {} | {} | {} | {} |",
            millis(times.at(50)),
            millis(times.at(95)),
            millis(times.at(100)),
            times.bytes,
            if is_slow { "above the bound" } else { "" }
        ))?;
    }
    say(&format!("load after: {}", load()))?;
    say(&format!(
        "{slow} of {measured} above {} ms at the 95th percentile of {} requests each",
        args.bound.as_millis(),
        args.samples
    ))?;
    Ok(if slow == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Args {
    fn read() -> Result<Self, Failure> {
        let mut args = Self {
            requests: 1_000_000,
            days: 90,
            samples: 60,
            bound: Duration::from_millis(50),
            only: None,
            database: "sqlite:///tmp/tollgate-bench-admin.db".to_owned(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--requests" => args.requests = value.parse()?,
                "--days" => args.days = value.parse()?,
                "--samples" => args.samples = value.parse::<usize>()?.max(1),
                "--bound-ms" => args.bound = Duration::from_millis(value.parse()?),
                "--only" => args.only = Some(value),
                "--database" => args.database = value,
                other => return Err(format!("{other} is not known").into()),
            }
        }
        Ok(args)
    }
}

/// What else the machine does, where it tells: a figure above its number of cores means that answers wait.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first: Vec<&str> = text.split(' ').take(3).collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{} on {cores} cores", first.join(" "))
}

fn say(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
