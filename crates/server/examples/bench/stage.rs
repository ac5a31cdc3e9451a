//! The simulated provider in this process, the gateway in its own.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;
use tollgate_testkit::Simulator;

use crate::admin::Admin;
use crate::cpu;
use crate::gateway::Gateway;

const PATIENCE: usize = 3_000;
const PAUSE: Duration = Duration::from_millis(20);

/// Everything that runs.
pub(crate) struct Stage {
    pub(crate) provider: Simulator,
    pub(crate) key: String,
    gateway: Gateway,
    admin: Admin,
    directory: TempDir,
}

#[derive(Debug, Deserialize)]
struct Overview {
    month: Month,
    journal: Journal,
}

#[derive(Debug, Deserialize)]
struct Month {
    billed: u64,
}

#[derive(Debug, Deserialize)]
struct Journal {
    pending_entries: u64,
    open_attempts: u64,
}

impl Stage {
    /// Starts everything.
    pub(crate) async fn set(binary: &Path) -> Result<Self> {
        let provider = Simulator::start().await?;
        let directory = tempfile::Builder::new().prefix("tollgate-bench-").tempdir()?;
        let gateway = Gateway::start(binary, directory.path()).await?;
        let admin = Admin::new(gateway.base_url(), gateway.admin_token())?;
        let upstream = json!({
            "name": "openai", "provider": "openai", "protocols": ["openai_chat"],
            "base_url": provider.base_url(), "credential": provider.credential(),
        });
        admin.create("/upstreams", &upstream).await?;
        let key = admin.create_key(&json!({"name": "bench"})).await?;
        Ok(Self {
            provider,
            key,
            gateway,
            admin,
            directory,
        })
    }

    /// Where the gateway listens.
    pub(crate) fn gateway_url(&self) -> &str {
        self.gateway.base_url()
    }

    /// The gateway's CPU time so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu::used(self.gateway.pid().context("the gateway has ended")?)
    }

    /// Returns once everything settled is in the database: recording it is part of a request's work.
    pub(crate) async fn caught_up(&self) -> Result<()> {
        for _ in 0..PATIENCE {
            let journal = self.overview().await?.journal;
            if journal.pending_entries == 0 && journal.open_attempts == 0 {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("the ledger is still behind after a minute")
    }

    /// Attempts the ledger has billed this month.
    pub(crate) async fn billed(&self) -> Result<u64> {
        Ok(self.overview().await?.month.billed)
    }

    /// Stops everything in order.
    pub(crate) async fn clear(self) -> Result<()> {
        self.gateway.stop().await?;
        self.provider.shutdown().await;
        self.directory.close()?;
        Ok(())
    }

    async fn overview(&self) -> Result<Overview> {
        self.admin.get("/billing/overview").await
    }
}
