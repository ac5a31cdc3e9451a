//! Sums over time, from what the writer has added up.

use async_trait::async_trait;

use super::StoreError;
use crate::{AccountingZone, KeyId, ProviderName, RollupValues, Timestamp, UpstreamId, Usd};

/// Which attempts are summed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SumFilter {
    /// At this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Of keys of this team; empty: of keys without one.
    pub team: Option<String>,
    /// Of this model; empty: of no known one.
    pub model: Option<String>,
}

/// By what sums are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SumGroup {
    /// Upstream.
    Upstream,
    /// Key.
    Key,
    /// Team.
    Team,
    /// Model served, else sent, else requested.
    Model,
}

/// What to sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumQuery {
    /// Ranges of dispatch, each from its first instant (on a quarter hour) to the one after its last, in order and
    /// without overlap. An end within a quarter hour counts all of it.
    pub ranges: Vec<(Timestamp, Timestamp)>,
    /// By what.
    pub group: Option<SumGroup>,
    /// Which attempts.
    pub filter: SumFilter,
    /// Only what the database had taken by then.
    pub as_of: Option<Timestamp>,
}

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeSum {
    /// The place of its range among those asked for.
    pub range: usize,
    /// The member of the group: an id, a team or a model; empty where there is no group, or no team or model.
    pub member: String,
    /// The sums.
    pub values: RollupValues,
}

/// What an upstream or key is called, or was when it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberName {
    /// The id, as sums name it.
    pub member: String,
    /// The name.
    pub name: String,
    /// Whether it is gone.
    pub deleted: bool,
}

/// The upstreams and keys there ever were are few; their names are read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberNames {
    /// Of upstreams.
    pub upstreams: Vec<MemberName>,
    /// Of keys.
    pub keys: Vec<MemberName>,
}

/// Sums of the members of a group that cost the most, and of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopSums {
    /// The members with the highest cost over all ranges, in that order; then by attempts, then by themselves.
    pub shown: Vec<String>,
    /// Their sums.
    pub sums: Vec<RangeSum>,
    /// The sums over all members, whose member is empty.
    pub totals: Vec<RangeSum>,
    /// How many members there are.
    pub members: usize,
}

/// What went to a model at an upstream, and what an attempt cost on average.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelMeans {
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// Its provider; `None` when it was never configured here.
    pub provider: Option<ProviderName>,
    /// The model served, else sent, else requested.
    pub model: String,
    /// The mean cost of a billed attempt, on the cheapest and on the dearest day, rounded towards zero; `None` without
    /// any billed attempt.
    pub range: Option<(Usd, Usd)>,
    /// The sums over all days.
    pub values: RollupValues,
}

/// Reads sums. Never scans the ledger, but for the last half hour before `as_of`.
#[async_trait]
pub trait SumStore: Send + Sync {
    /// Sums by range and group; what is zero throughout is left out.
    async fn sums(&self, query: SumQuery) -> Result<Vec<RangeSum>, StoreError>;

    /// The same of the `top` members of the group with the highest cost, and of all. Over many members and many ranges it
    /// reads the sums of those alone.
    async fn top_sums(&self, query: SumQuery, top: usize) -> Result<TopSums, StoreError>;

    /// What went to each model at each upstream that had any attempts since a day began and before another did, and what
    /// these cost on average.
    async fn model_means(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Vec<ModelMeans>, StoreError>;

    /// The names of upstreams and keys, deleted ones too.
    async fn member_names(&self) -> Result<MemberNames, StoreError>;

    /// Sees to it that days are summed by this zone, and that sums with fewer dimensions are there: where they are not
    /// yet, what is derived from the ledger is added up anew. Returns whether that was needed. To be called at start.
    async fn sum_days_of(&self, zone: AccountingZone) -> Result<bool, StoreError>;
}
