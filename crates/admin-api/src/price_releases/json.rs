//! Releases on the wire.

use serde::Serialize;
use tollgate_domain::{PriceRelease, PriceVersion, ReleaseId, ReleaseOrigin, Timestamp};
use utoipa::ToSchema;

use crate::schema::{
    PriceMapSourceSchema, ReleaseOriginSchema, ReleaseStateSchema, RunTriggerSchema, TimestampSchema,
};

/// A run of the price sync, or the snapshot that came with the binary.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceRelease, examples(super::json::example))]
pub(crate) struct PriceReleaseResponse {
    /// The release.
    #[schema(value_type = Uuid)]
    id: ReleaseId,
    /// Where its prices come from.
    #[schema(value_type = PriceMapSourceSchema)]
    source: &'static str,
    /// How it came to be.
    #[schema(value_type = ReleaseOriginSchema)]
    origin: ReleaseOrigin,
    /// What set it off.
    #[schema(value_type = RunTriggerSchema)]
    trigger: &'static str,
    /// Who set it off.
    author: String,
    /// What came of it.
    #[schema(value_type = ReleaseStateSchema)]
    state: &'static str,
    /// Whether it is the one in force.
    current: bool,
    /// When it began.
    #[schema(value_type = TimestampSchema)]
    started_at: Timestamp,
    /// When it ended; null while it runs.
    #[schema(value_type = Option<TimestampSchema>)]
    finished_at: Option<Timestamp>,
    /// Why it failed or was held, or what else there is to say.
    reason: Option<String>,
    /// What should alarm you although it was put in force: many models gone, or all of a provider.
    alarm: Option<String>,
    /// Where the map came from; null for the bundled snapshot and where none was read.
    url: Option<String>,
    /// SHA-256 of the map, hex; null where none was read.
    content_hash: Option<String>,
    /// Priced models in the map; null where none was read.
    models: Option<u32>,
    /// Models not there before, or there again.
    added: u32,
    /// Models whose price, provider or mode changed.
    changed: u32,
    /// Models gone from the map; their last price serves on, marked stale.
    removed: u32,
    /// Models whose new price the guard stopped in this run.
    held: u32,
    /// Models whose new price had been rejected before: they stay as they are.
    refused: u32,
    /// Price fields of the map that have no place on a rate card.
    unknown_fields: Vec<String>,
    /// Of the prices it held, those that wait for a decision now.
    waiting: u32,
    /// Those that were accepted.
    accepted: u32,
    /// Those that were rejected.
    rejected: u32,
    /// Those that a later map no longer proposes.
    superseded: u32,
    /// The first price version made of it; null where it never was in force.
    #[schema(value_type = Option<i64>)]
    price_version: Option<PriceVersion>,
}

pub(crate) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000005",
        "source": "litellm",
        "origin": "synced",
        "trigger": "schedule",
        "author": "schedule",
        "state": "partial",
        "current": true,
        "started_at": "2026-11-05T03:12:00Z",
        "finished_at": "2026-11-05T03:12:02Z",
        "reason": "1 price waits for a decision, the old one serves",
        "alarm": null,
        "url": "https://prices.example.com/model_prices.json",
        "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "models": 4242,
        "added": 3,
        "changed": 12,
        "removed": 0,
        "held": 1,
        "refused": 0,
        "unknown_fields": ["input_cost_per_credit"],
        "waiting": 1,
        "accepted": 0,
        "rejected": 0,
        "superseded": 0,
        "price_version": 13,
    })
}

impl From<PriceRelease> for PriceReleaseResponse {
    fn from(release: PriceRelease) -> Self {
        Self {
            id: release.id,
            source: "litellm",
            origin: release.origin,
            trigger: release.trigger.as_str(),
            author: release.author,
            state: release.state.as_str(),
            current: release.current,
            started_at: release.started_at,
            finished_at: release.finished_at,
            reason: release.reason,
            alarm: release.alarm,
            url: release.url,
            content_hash: release.content_hash,
            models: release.models,
            added: release.counts.added,
            changed: release.counts.changed,
            removed: release.counts.removed,
            held: release.counts.held,
            refused: release.counts.refused,
            unknown_fields: release.unknown_fields,
            waiting: release.holds.held,
            accepted: release.holds.accepted,
            rejected: release.holds.rejected,
            superseded: release.holds.superseded,
            price_version: release.version,
        }
    }
}
