//! How fast the lists and overviews of the admin API answer over a large ledger, on either database.
//!
//! `cargo xtask bench-admin -- --requests 1000000 --database sqlite:///tmp/bench.db`, or with the URL of an empty
//! PostgreSQL database. A database that holds requests already is measured as it is. The program fails when the 95th
//! percentile of any path is above `--bound-ms`.
//!
//! What writing costs is told by the filling: `--seconds 60 --requests 60000 --batch 20 --samples 0` writes a busy
//! minute, 20 requests a transaction, and measures nothing after it.

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

use chrono::TimeDelta;
use measure::{Times, millis};
use stage::Stage;
use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
struct Args {
    requests: u32,
    span: TimeDelta,
    batch: u32,
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
        world.store(&stage.store, stage.now).await?;
        let (begun, cpu) = (Instant::now(), cpu_time());
        traffic::fill(&stage, &world, (args.requests, args.span, args.batch), &|done| {
            say(&format!(
                "{done} of {} requests after {:.0?}",
                args.requests,
                begun.elapsed()
            ))
        })
        .await?;
        say(&format!("filled in {:.0?}", begun.elapsed()))?;
        if let Some(spent) = cpu_time()
            .zip(cpu)
            .map(|(after, before)| after.saturating_sub(before))
        {
            let each = spent / args.requests.max(1);
            say(&format!(
                "{} µs of this process's CPU time a request",
                each.as_micros()
            ))?;
        }
    }
    if args.samples == 0 {
        return Ok(ExitCode::SUCCESS);
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
            span: TimeDelta::days(90),
            batch: 100,
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
                "--days" => args.span = TimeDelta::days(value.parse()?),
                "--seconds" => args.span = TimeDelta::seconds(value.parse()?),
                "--batch" => args.batch = value.parse::<u32>()?.max(1),
                "--samples" => args.samples = value.parse()?,
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

/// Of this process, all threads; `None` where the system does not tell.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    // The fields after the name begin with the third; user and system time are the 14th and 15th, in hundredths.
    let mut ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some(Duration::from_millis((user + system) * 10))
}

fn say(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
