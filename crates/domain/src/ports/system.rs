//! What a running gateway says of itself.

use async_trait::async_trait;

use super::{JournalState, StoreError};
use crate::Timestamp;

/// What was built, and since when it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildInfo {
    /// The version of the package.
    pub version: &'static str,
    /// The commit it was built from, where that was known.
    pub commit: Option<&'static str>,
    /// The compiler, where that was known.
    pub rustc: Option<&'static str>,
    /// The target it was built for.
    pub target: &'static str,
    /// `debug` or `release`.
    pub profile: &'static str,
    /// What is built in beyond the plain gateway.
    pub features: Vec<&'static str>,
    /// When this process started.
    pub started_at: Timestamp,
}

/// The database a gateway works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaInfo {
    /// `postgresql` or `sqlite`.
    pub database: &'static str,
    /// The server's or the library's own version.
    pub database_version: String,
    /// The last migration that was applied, by name.
    pub schema_version: Option<String>,
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingSource {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File {
        /// Its path.
        path: String,
    },
    /// The environment.
    Environment {
        /// The variable's name.
        variable: String,
    },
}

/// One setting of the effective configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its key, `section.name`.
    pub key: String,
    /// Its value as JSON; `None` where it has none. Secrets are masked.
    pub value: Option<serde_json::Value>,
    /// Whether something of the value is not shown.
    pub masked: bool,
    /// Where it comes from.
    pub source: SettingSource,
}

/// The journal in detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalDetail {
    /// The short view of it.
    pub state: JournalState,
    /// Segment files, the one being written included.
    pub segments: u64,
    /// Bytes it may use.
    pub disk_budget_bytes: u64,
    /// Whether the reserve for gap notes is allocated and untouched.
    pub reserve_held: bool,
    /// Bytes handed over and not with the operating system yet.
    pub queued_bytes: u64,
    /// How long the write under way has taken so far, in microseconds; 0 between writes.
    pub writing_for_us: u64,
    /// Place of the last record.
    pub last_position: u64,
    /// Everything up to here is on disk.
    pub durable_position: u64,
    /// Everything up to here is in the database.
    pub committed_position: u64,
    /// Dispatch of the oldest attempt whose entry is not in the database yet, where some wait.
    pub oldest_pending_at: Option<Timestamp>,
    /// When the disk last confirmed a sync; `None` before the first one of this process.
    pub last_sync_at: Option<Timestamp>,
    /// Syncs of this process.
    pub syncs: u64,
    /// Syncs the disk refused.
    pub sync_failures: u64,
    /// Appends refused for lack of room.
    pub refused: u64,
    /// What an answer's last frame waits for: `process` or `strict`.
    pub durability: &'static str,
    /// What happens when the budget is used up: `refuse` or `serve`.
    pub when_full: &'static str,
    /// How long committed records are kept, in hours.
    pub retention_hours: u64,
}

/// The running process.
#[async_trait]
pub trait System: Send + Sync {
    /// What was built.
    fn build(&self) -> BuildInfo;

    /// The effective configuration, secrets masked.
    fn settings(&self) -> Vec<Setting>;

    /// The journal.
    async fn journal_detail(&self) -> JournalDetail;
}

/// What the database says of itself.
#[async_trait]
pub trait SystemStore: Send + Sync {
    /// Which database, and which schema.
    async fn schema_info(&self) -> Result<SchemaInfo, StoreError>;
}
