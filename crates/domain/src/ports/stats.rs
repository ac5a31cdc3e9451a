//! Statistics over rollups.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::StoreError;
use crate::{Histogram, KeyId, RollupExtras, RollupValues, Timestamp, UpstreamId};

/// What statistics are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatsBy {
    /// The upstream that answered last.
    Upstream,
    /// The key.
    Key,
    /// The key's team then.
    Team,
    /// The model served, else sent, else requested.
    Model,
}

/// Which buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsFilter {
    /// Buckets that begin at or after.
    pub from: Timestamp,
    /// Buckets that begin before.
    pub until: Timestamp,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Of this team.
    pub team: Option<String>,
    /// Of this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// Of this model.
    pub model: Option<String>,
}

/// Statistics of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatsGroup {
    /// What the group is of, as text: an id, a team or a model. Empty where a request had none.
    pub of: String,
    /// Its name as it is now, where it is an id of something that has one.
    pub name: Option<String>,
    /// Finished requests by the origin of their error (empty: none) and the class of their status (4 for 4xx).
    pub requests: BTreeMap<(String, u8), u64>,
    /// Sums over attempts.
    pub values: RollupValues,
    /// Further sums over attempts.
    pub extras: RollupExtras,
    /// Latencies of attempts.
    pub histogram: Histogram,
}

/// Statistics of the busiest groups, and of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// The groups: the most attempts first, then the most requests, then by what they are of.
    pub groups: Vec<StatsGroup>,
    /// Over all groups.
    pub total: StatsGroup,
    /// How many groups there are.
    pub members: usize,
}

/// Statistics.
#[async_trait]
pub trait StatsStore: Send + Sync {
    /// The statistics of at most `limit` groups, and of all. From rollups only: neither the logs nor the ledger are touched.
    async fn stats(&self, filter: StatsFilter, by: StatsBy, limit: u16) -> Result<Stats, StoreError>;
}

impl StatsBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Upstream, Self::Key, Self::Team, Self::Model];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Key => "key",
            Self::Team => "team",
            Self::Model => "model",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == name)
    }
}

impl StatsGroup {
    /// How many finished requests.
    pub fn request_count(&self) -> u64 {
        self.requests.values().sum()
    }
}
