//! Releases of the synced catalog, and the catalog they make.

use diesel::prelude::*;
use tollgate_domain::ports::{FinishedRun, NewRun};
use tollgate_domain::{
    CardId, HoldCounts, ModelLimits, ModelName, NewRelease, PriceRelease, PriceVersion, PricedModel,
    ProviderName, ReleaseCounts, ReleaseId, ReleaseOrigin, ReleaseState, RunTrigger, Timestamp,
};

use super::stored::{from_json, named, number, optional_number, to_json};
use crate::error::Corrupt;
use crate::schema::{catalog_models, price_releases};
use crate::value::{At, Digest32, Id};

/// A row of `price_releases`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_releases, treat_none_as_default_value = false)]
pub(crate) struct ReleaseRow {
    pub(crate) id: Id,
    pub(crate) origin: String,
    pub(crate) author: String,
    pub(crate) started_at: At,
    pub(crate) added: i32,
    pub(crate) changed: i32,
    pub(crate) removed: i32,
    pub(crate) held: i32,
    pub(crate) unknown_fields: i32,
    pub(crate) unknown_field_names: String,
    pub(crate) content_hash: Option<String>,
    pub(crate) models: Option<i32>,
    pub(crate) state: String,
    pub(crate) set_off_by: String,
    pub(crate) finished_at: Option<At>,
    pub(crate) url: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) grammar: Option<String>,
    pub(crate) refused: i32,
    pub(crate) reason: Option<String>,
    pub(crate) alarm: Option<String>,
    pub(crate) version: Option<i64>,
}

/// What finishing a run changes in its row.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = price_releases, treat_none_as_null = true)]
pub(crate) struct RunEndRow {
    pub(crate) state: String,
    pub(crate) finished_at: Option<At>,
    pub(crate) added: i32,
    pub(crate) changed: i32,
    pub(crate) removed: i32,
    pub(crate) held: i32,
    pub(crate) refused: i32,
    pub(crate) unknown_fields: i32,
    pub(crate) unknown_field_names: String,
    pub(crate) content_hash: Option<String>,
    pub(crate) models: Option<i32>,
    pub(crate) url: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) grammar: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) alarm: Option<String>,
    pub(crate) version: Option<i64>,
}

/// A row of `catalog_models` without the end of its validity.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = catalog_models, treat_none_as_default_value = false)]
pub(crate) struct CatalogRow {
    pub(crate) name: String,
    pub(crate) valid_from_version: i64,
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

fn count(count: u32) -> Result<i32, Corrupt> {
    number("release count", count)
}

/// Limits as stored; a number past their range is as good as none.
pub(super) fn limits(max_input: Option<i64>, max_output: Option<i64>) -> ModelLimits {
    let limit = |limit: Option<i64>| limit.and_then(|limit| u32::try_from(limit).ok());
    ModelLimits {
        max_input_tokens: limit(max_input),
        max_output_tokens: limit(max_output),
    }
}

impl ReleaseRow {
    /// A release published whole.
    pub(crate) fn published(
        release: &NewRelease,
        version: PriceVersion,
        at: Timestamp,
    ) -> Result<Self, Corrupt> {
        let counts = release.counts;
        Ok(Self {
            id: Id(release.id.uuid()),
            origin: release.origin.as_str().to_owned(),
            author: release.author.clone(),
            started_at: At(at),
            added: count(counts.added)?,
            changed: count(counts.changed)?,
            removed: count(counts.removed)?,
            held: count(counts.held)?,
            unknown_fields: count(counts.unknown_fields)?,
            unknown_field_names: to_json("unknown price fields", &release.unknown_fields)?,
            content_hash: Some(release.content_hash.clone()),
            models: Some(number("release count", release.models.len())?),
            state: ReleaseState::Success.as_str().to_owned(),
            set_off_by: RunTrigger::Start.as_str().to_owned(),
            finished_at: Some(At(at)),
            url: None,
            etag: None,
            last_modified: None,
            grammar: None,
            refused: count(counts.refused)?,
            reason: None,
            alarm: None,
            version: Some(version.get()),
        })
    }

