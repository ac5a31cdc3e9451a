//! CPU time of a process.

use std::time::Duration;

use anyhow::{Context, Result};

/// Clock ticks in a second as `/proc` counts them; a constant of the kernel's interface (`USER_HZ`).
const TICKS_PER_SECOND: u64 = 100;

/// User and system time that a process and its ended threads have used; exact to 10 ms.
///
/// # Source
/// proc(5), `/proc/PID/stat`, fields 14 and 15.
pub(crate) fn used(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    ticks(&stat)
        .map(|ticks| Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
        .with_context(|| format!("{path} has no CPU times: {stat}"))
}

fn ticks(stat: &str) -> Option<u64> {
    // The second field is the program's name in parentheses, which may hold anything.
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}
