//! What single keys and upstreams did: when they were last used, and their sums.

use std::collections::HashMap;

use async_trait::async_trait;

use super::StoreError;
use crate::{KeyId, RollupValues, Timestamp, UpstreamId};

/// The ranges that sums are asked for, each from its first instant to the first one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivitySpan {
    /// The current day.
    pub today: (Timestamp, Timestamp),
    /// The current month.
    pub month: (Timestamp, Timestamp),
}

/// What one of them did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Activity {
    /// The admission of its last request that is in the database.
    pub last_used_at: Option<Timestamp>,
    /// Today.
    pub today: RollupValues,
    /// This month.
    pub month: RollupValues,
}

/// Activity of keys and upstreams. Read from request logs by index and from rollups; nothing is written for it.
#[async_trait]
pub trait ActivityStore: Send + Sync {
    /// Of these keys; one that never did anything may be missing.
    async fn key_activity(
        &self,
        keys: &[KeyId],
        span: ActivitySpan,
    ) -> Result<HashMap<KeyId, Activity>, StoreError>;

    /// Of these upstreams; one that never did anything may be missing.
    async fn upstream_activity(
        &self,
        upstreams: &[UpstreamId],
        span: ActivitySpan,
    ) -> Result<HashMap<UpstreamId, Activity>, StoreError>;
}
