//! What an append costs: CPU time of the whole process per record, and how long whoever appends waits for it.
//!
//! `cargo run --release -p tollgate-journal --example append_cost [DIR]` writes into DIR (a temporary directory
//! without it). `inline` is the same write(2) under a lock on the caller's thread, for comparison: it takes the least
//! CPU time where nobody competes for the lock, and puts no bound on anything.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tollgate_journal::{Journal, JournalConfig, Lane, Room};

/// About a settled entry.
const PAYLOAD: [u8; 1_200] = [b'x'; 1_200];
const RECORDS: usize = 100_000;

/// Something records can be written to.
trait Log: Clone + Send + 'static {
    fn append(&self) -> impl Future<Output = ()> + Send;
}

#[derive(Clone)]
struct Inline(Arc<Mutex<File>>);

#[derive(Clone)]
struct Journaled(Journal);

impl Log for Inline {
    async fn append(&self) {
        let mut record = Vec::with_capacity(PAYLOAD.len() + 33);
        record.extend_from_slice(&[0; 33]);
        record.extend_from_slice(&PAYLOAD);
        std::hint::black_box(checksum(&record));
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&record).ok();
    }
}

impl Log for Journaled {
    async fn append(&self) {
        let (tell, written) = oneshot::channel();
        self.0.submit(Room::Budget, Lane(1), &PAYLOAD, move |result| {
            tell.send(result.is_ok()).ok();
        });
        written.await.ok();
    }
}

/// As much work as the journal's.
fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = std::env::args_os().nth(1).map(PathBuf::from);
    let temporary = std::env::temp_dir().join(format!("append-cost-{}", std::process::id()));
    let dir = given.unwrap_or_else(|| temporary.clone());
    std::fs::create_dir_all(&dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(measure(&dir));
    std::fs::remove_dir_all(&temporary).ok();
    outcome
}

async fn measure(dir: &Path) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    writeln!(out, "tasks  log      CPU/record  p50        p99        records/s")?;
    for tasks in [1, 8, 64, 256] {
        let file = File::create(dir.join("inline"))?;
        row(&mut out, "inline ", tasks, Inline(Arc::new(Mutex::new(file)))).await?;
        let config = JournalConfig::new(dir.join(format!("journal-{tasks}")));
        let journal = Journal::open(config, [7; 16]).await?.journal;
        row(&mut out, "journal", tasks, Journaled(journal.clone())).await?;
        journal.close().await?;
    }
    Ok(())
}

async fn row(out: &mut impl Write, name: &str, tasks: usize, log: impl Log) -> Result<(), Box<dyn Error>> {
    let (cpu, began) = (cpu_time()?, Instant::now());
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let log = log.clone();
        running.spawn(async move {
            let mut waits = Vec::with_capacity(RECORDS / tasks);
            for _ in 0..RECORDS / tasks {
                let began = Instant::now();
                log.append().await;
                waits.push(began.elapsed());
                // What a request does in between lets others run.
                tokio::task::yield_now().await;
            }
            waits
        });
    }
    let mut waits: Vec<Duration> = running.join_all().await.concat();
    let (cpu, elapsed) = (cpu_time()?.saturating_sub(cpu), began.elapsed());
    waits.sort_unstable();
    let count = u32::try_from(waits.len())?;
    let quantile = |percent: usize| {
        waits
            .get(waits.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    let rate = u128::from(count) * 1_000_000 / elapsed.as_micros().max(1);
    writeln!(
        out,
        "{tasks:5}  {name}  {:>10}  {:>9}  {:>9}  {rate}",
        format!("{:?}", cpu / count),
        format!("{:?}", quantile(50)),
        format!("{:?}", quantile(99)),
    )?;
    Ok(())
}

/// User and system time of this process so far.
///
/// # Source
/// proc(5), `/proc/self/schedstat` of every thread: nanoseconds on a CPU.
fn cpu_time() -> Result<Duration, Box<dyn Error>> {
    let mut nanos = 0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        nanos += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}
