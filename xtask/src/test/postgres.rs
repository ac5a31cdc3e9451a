//! A PostgreSQL for one run: the testkit's `test-postgres`, which lives until its standard input closes. It thus ends
//! even when this program is killed outright.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    cargo, out,
    process::{self, Running},
};

/// How long it may take to stop and remove its directory by itself.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// The running cluster; stopped and removed when this value goes out of scope.
#[derive(Debug)]
pub(crate) struct TestPostgres {
    server: Running,
    url: String,
}

impl TestPostgres {
    /// Starts the cluster and waits until it says where it listens.
    pub(crate) fn start(root: &Path) -> anyhow::Result<Self> {
        let program = cargo::built(root, "debug", "test-postgres")?;
        let mut server = process::spawn(
            Command::new(program)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .current_dir(root),
        )?;
        let stdout = server
            .child()
            .stdout
            .take()
            .context("test-postgres has no standard output")?;
        let mut url = String::new();
        BufReader::new(stdout)
            .read_line(&mut url)
            .context("cannot read what test-postgres says")?;
        let url = url.trim().to_owned();
        ensure!(
            url.starts_with("postgres"),
            "test-postgres did not start; it said `{url}`"
        );
        out::line(&url)?;
        Ok(Self { server, url })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        drop(self.server.child().stdin.take());
        self.server.ended_within(STOP_LIMIT);
    }
}
