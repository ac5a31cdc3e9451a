//! The `lines` column: one versioned JSON document with everything that is not a column.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tollgate_domain::{
    BillBy, ChargeLine, LedgerEntry, MediaFormat, Pricing, ReportedCostPolicy, RequestFacts, Usage,
};

use super::super::stored::{from_json, to_json};
use crate::error::Corrupt;

/// The version that is written. Older ones stay readable, for rows are never rewritten.
const VERSION: u32 = 1;

/// The document as read. Members a newer version adds are skipped.
#[derive(Debug, Deserialize)]
pub(super) struct Itemisation {
    v: u32,
    pub(super) usage: Option<Usage>,
    pub(super) provider_usage: Option<String>,
    #[serde(default)]
    pub(super) flags: Vec<String>,
    pub(super) pricing: Option<Pricing>,
    #[serde(default)]
    pub(super) lines: Vec<ChargeLine>,
    pub(super) bill_by: BillBy,
    pub(super) reported_cost: ReportedCostPolicy,
    #[serde(default)]
    pub(super) price_modifiers: Arc<[String]>,
    pub(super) finish_reason: Option<String>,
    #[serde(default)]
    pub(super) facts: RequestFacts,
    #[serde(default)]
    pub(super) modifiers: Vec<String>,
    #[serde(default)]
    pub(super) format: Option<MediaFormat>,
}

#[derive(Serialize)]
struct ItemisationRef<'a> {
    v: u32,
    usage: Option<&'a Usage>,
    provider_usage: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    flags: &'a [String],
    pricing: Option<&'a Pricing>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lines: &'a [ChargeLine],
    bill_by: BillBy,
    reported_cost: ReportedCostPolicy,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    price_modifiers: &'a [String],
    finish_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "RequestFacts::is_plain")]
    facts: &'a RequestFacts,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    modifiers: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a MediaFormat>,
}

pub(super) fn write(entry: &LedgerEntry) -> Result<String, Corrupt> {
    let document = ItemisationRef {
        v: VERSION,
        usage: entry.usage.as_ref(),
        provider_usage: entry.provider_usage.as_deref(),
        flags: &entry.flags,
        pricing: entry.pricing.as_ref(),
        lines: &entry.lines,
        bill_by: entry.attempt.upstream.bill_by,
        reported_cost: entry.attempt.upstream.reported_cost,
        price_modifiers: &entry.attempt.upstream.price_modifiers,
        finish_reason: entry.outcome.finish_reason.as_deref(),
        facts: &entry.attempt.facts,
        modifiers: &entry.outcome.modifiers,
        format: entry.outcome.format.as_ref(),
    };
    to_json("itemisation", &document)
}

pub(super) fn read(text: &str) -> Result<Itemisation, Corrupt> {
    let document: Itemisation = from_json("itemisation", text)?;
    if document.v != VERSION {
        return Err(Corrupt::new(
            "itemisation",
            format!("its version {} is not known", document.v),
        ));
    }
    Ok(document)
}
