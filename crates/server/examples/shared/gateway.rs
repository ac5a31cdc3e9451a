//! A gateway process on a data directory of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const BINARY_VARIABLE: &str = "TOLLGATE_GATEWAY_BIN";
const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(40);

/// A running gateway; killed when dropped.
pub(crate) struct Gateway {
    child: Child,
    base_url: String,
    admin_token: String,
    /// Keeps the pipe open: a program whose output nobody reads would stop.
    _stdout: Lines<BufReader<ChildStdout>>,
}

/// The binary: the one given, that of the environment, or the one built beside this program.
pub(crate) fn binary(given: Option<PathBuf>) -> Result<PathBuf> {
    let of_environment = || std::env::var_os(BINARY_VARIABLE).map(PathBuf::from);
    let beside = || {
        let own = std::env::current_exe().ok()?;
        Some(own.parent()?.parent()?.join("gateway"))
    };
    let path = given
        .or_else(of_environment)
        .or_else(beside)
        .context("this program has no path")?;
    let path = path.canonicalize().with_context(|| {
        format!(
            "there is no gateway at {}; name it with --gateway PATH",
            path.display()
        )
    })?;
    Ok(path)
}

impl Gateway {
    /// Starts it on an embedded database in `directory` and waits until it says where it listens.
    pub(crate) async fn start(binary: &Path, directory: &Path) -> Result<Self> {
        // HTTP clients are built with TLS, although they speak to this machine only.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut command = Command::new(binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TOLLGATE_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        let data = directory.join("data");
        command
            // Not where a configuration file of the caller's could lie.
            .current_dir(directory)
            .env("TOLLGATE_DATA_DIR", &data)
            .env("TOLLGATE_LISTEN", "127.0.0.1:0")
            .env("TOLLGATE_LOG", "warn")
            .env("TOLLGATE_PRICES__SYNC__ENABLED", "false")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdout = child
            .stdout
            .take()
            .context("the gateway has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let base_url = tokio::time::timeout(START_LIMIT, address(&mut lines))
            .await
            .context("the gateway does not listen after a minute")??;
        let token_file = data.join("admin-token");
        let admin_token = tokio::fs::read_to_string(&token_file)
            .await
            .with_context(|| format!("cannot read {}", token_file.display()))?;
        Ok(Self {
            child,
            base_url,
            admin_token: admin_token.trim().to_owned(),
            _stdout: lines,
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The token it made at its first start.
    pub(crate) fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Its process id; `None` once it has ended.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// SIGTERM, and waits for its orderly end.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.pid().context("the gateway ended by itself")?.to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await?;
        let status = tokio::time::timeout(STOP_LIMIT, self.child.wait())
            .await
            .context("the gateway does not stop")??;
        if !status.success() {
            bail!("the gateway ended with {status}");
        }
        Ok(())
    }
}

async fn address(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<String> {
    while let Some(line) = lines.next_line().await? {
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://127.0.0.1:"));
        if let Some(url) = url {
            return Ok(url.trim_end_matches(['/', ',', '.', ';']).to_owned());
        }
    }
    bail!("the gateway ended before it listened; its reasons are above")
}
