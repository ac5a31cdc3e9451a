//! Upstreams.

use diesel::prelude::*;
use tollgate_domain::{BillBy, ProviderName, ReportedCostPolicy, Upstream, UpstreamId, UpstreamMultipliers};

use super::stored::{from_json, named, number, on_unpriced, to_json};
use crate::error::Corrupt;
use crate::schema::upstreams;
use crate::value::{At, Factor, Id};

/// All policies; the order means nothing.
const BILL_BY: [BillBy; 2] = [BillBy::Served, BillBy::Sent];
const REPORTED_COST: [ReportedCostPolicy; 3] = [
    ReportedCostPolicy::Never,
    ReportedCostPolicy::Fallback,
    ReportedCostPolicy::Always,
];

/// What happens to the sealed credential.
#[derive(Debug, Clone)]
pub(crate) enum SealedCredential {
    /// It stays.
    Keep,
    /// It goes.
    Remove,
    /// It is replaced.
    Replace {
        /// The sealed value.
        sealed: String,
        /// Its fingerprint.
        fingerprint: String,
    },
}

/// A row of `upstreams`. A deleted upstream has no credential.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = upstreams, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct UpstreamRow {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) provider: String,
    pub(crate) protocols: String,
    pub(crate) base_url: String,
    pub(crate) account_label: Option<String>,
    pub(crate) sealed_credential: Option<String>,
    pub(crate) credential_fingerprint: Option<String>,
    pub(crate) priority: i32,
    pub(crate) weight: i32,
    pub(crate) models: String,
    pub(crate) bill_by: String,
    pub(crate) reported_cost: String,
    pub(crate) input_multiplier: Factor,
    pub(crate) output_multiplier: Factor,
    pub(crate) allow_free: bool,
    pub(crate) enabled: bool,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
    pub(crate) updated_by: String,
    pub(crate) deleted_at: Option<At>,
    pub(crate) revision: i64,
    pub(crate) model_multipliers: String,
    pub(crate) price_modifiers: String,
    pub(crate) on_unpriced: Option<String>,
    pub(crate) estimate_missing_usage: Option<bool>,
}

impl UpstreamRow {
    /// The living row of an upstream as `author` leaves it, with its sealed credential.
    pub(crate) fn new(upstream: Upstream, sealed: Option<String>, author: &str) -> Result<Self, Corrupt> {
        Ok(Self {
            id: Id(upstream.id.uuid()),
            name: upstream.name,
            provider: upstream.provider.as_str().to_owned(),
            protocols: to_json("upstream protocols", &upstream.protocols)?,
            base_url: upstream.base_url,
            account_label: upstream.account_label,
            sealed_credential: sealed,
            credential_fingerprint: upstream.credential_fingerprint,
            priority: upstream.priority,
            weight: number("upstream weight", upstream.weight)?,
            models: to_json("upstream models", &upstream.models)?,
            bill_by: upstream.bill_by.as_str().to_owned(),
            reported_cost: upstream.reported_cost.as_str().to_owned(),
            input_multiplier: Factor(upstream.input_multiplier),
            output_multiplier: Factor(upstream.output_multiplier),
            allow_free: upstream.allow_free,
            enabled: upstream.enabled,
            created_at: At(upstream.created_at),
            updated_at: At(upstream.updated_at),
            updated_by: author.to_owned(),
            deleted_at: None,
            revision: upstream.revision,
            model_multipliers: to_json("upstream model multipliers", &upstream.model_multipliers)?,
            price_modifiers: to_json("upstream price modifiers", &upstream.price_modifiers)?,
            on_unpriced: upstream.on_unpriced.map(|policy| policy.as_str().to_owned()),
            estimate_missing_usage: upstream.estimate_missing_usage,
        })
    }

    /// What it charges relative to the card.
    pub(crate) fn multipliers(&self) -> Result<UpstreamMultipliers, Corrupt> {
        Ok(UpstreamMultipliers {
            upstream_id: UpstreamId::new(self.id.0),
            input: self.input_multiplier.0,
            output: self.output_multiplier.0,
            allow_free: self.allow_free,
            by_model: from_json("upstream model multipliers", &self.model_multipliers)?,
        })
    }
}

impl TryFrom<UpstreamRow> for Upstream {
    type Error = Corrupt;

    fn try_from(row: UpstreamRow) -> Result<Self, Corrupt> {
        Ok(Self {
            id: UpstreamId::new(row.id.0),
            name: row.name,
            provider: ProviderName::new(row.provider),
            protocols: from_json("upstream protocols", &row.protocols)?,
            base_url: row.base_url,
            account_label: row.account_label,
            credential_fingerprint: row.credential_fingerprint,
            priority: row.priority,
            weight: number("upstream weight", row.weight)?,
            models: from_json("upstream models", &row.models)?,
            bill_by: named("upstream bill_by", &row.bill_by, &BILL_BY, BillBy::as_str)?,
            reported_cost: named(
                "upstream reported_cost",
                &row.reported_cost,
                &REPORTED_COST,
                ReportedCostPolicy::as_str,
            )?,
            input_multiplier: row.input_multiplier.0,
            output_multiplier: row.output_multiplier.0,
            allow_free: row.allow_free,
            model_multipliers: from_json("upstream model multipliers", &row.model_multipliers)?,
            price_modifiers: from_json("upstream price modifiers", &row.price_modifiers)?,
            on_unpriced: on_unpriced("upstream on_unpriced", row.on_unpriced.as_deref())?,
            estimate_missing_usage: row.estimate_missing_usage,
            enabled: row.enabled,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            revision: row.revision,
        })
    }
}
