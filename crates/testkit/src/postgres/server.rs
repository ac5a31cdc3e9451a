//! The server process of a temporary cluster.

use std::fs;
use std::fs::File;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::TestkitError;

use super::account::{self, Account};
use super::{binaries, sweep};

/// How long the server may take to come up; a loaded machine recovering from a crash needs some.
const READY_WITHIN: Duration = Duration::from_mins(1);
const READY_CHECK: Duration = Duration::from_millis(10);
/// How often a port that someone else took meanwhile is replaced.
const PORT_ATTEMPTS: usize = 5;

/// A data directory with, most of the time, a server process.
///
/// The process is started from a thread of its own that lives as long as the server does, because the
/// kernel's "signal me when my parent dies" means the *thread* that forked, and a test's thread ends early.
#[derive(Debug)]
pub(super) struct Server {
    programs: PathBuf,
    account: Account,
    directory: PathBuf,
    port: u16,
    keeper: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Creates a cluster and starts it.
    pub(super) fn create() -> Result<Self, TestkitError> {
        let (programs, account) = (binaries::find()?, Account::find()?);
        let root = std::env::temp_dir();
        sweep::sweep(&root);
        let directory = sweep::new_directory(&root);
        fs::create_dir_all(&directory).map_err(|source| file("create", &directory, source))?;
        let mut server = Self {
            programs,
            account,
            directory,
            port: 0,
            keeper: None,
        };
        account.own(&server.directory)?;
        server.initialise()?;
        let mut attempts = 1;
        loop {
            server.port = free_port()?;
            match server.start() {
                Err(TestkitError::PostgresNotReady { log })
                    if attempts < PORT_ATTEMPTS && log.contains("Address already in use") =>
                {
                    attempts += 1;
                }
                started => return started.map(|()| server),
            }
        }
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Starts the process on the same port as before and returns when it accepts connections.
    pub(super) fn start(&mut self) -> Result<(), TestkitError> {
        if self.keeper.is_some() {
            return Ok(());
        }
        let log_path = self.directory.join("server.log");
        let log = File::create(&log_path).map_err(|source| file("create", &log_path, source))?;
        let mut command = self.command("postgres", true);
        command
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()])
            .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        // Readiness is read from this file, which a crashed server leaves behind.
        fs::remove_file(self.pid_file()).ok();
        let (report, started) = mpsc::sync_channel(1);
        let keeper =
            thread::Builder::new()
                .name("postgres".to_owned())
                .spawn(move || match command.spawn() {
                    Ok(mut child) => {
                        report.send(None).ok();
                        wait(&mut child);
                    }
                    Err(error) => {
                        report.send(Some(error.to_string())).ok();
                    }
                });
        let failed = |detail: String| TestkitError::Program {
            program: "postgres".to_owned(),
            detail,
        };
        self.keeper = Some(keeper.map_err(|error| failed(error.to_string()))?);
        if let Ok(Some(detail)) = started.recv() {
            self.keeper = None;
            return Err(failed(detail));
        }
        self.wait_until_ready(&log_path)
    }

    /// Kills the process as a power cut would and returns when it is gone.
    pub(super) fn stop(&mut self) -> Result<(), TestkitError> {
        let Some(keeper) = self.keeper.take() else {
            return Ok(());
        };
        let mut command = self.command("pg_ctl", false);
        command
            .arg("stop")
            .args(["-m", "immediate", "-D"])
            .arg(self.data());
        let stopped = account::run(command);
        // When there was nothing left to stop, the keeper has ended; when the stop failed for another
        // reason, waiting for it would never end.
        if stopped.is_ok() || keeper.is_finished() {
            keeper.join().ok();
            return Ok(());
        }
        stopped
    }

    fn initialise(&self) -> Result<(), TestkitError> {
        let mut command = self.command("initdb", false);
        command
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(self.data());
        account::run(command)
    }

    /// In the cluster's directory: the server's account may not be able to enter the current one.
    fn command(&self, program: &str, dies_with_parent: bool) -> Command {
        let mut command = self
            .account
            .command(&self.programs.join(program), dies_with_parent);
        command.current_dir(&self.directory);
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// The eighth line of the server's pid file says when it accepts connections.
    fn wait_until_ready(&mut self, log: &Path) -> Result<(), TestkitError> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let status = fs::read_to_string(self.pid_file()).unwrap_or_default();
            if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let ended = self.keeper.as_ref().is_none_or(thread::JoinHandle::is_finished);
            if ended || Instant::now() > deadline {
                if ended {
                    self.keeper = None;
                }
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(TestkitError::PostgresNotReady {
                    log: log.trim().to_owned(),
                });
            }
            thread::sleep(READY_CHECK);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be reported from here; what stays is swept by the next run.
        self.stop().ok();
        fs::remove_dir_all(&self.directory).ok();
    }
}

/// Durability is not what these tests measure, and everything stays on this machine.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=64MB",
    "log_min_messages=warning",
    "autovacuum_naptime=10s",
];

fn wait(child: &mut Child) {
    // Its exit status says nothing that the log does not.
    child.wait().ok();
}

fn free_port() -> Result<u16, TestkitError> {
    let bound = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let listen = |source| TestkitError::Listen {
        address: "127.0.0.1:0".to_owned(),
        source,
    };
    bound.map(|address| address.port()).map_err(listen)
}

fn file(action: &'static str, path: &Path, source: io::Error) -> TestkitError {
    TestkitError::File {
        action,
        path: path.to_owned(),
        source,
    }
}
