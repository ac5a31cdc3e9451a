use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::disk::{Disk, SystemDisk};
use crate::error::JournalError;

/// Smallest accepted segment: below it the headers would outweigh the records.
const MIN_SEGMENT_BYTES: u64 = 1024;

/// Where a journal lives and how much room it may take.
#[derive(Clone, Debug)]
pub struct JournalConfig {
    /// Directory the journal owns; created if missing. Nothing else may be kept in it.
    pub dir: PathBuf,
    /// Size in bytes at which a new segment file is begun; at least 1024. Default 64 MiB.
    pub segment_bytes: u64,
    /// Most bytes all files together may take, the reserve included; at least two segments and the reserve.
    /// Default 8 GiB.
    pub disk_budget_bytes: u64,
    /// Bytes kept allocated for [`Room::Reserve`](crate::Room::Reserve). Default 1 MiB.
    pub reserve_bytes: u64,
    /// How long a segment is kept after everything in it was committed downstream, as long as the disk budget
    /// leaves room for it. Default 24 hours.
    pub retention: Duration,
    /// How long records nobody waits for may go unsynced; a wait on a ticket syncs at once. Default 10 ms.
    pub sync_interval: Duration,
    /// How bytes are written; the operating system's way but in tests.
    pub disk: Arc<dyn Disk>,
}

impl JournalConfig {
    /// The defaults, in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            segment_bytes: 64 << 20,
            disk_budget_bytes: 8 << 30,
            reserve_bytes: 1 << 20,
            retention: Duration::from_hours(24),
            sync_interval: Duration::from_millis(10),
            disk: Arc::new(SystemDisk),
        }
    }

    pub(crate) fn check(&self) -> Result<(), JournalError> {
        if self.segment_bytes < MIN_SEGMENT_BYTES {
            return Err(JournalError::Config {
                field: "segment_bytes",
                problem: format!("is {}, must be at least {MIN_SEGMENT_BYTES}", self.segment_bytes),
            });
        }
        let least = self
            .segment_bytes
            .saturating_mul(2)
            .saturating_add(self.reserve_bytes);
        if self.disk_budget_bytes < least {
            return Err(JournalError::Config {
                field: "disk_budget_bytes",
                problem: format!(
                    "is {}, must be at least {least} (two segments and the reserve)",
                    self.disk_budget_bytes
                ),
            });
        }
        Ok(())
    }
}
