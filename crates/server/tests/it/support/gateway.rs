//! A running gateway process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A key for tests, base64 of 32 bytes.
pub(crate) const SECRET_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const ADMIN_TOKEN: &str = "tga-token-for-tests-only";

/// How a gateway is started.
pub(crate) struct GatewayBuilder {
    command: Command,
}

/// A gateway process; killed when dropped.
pub(crate) struct Gateway {
    child: Child,
    base_url: String,
    admin_url: String,
    /// Keeps the pipe open: a gateway whose output nobody reads must not stop.
    _stdout: Lines<BufReader<ChildStdout>>,
}

/// The binary under test.
pub(crate) fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_gateway"))
}

impl GatewayBuilder {
    /// A gateway on this data directory and database, on a free port.
    pub(crate) fn new(data_dir: &Path, database_url: &str) -> Self {
        // The tests' HTTP clients are built with TLS, although they speak to this machine only.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut command = Command::new(binary());
        command
            .current_dir(data_dir)
            .env("TOLLGATE_DATA_DIR", data_dir)
            .env("TOLLGATE_LISTEN", "127.0.0.1:0")
            .env("TOLLGATE_SECRET_KEY", SECRET_KEY)
            .env("TOLLGATE_ADMIN_TOKEN", ADMIN_TOKEN)
            .env("DATABASE_URL", database_url)
            .env("TOLLGATE_PRICES__SYNC__ENABLED", "false")
            .env(
                "TOLLGATE_LOG",
                std::env::var("TOLLGATE_LOG").unwrap_or_else(|_| "warn".to_owned()),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        Self { command }
    }

    /// One more setting.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// One setting less.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Starts it and waits until it says where it listens.
    pub(crate) async fn start(mut self) -> Gateway {
        let mut child = self.command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                let words = line
                    .split_whitespace()
                    .filter(|word| word.starts_with("http://127.0.0.1:"));
                let urls: Vec<_> = words
                    .map(|word| word.trim_end_matches(['/', ',', ';']).to_owned())
                    .collect();
                if let [clients, admin] = urls.as_slice() {
                    return (clients.clone(), admin.clone());
                }
            }
            panic!("the gateway ended before it listened; its errors are above");
        };
        let (base_url, admin_url) = tokio::time::timeout(Duration::from_mins(1), greeting)
            .await
            .unwrap();
        Gateway {
            child,
            base_url,
            admin_url,
            _stdout: lines,
        }
    }
}

impl Gateway {
    /// `http://127.0.0.1:port`.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the admin API is; the same unless it has a listener of its own.
    pub(crate) fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// SIGKILL, and wait until it is gone.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, and wait for its orderly end.
    pub(crate) async fn stop(&mut self) {
        let pid = self.child.id().unwrap().to_string();
        let signalled = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(signalled.success());
        let ended = tokio::time::timeout(Duration::from_mins(1), self.child.wait())
            .await
            .unwrap()
            .unwrap();
        assert!(ended.success(), "the gateway ended with {ended}");
    }
}
