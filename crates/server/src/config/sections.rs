//! The settings as written.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tollgate_domain::OnUnpriced;

use super::access::AccessSection;
use super::prices::PricesSection;

/// All settings. Every key is optional in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where clients connect.
    pub(crate) listen: String,
    /// Where the admin API and console listen; with the clients if not given.
    pub(crate) admin_listen: Option<String>,
    /// The journal, the embedded database, generated secrets.
    pub(crate) data_dir: PathBuf,
    /// `postgres://…`, or a SQLite file; the data directory's `tollgate.sqlite` if not given.
    pub(crate) database_url: Option<String>,
    /// Connections to the database.
    pub(crate) database_connections: usize,
    /// IANA zone that rules today, month and accounting periods.
    pub(crate) accounting_zone: String,
    /// How long a stop waits for what is in flight.
    pub(crate) shutdown_grace_seconds: u64,
    /// How logs are written.
    pub(crate) log_format: LogFormat,
    /// The journal.
    pub(crate) journal: JournalSection,
    /// The proxy.
    pub(crate) proxy: ProxySection,
    /// What is billed, and how.
    pub(crate) billing: BillingSection,
    /// Prices.
    pub(crate) prices: PricesSection,
    /// Request logs.
    pub(crate) logs: LogsSection,
    /// Who comes in to the admin API and the console.
    pub(crate) access: AccessSection,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogsSection {
    /// How long request logs are kept; for ever if not given. The ledger always is.
    pub(crate) retention_days: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BillingSection {
    /// `serve` or `refuse`: what happens to requests that nothing prices, where neither key nor upstream says.
    pub(crate) on_unpriced: OnUnpriced,
    /// Whether usage that an answer does not tell is estimated.
    pub(crate) estimate_missing_usage: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct JournalSection {
    /// `process`: an answer's last frame waits until the entry is with the operating system; `strict`: until it
    /// is on disk.
    pub(crate) durability: DurabilityMode,
    /// With `strict`, at most this long.
    pub(crate) max_wait_ms: u64,
    /// Disk the journal may use.
    pub(crate) disk_budget_mb: u64,
    /// What happens when that is used up while the database is away.
    pub(crate) when_full: WhenFull,
    /// How long committed records are kept.
    pub(crate) retention_hours: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ProxySection {
    /// Largest request body.
    pub(crate) max_request_mb: u64,
    /// Time to open a connection to an upstream.
    pub(crate) connect_timeout_ms: u64,
    /// Time until an upstream's response headers.
    pub(crate) response_timeout_seconds: u64,
    /// Longest silence within a response.
    pub(crate) idle_timeout_seconds: u64,
    /// What happens to an upstream's answer when the caller goes away.
    pub(crate) client_gone: ClientGone,
    /// With `drain`, read on for at most this long.
    pub(crate) drain_seconds: u64,
    /// With `drain`, read on for at most this much.
    pub(crate) drain_mb: u64,
    /// Beginnings of paths that are carried although nothing is known of what they cost.
    pub(crate) unmetered_paths: Vec<String>,
    /// What may be used later than it is asked for.
    pub(crate) deferred: Vec<DeferredUse>,
    /// The pause before the gateway itself looks at what was made; each further one is twice as long.
    pub(crate) deferred_poll_seconds: u64,
    /// The longest pause.
    pub(crate) deferred_poll_max_seconds: u64,
    /// When it gives up waiting for an end.
    pub(crate) deferred_expiry_hours: u64,
    /// Which keys of the `x-tollgate-metadata` header are kept on ledger entries.
    pub(crate) metadata_keys: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeferredUse {
    BackgroundResponses,
    Batches,
    Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DurabilityMode {
    Process,
    Strict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenFull {
    Refuse,
    Serve,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientGone {
    Drain,
    Cancel,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8787".to_owned(),
            admin_listen: None,
            data_dir: PathBuf::from("data"),
            database_url: None,
            database_connections: 8,
            accounting_zone: "UTC".to_owned(),
            shutdown_grace_seconds: 30,
            log_format: LogFormat::Text,
            journal: JournalSection::default(),
            proxy: ProxySection::default(),
            billing: BillingSection::default(),
            prices: PricesSection::default(),
            logs: LogsSection::default(),
            access: AccessSection::default(),
        }
    }
}

impl Default for JournalSection {
    fn default() -> Self {
        Self {
            durability: DurabilityMode::Process,
            max_wait_ms: 50,
            disk_budget_mb: 8_192,
            when_full: WhenFull::Refuse,
            retention_hours: 24,
        }
    }
}

impl Default for ProxySection {
    fn default() -> Self {
        Self {
            max_request_mb: 64,
            connect_timeout_ms: 5_000,
            response_timeout_seconds: 600,
            idle_timeout_seconds: 300,
            client_gone: ClientGone::Drain,
            drain_seconds: 120,
            drain_mb: 64,
            unmetered_paths: Vec::new(),
            deferred: Vec::new(),
            deferred_poll_seconds: 15,
            deferred_poll_max_seconds: 600,
            deferred_expiry_hours: 72,
            metadata_keys: Vec::new(),
        }
    }
}
