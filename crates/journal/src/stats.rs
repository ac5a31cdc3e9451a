use std::collections::BTreeMap;
use std::time::Duration;

use crate::mark::Mark;
use crate::record::Lane;

/// A journal's figures at one moment, since it was opened where they count events.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Bytes of all segments and, while it is held, the reserve.
    pub disk_bytes: u64,
    /// The configured limit for `disk_bytes`.
    pub disk_budget_bytes: u64,
    /// Bytes handed over for appending and not with the operating system yet.
    pub queued_bytes: u64,
    /// How long the write under way has taken so far: more than a moment is a disk that stalls. Zero between writes.
    pub writing_for: Duration,
    /// Segment files, the one being written included.
    pub segments: u64,
    /// Position of the last appended record; 0 if there never was one.
    pub last_position: u64,
    /// Everything up to here is synced (or its sync failed, see `sync_failures`).
    pub durable_position: u64,
    /// The last mark.
    pub mark: Mark,
    /// Records appended since the journal was opened.
    pub appended: u64,
    /// Group syncs since the journal was opened.
    pub syncs: u64,
    /// How long ago the disk last confirmed a sync; `None` before the first one since the journal was opened.
    pub since_sync: Option<Duration>,
    /// Group syncs the disk refused.
    pub sync_failures: u64,
    /// Appends refused for lack of room.
    pub refused: u64,
    /// The last append was refused for lack of room.
    pub full: bool,
    /// The reserve is allocated and untouched.
    pub reserve_held: bool,
    /// Segments removed before their retention was over because the disk budget ran short.
    pub removed_early: u64,
    /// Last sequence number of every lane used so far.
    pub lanes: BTreeMap<Lane, u64>,
}