    /// A run that begins.
    pub(crate) fn begun(run: &NewRun, at: Timestamp) -> Self {
        Self {
            id: Id(run.id.uuid()),
            origin: ReleaseOrigin::Synced.as_str().to_owned(),
            author: run.actor.name.to_string(),
            started_at: At(at),
            added: 0,
            changed: 0,
            removed: 0,
            held: 0,
            unknown_fields: 0,
            unknown_field_names: "[]".to_owned(),
            content_hash: None,
            models: None,
            state: ReleaseState::Running.as_str().to_owned(),
            set_off_by: run.trigger.as_str().to_owned(),
            finished_at: None,
            url: None,
            etag: None,
            last_modified: None,
            grammar: None,
            refused: 0,
            reason: None,
            alarm: None,
            version: None,
        }
    }

    pub(crate) fn into_release(self, holds: HoldCounts, current: bool) -> Result<PriceRelease, Corrupt> {
        let count = |count: i32| number("release count", count);
        Ok(PriceRelease {
            id: ReleaseId::new(self.id.0),
            origin: origin(&self.origin)?,
            trigger: named(
                "release trigger",
                &self.set_off_by,
                RunTrigger::ALL,
                RunTrigger::as_str,
            )?,
            author: self.author,
            state: named(
                "release state",
                &self.state,
                ReleaseState::ALL,
                ReleaseState::as_str,
            )?,
            started_at: self.started_at.0,
            finished_at: self.finished_at.map(|at| at.0),
            url: self.url,
            content_hash: self.content_hash,
            models: optional_number("release count", self.models)?,
            counts: ReleaseCounts {
                added: count(self.added)?,
                changed: count(self.changed)?,
                removed: count(self.removed)?,
                held: count(self.held)?,
                refused: count(self.refused)?,
                unknown_fields: count(self.unknown_fields)?,
            },
            unknown_fields: from_json("unknown price fields", &self.unknown_field_names)?,
            reason: self.reason,
            alarm: self.alarm,
            version: self.version.map(PriceVersion::new),
            holds,
            current,
        })
    }
}

impl RunEndRow {
    pub(crate) fn new(
        run: &FinishedRun,
        version: Option<PriceVersion>,
        at: Timestamp,
    ) -> Result<Self, Corrupt> {
        let counts = run.counts;
        Ok(Self {
            state: run.state.as_str().to_owned(),
            finished_at: Some(At(at)),
            added: count(counts.added)?,
            changed: count(counts.changed)?,
            removed: count(counts.removed)?,
            held: count(counts.held)?,
            refused: count(counts.refused)?,
            unknown_fields: count(counts.unknown_fields)?,
            unknown_field_names: to_json("unknown price fields", &run.unknown_fields)?,
            content_hash: run.content_hash.clone(),
            models: run.models.map(count).transpose()?,
            url: run.url.clone(),
            etag: run.validators.etag.clone(),
            last_modified: run.validators.last_modified.clone(),
            grammar: Some(run.grammar.clone()),
            reason: run.reason.clone(),
            alarm: run.alarm.clone(),
            version: version.map(PriceVersion::get),
        })
    }
}

impl CatalogRow {
    pub(crate) fn new(model: &PricedModel, version: PriceVersion) -> Self {
        Self {
            name: model.name.as_str().to_owned(),
            valid_from_version: version.get(),
            card_id: Digest32(*model.card_id.as_bytes()),
            provider: model.provider.as_ref().map(|name| name.as_str().to_owned()),
            mode: model.mode.clone(),
            stale: model.stale,
            max_input_tokens: model.limits.max_input_tokens.map(i64::from),
            max_output_tokens: model.limits.max_output_tokens.map(i64::from),
        }
    }
}

impl From<CatalogRow> for PricedModel {
    fn from(row: CatalogRow) -> Self {
        Self {
            name: ModelName::new(row.name),
            card_id: CardId::from_bytes(row.card_id.0),
            provider: row.provider.map(ProviderName::new),
            mode: row.mode,
            stale: row.stale,
            limits: limits(row.max_input_tokens, row.max_output_tokens),
        }
    }
}
