//! Releases of the synced catalog.

use diesel::prelude::*;
use tollgate_domain::{
    CardId, ModelLimits, ModelName, NewRelease, PricedModel, ProviderName, ReleaseId, ReleaseOrigin,
    Timestamp,
};

use super::stored::{named, number, to_json};
use crate::error::Corrupt;
use crate::schema::{price_releases, release_models};
use crate::value::{At, Digest32, Id};

/// A row of `price_releases`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_releases, treat_none_as_default_value = false)]
pub(crate) struct ReleaseRow {
    pub(crate) id: Id,
    pub(crate) content_hash: String,
    pub(crate) origin: String,
    pub(crate) author: String,
    pub(crate) published_at: At,
    pub(crate) models: i32,
    pub(crate) added: i32,
    pub(crate) changed: i32,
    pub(crate) removed: i32,
    pub(crate) held: i32,
    pub(crate) unknown_fields: i32,
    pub(crate) unknown_field_names: String,
}

/// A row of `release_models`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = release_models, treat_none_as_default_value = false)]
pub(crate) struct ReleaseModelRow {
    pub(crate) release_id: Id,
    pub(crate) name: String,
    pub(crate) card_id: Digest32,
    pub(crate) provider: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) stale: bool,
    pub(crate) max_input_tokens: Option<i64>,
    pub(crate) max_output_tokens: Option<i64>,
}

/// A release's origin from its stored name.
pub(crate) fn origin(name: &str) -> Result<ReleaseOrigin, Corrupt> {
    let all = [ReleaseOrigin::Bundled, ReleaseOrigin::Synced];
    named("release origin", name, &all, ReleaseOrigin::as_str)
}

impl ReleaseRow {
    pub(crate) fn new(release: &NewRelease, at: Timestamp) -> Result<Self, Corrupt> {
        let count = |count: u32| number("release count", count);
        Ok(Self {
            id: Id(release.id.uuid()),
            content_hash: release.content_hash.clone(),
            origin: release.origin.as_str().to_owned(),
            author: release.author.clone(),
            published_at: At(at),
            models: number("release count", release.models.len())?,
            added: count(release.counts.added)?,
            changed: count(release.counts.changed)?,
            removed: count(release.counts.removed)?,
            held: count(release.counts.held)?,
            unknown_fields: count(release.counts.unknown_fields)?,
            unknown_field_names: to_json("unknown price fields", &release.unknown_fields)?,
        })
    }
}

impl ReleaseModelRow {
    pub(crate) fn new(release: ReleaseId, model: &PricedModel) -> Self {
        Self {
            release_id: Id(release.uuid()),
            name: model.name.as_str().to_owned(),
            card_id: Digest32(*model.card_id.as_bytes()),
            provider: model.provider.as_ref().map(|name| name.as_str().to_owned()),
            mode: model.mode.clone(),
            stale: model.stale,
            max_input_tokens: model.limits.max_input_tokens.map(i64::from),
            max_output_tokens: model.limits.max_output_tokens.map(i64::from),
        }
    }
}

impl From<ReleaseModelRow> for PricedModel {
    fn from(row: ReleaseModelRow) -> Self {
        Self {
            name: ModelName::new(row.name),
            card_id: CardId::from_bytes(row.card_id.0),
            provider: row.provider.map(ProviderName::new),
            mode: row.mode,
            stale: row.stale,
            limits: ModelLimits {
                max_input_tokens: row.max_input_tokens.and_then(|limit| u32::try_from(limit).ok()),
                max_output_tokens: row.max_output_tokens.and_then(|limit| u32::try_from(limit).ok()),
            },
        }
    }
}
