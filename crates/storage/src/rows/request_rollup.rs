//! Sums of finished requests.

use diesel::prelude::*;

use crate::schema::request_rollups;
use crate::value::{At, Id};

/// What a row of `request_rollups` is keyed by. Ordered: writers upsert in key order.
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

impl RequestRollupRow {
    pub(crate) fn new(key: RequestRollupKey, requests: i64) -> Self {
        Self {
            bucket: key.bucket,
            writer: key.writer,
            key_id: key.key_id,
            team: key.team,
            upstream_id: key.upstream_id,
            model: key.model,
            error_origin: key.error_origin,
            status_class: key.status_class,
            requests,
        }
    }
}
