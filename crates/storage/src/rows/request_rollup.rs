//! Sums of finished requests.

use diesel::prelude::*;
use tollgate_domain::{JournalId, KeyId, RollupKey, UpstreamId};

use crate::schema::request_rollups;
use crate::value::{At, Id};

/// How a request ended, and what it is counted with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestRollupKey {
    pub(crate) bucket: At,
    pub(crate) writer: Id,
    pub(crate) key_id: Id,
    pub(crate) team: String,
    pub(crate) upstream_id: Id,
    pub(crate) model: String,
    pub(crate) error_origin: String,
    pub(crate) status_class: i32,
}

/// A row of `request_rollups`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = request_rollups, treat_none_as_default_value = false)]
pub(crate) struct RequestRollupRow {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
    error_origin: String,
    status_class: i32,
    requests: i64,
}

impl RequestRollupKey {
    /// What it is counted with.
    pub(crate) fn of(&self) -> RollupKey {
        RollupKey {
            bucket: self.bucket.0,
            writer: JournalId::new(self.writer.0),
            key_id: KeyId::new(self.key_id.0),
            team: self.team.clone(),
            upstream_id: UpstreamId::new(self.upstream_id.0),
            model: self.model.clone(),
        }
    }
}

impl RequestRollupRow {
    pub(crate) fn new(key: &RollupKey, error_origin: String, status_class: u8, requests: u64) -> Self {
        Self {
            bucket: At(key.bucket),
            writer: Id(key.writer.uuid()),
            key_id: Id(key.key_id.uuid()),
            team: key.team.clone(),
            upstream_id: Id(key.upstream_id.uuid()),
            model: key.model.clone(),
            error_origin,
            status_class: i32::from(status_class),
            requests: i64::try_from(requests).unwrap_or(i64::MAX),
        }
    }
}
