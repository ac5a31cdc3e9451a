//! Aliases on the wire.

use serde::Serialize;
use tollgate_domain::ports::AliasVersion;
use tollgate_domain::{AliasId, ModelName, PriceVersion, Timestamp, Upstream, UpstreamId};
use utoipa::ToSchema;

use crate::billing::effect::Backdated;
use crate::schema::TimestampSchema;

/// Another name for a model that has a price, or one version of it. It is asked where the name itself has none, and
/// changes only the price: what is sent to the upstream stays as it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alias, examples(example))]
pub(super) struct AliasResponse {
    /// Its id over all versions, never reused.
    #[schema(value_type = Uuid)]
    pub(super) id: AliasId,
    /// The name an upstream uses, matched exactly.
    #[schema(value_type = String)]
    alias: ModelName,
    /// The catalog or override name to price it as.
    #[schema(value_type = String)]
    target: ModelName,
    /// The only upstream it is for; null is global.
    #[schema(value_type = Option<Uuid>)]
    upstream_id: Option<UpstreamId>,
    /// That upstream's name; null when global, or when the upstream is gone.
    upstream_name: Option<String>,
    /// The reason.
    note: Option<String>,
    /// Since when it is right, if earlier than it is in force.
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<Timestamp>,
    /// Who set this version.
    author: String,
    /// The price book version it came into force with; names this version of it, and is the ETag.
    #[schema(value_type = i64)]
    pub(super) price_version: PriceVersion,
    /// When it came into force.
    #[schema(value_type = TimestampSchema)]
    valid_from: Timestamp,
    /// When it ended; null while it is in force.
    #[schema(value_type = Option<TimestampSchema>)]
    valid_to: Option<Timestamp>,
    /// Who ended it.
    ended_by: Option<String>,
    /// Why it was removed.
    end_note: Option<String>,
}

/// An alias that was just put in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AliasChanged, examples(json!({"alias": example(), "warnings": [], "backdated": null})))]
pub(super) struct AliasChangedResponse {
    /// The alias.
    pub(super) alias: AliasResponse,
    /// Why it may not do what it is meant to, in words.
    pub(super) warnings: Vec<String>,
    /// Set if `effective_from` was given.
    pub(super) backdated: Option<Backdated>,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000008",
        "alias": "house-mini",
        "target": "gpt-5-mini",
        "upstream_id": null,
        "upstream_name": null,
        "note": "our name for it",
        "effective_from": null,
        "author": "ada",
        "price_version": 13,
        "valid_from": "2026-11-05T08:00:00Z",
        "valid_to": null,
        "ended_by": null,
        "end_note": null,
    })
}

impl AliasResponse {
    /// A version, with the name of its upstream where that is living.
    pub(super) fn of(version: AliasVersion, upstream: Option<&Upstream>) -> Self {
        let AliasVersion {
            alias,
            effective_from,
            span,
        } = version;
        let (valid_to, ended_by, end_note) = match span.ended {
            Some(end) => (Some(end.at), Some(end.by), end.note),
            None => (None, None, None),
        };
        Self {
            id: alias.id,
            alias: alias.alias,
            target: alias.target,
            upstream_id: alias.upstream_id,
            upstream_name: upstream.map(|upstream| upstream.name.clone()),
            note: alias.note,
            effective_from,
            author: alias.author,
            price_version: span.version,
            valid_from: span.since,
            valid_to,
            ended_by,
            end_note,
        }
    }
}
