//! Rows of many buckets.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use tollgate_domain::{RollupKey, RollupSpan};

use super::columns::KeyColumns;
use crate::cube::{Cube, Place};
use crate::frame::Holds;
use crate::schema::{rollup_combined, rollup_frames};
use crate::sql_type::Instant;
use crate::value::{At, Id};

/// A row of `rollup_frames`; the buckets are all there are.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_frames, treat_none_as_default_value = false)]
pub(crate) struct FrameRow {
    dims: &'static str,
    holds: &'static str,
    span: &'static str,
    one: String,
    bucket: At,
    two: String,
    writer: Id,
    buckets: Vec<u8>,
}

/// A row of `rollup_combined`; the buckets are all there are.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_combined, treat_none_as_default_value = false)]
pub(crate) struct CombinedRow {
    span: &'static str,
    #[diesel(embed)]
    key: KeyColumns,
    buckets: Vec<u8>,
}

/// What is stored at one of the places asked for.
#[derive(Debug, QueryableByName)]
pub(crate) struct StoredFrameRow {
    /// The place's number among those asked for.
    #[diesel(sql_type = BigInt)]
    pub(crate) place: i64,
    #[diesel(sql_type = Binary)]
    pub(crate) buckets: Vec<u8>,
}

/// The buckets of a member, as one writer has them.
#[derive(Debug, QueryableByName)]
pub(crate) struct MemberFrameRow {
    /// The beginning of the row.
    #[diesel(sql_type = Instant)]
    pub(crate) bucket: At,
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = Binary)]
    pub(crate) buckets: Vec<u8>,
}

/// The buckets of a model at an upstream, as one writer has them.
#[derive(Debug, QueryableByName)]
pub(crate) struct ModelFrameRow {
    /// The beginning of the row.
    #[diesel(sql_type = Instant)]
    pub(crate) bucket: At,
    #[diesel(sql_type = Text)]
    pub(crate) upstream: String,
    #[diesel(sql_type = Text)]
    pub(crate) model: String,
    #[diesel(sql_type = Binary)]
    pub(crate) buckets: Vec<u8>,
}

impl CombinedRow {
    /// The buckets of a combination, whose `bucket` is the beginning of the row.
    pub(crate) fn new(span: RollupSpan, key: &RollupKey, buckets: Vec<u8>) -> Self {
        Self {
            span: span.as_str(),
            key: key.into(),
            buckets,
        }
    }
}

impl FrameRow {
    /// The buckets of a place.
    pub(crate) fn new(
        (cube, holds, span): (Cube, Holds, RollupSpan),
        place: &Place,
        buckets: Vec<u8>,
    ) -> Self {
        Self {
            dims: cube.name,
            holds: holds.as_str(),
            span: span.as_str(),
            one: place.one.clone(),
            bucket: At(place.row),
            two: place.two.clone(),
            writer: Id(place.writer.uuid()),
            buckets,
        }
    }
}
