//! Child processes, each in a process group of its own, so that an interrupted task leaves nothing running: killing
//! cargo alone would leave the test binary it started.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{interrupt, out};

static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How long a group may take to clean up after SIGTERM before it gets SIGKILL.
const GRACE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// A child that is ended, with all it started, when this value goes out of scope.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    reaped: bool,
}

/// Starts `command` in its own process group.
pub(crate) fn spawn(command: &mut Command) -> anyhow::Result<Running> {
    // Held while starting: an interrupt in between would not know the child.
    let mut running = registry();
    let child = command
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    running.push(child.id());
    Ok(Running { child, reaped: false })
}

/// Shows `command`, runs it and fails unless it ends with exit code 0. Its environment is never shown.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    out::line(format_args!("$ {shown}"))?;
    let status = spawn(command.stdin(Stdio::null()))?.wait()?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs `command` quietly and returns what it wrote to standard output.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!(
            "`{shown}` failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` wrote something that is not UTF-8"))
}

/// Ends every group still running: SIGTERM, a grace period, SIGKILL.
pub(crate) fn end_all() {
    let groups: Vec<u32> = registry().clone();
    end(&groups);
}

impl Running {
    /// The child itself, for its pipes.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until the child ends by itself.
    pub(crate) fn wait(mut self) -> anyhow::Result<ExitStatus> {
        let status = self.child.wait().context("cannot wait for a child process")?;
        self.reaped = true;
        interrupt::hold_if_begun();
        Ok(status)
    }

    /// Waits up to `limit` for the child to end by itself; whether it did.
    pub(crate) fn ended_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            match self.child.try_wait() {
                Ok(Some(_)) => {
                    self.reaped = true;
                    return true;
                }
                Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
                _ => return false,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = self.child.id();
        if !self.reaped {
            signal("TERM", group);
            if !self.ended_within(GRACE) {
                signal("KILL", group);
                self.child.wait().ok();
            }
        }
        registry().retain(|known| *known != group);
    }
}

fn end(groups: &[u32]) {
    for group in groups {
        signal("TERM", *group);
    }
    let deadline = Instant::now() + GRACE;
    while groups.iter().any(|group| signal("0", *group)) {
        if Instant::now() >= deadline {
            for group in groups {
                signal("KILL", *group);
            }
            return;
        }
        std::thread::sleep(POLL);
    }
}

/// Sends a signal to a process group; whether anything was there to receive it. Through the shell's built-in, which
/// needs neither unsafe code nor procps.
fn signal(name: &str, group: u32) -> bool {
    Command::new("sh")
        .args(["-c", "kill -s \"$1\" -- \"-$2\"", "sh", name, &group.to_string()])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn registry() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy();
    let arguments = command.get_args().map(|a| a.to_string_lossy());
    std::iter::once(name)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_a_running_child_ends_what_it_started_too() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600"]);
        let running = spawn(&mut command).unwrap();
        let group = running.child.id();
        assert!(signal("0", group));
        drop(running);
        let deadline = Instant::now() + GRACE;
        while signal("0", group) {
            assert!(Instant::now() < deadline, "the grandchild is still there");
            std::thread::sleep(POLL);
        }
        assert!(!registry().contains(&group));
    }

    #[test]
    fn a_failing_command_is_named_with_its_standard_error() {
        let error = capture(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("sh -c") && error.contains("broken"), "{error}");
    }

    #[test]
    fn the_environment_is_not_shown() {
        let mut command = Command::new("/usr/bin/env");
        command.arg("true").env("DATABASE_URL", "postgres://secret");
        assert_eq!(shown(&command), "env true");
    }
}
