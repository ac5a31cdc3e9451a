//! The effect of a change on the wire.

use serde::Serialize;
use tollgate_domain::{ModelName, Timestamp, UpstreamId, Usd};
use utoipa::ToSchema;

use super::examples;
use crate::schema::{
    CURRENCY, ChangeReasonSchema, ChangeSubjectSchema, CurrencySchema, MeterSchema, TimestampSchema,
    UsdSchema,
};

/// What a change would do: the rates that move by more than the guard's factor, and the traffic of the last 7 days
/// priced before and after it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PriceEffect, examples(examples::effect))]
pub(crate) struct EffectResponse {
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// What needs the confirmation.
    changes: Vec<GuardedChange>,
    /// The traffic that would be priced differently.
    traffic: TrafficEffect,
}

/// A rate or multiplier that moves by more than the guard's factor, becomes zero, or is no longer there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(examples(examples::change))]
pub(crate) struct GuardedChange {
    /// What it is.
    #[schema(value_type = ChangeSubjectSchema)]
    pub(in crate::billing) subject: Subject,
    /// Why it needs a confirmation.
    #[schema(value_type = ChangeReasonSchema)]
    pub(in crate::billing) reason: Reason,
    /// The model, or the pattern of models; null for all of an upstream.
    #[schema(value_type = Option<String>)]
    pub(in crate::billing) model: Option<ModelName>,
    /// The upstream; null for every one.
    #[schema(value_type = Option<Uuid>)]
    pub(in crate::billing) upstream_id: Option<UpstreamId>,
    /// Its name.
    pub(in crate::billing) upstream_name: Option<String>,
    /// What is counted; null for a multiplier.
    #[schema(value_type = Option<MeterSchema>)]
    pub(in crate::billing) meter: Option<&'static str>,
    /// In which service tier; null for a multiplier.
    pub(in crate::billing) tier: Option<String>,
    /// Above how many input tokens.
    pub(in crate::billing) above_tokens: Option<u64>,
    /// A rate in USD per million units, multipliers included, or the multiplier; null where there is none.
    pub(in crate::billing) before: Option<String>,
    /// The same after the change.
    pub(in crate::billing) after: Option<String>,
}

/// What changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    /// What a million units cost at an upstream.
    Rate,
    /// An upstream's multiplier on what is sent.
    InputMultiplier,
    /// An upstream's multiplier on what is generated.
    OutputMultiplier,
    /// Whether a model has a price at all.
    Price,
}

/// Why a change needs a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// It moves by more than the guard's factor.
    Factor,
    /// It becomes zero.
    Free,
    /// There was a price, and there is none any more.
    NoPrice,
}

/// Traffic priced before and after a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(examples(examples::traffic))]
pub(crate) struct TrafficEffect {
    /// The first instant looked at.
    #[schema(value_type = TimestampSchema)]
    pub(super) from: Timestamp,
    /// The first instant after it.
    #[schema(value_type = TimestampSchema)]
    pub(super) until: Timestamp,
    /// Whether all of the range was looked at; otherwise the figures are what the first part of it holds.
    pub(super) complete: bool,
    /// Ledger entries that were read, the oldest first; at most 100,000.
    pub(super) entries_read: u64,
    /// The instant of the last entry that was read, where the range was cut there; null where all of it was read.
    #[schema(value_type = Option<TimestampSchema>)]
    pub(super) read_until: Option<Timestamp>,
    /// Requests priced differently.
    pub(super) requests: u64,
    /// Their attempts.
    pub(super) attempts: u64,
    /// Input tokens of those, cached or not.
    pub(super) input_tokens: u64,
    /// Output tokens of those.
    pub(super) output_tokens: u64,
    /// What they cost with the prices in force.
    #[schema(value_type = UsdSchema)]
    pub(super) cost_before: Usd,
    /// What they would cost after the change.
    #[schema(value_type = UsdSchema)]
    pub(super) cost_after: Usd,
    /// Attempts without a price now.
    pub(super) unbilled_before: u64,
    /// Attempts that would have none.
    pub(super) unbilled_after: u64,
    /// The same by model and upstream, the largest difference first; at most 100.
    pub(super) groups: Vec<TrafficGroup>,
}

/// Traffic of one model at one upstream, priced before and after a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(examples(examples::group))]
pub(crate) struct TrafficGroup {
    /// The model served or sent.
    #[schema(value_type = Option<String>)]
    pub(super) model: Option<ModelName>,
    /// The upstream.
    #[schema(value_type = Uuid)]
    pub(super) upstream_id: UpstreamId,
    /// Its name then.
    pub(super) upstream_name: String,
    /// Requests priced differently.
    pub(super) requests: u64,
    /// Their attempts.
    pub(super) attempts: u64,
    /// Input tokens of those, cached or not.
    pub(super) input_tokens: u64,
    /// Output tokens of those.
    pub(super) output_tokens: u64,
    /// What they cost with the prices in force.
    #[schema(value_type = UsdSchema)]
    pub(super) cost_before: Usd,
    /// What they would cost after the change.
    #[schema(value_type = UsdSchema)]
    pub(super) cost_after: Usd,
    /// Attempts without a price now.
    pub(super) unbilled_before: u64,
    /// Attempts that would have none.
    pub(super) unbilled_after: u64,
}

/// What a rule that is right since some past instant would have changed. Nothing in the ledger is rewritten.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(examples(examples::backdated))]
pub(in crate::billing) struct Backdated {
    /// The instant.
    #[schema(value_type = TimestampSchema)]
    pub(super) effective_from: Timestamp,
    /// Ledger entries since then that it would have priced otherwise.
    pub(super) entries: u64,
    /// Whether all entries since then were looked at; otherwise there may be more.
    pub(super) complete: bool,
    /// The instant of the last entry that was looked at, where that is not all; null where it is.
    #[schema(value_type = Option<TimestampSchema>)]
    pub(super) read_until: Option<Timestamp>,
}

impl EffectResponse {
    /// The effect of taking prices away, if there is any: every model of the traffic is named at its upstream.
    pub(super) fn of_removal(traffic: TrafficEffect) -> Option<Self> {
        let of_group = |group: &TrafficGroup| GuardedChange {
            subject: Subject::Price,
            reason: if group.unbilled_after > group.unbilled_before {
                Reason::NoPrice
            } else {
                Reason::Factor
            },
            model: group.model.clone(),
            upstream_id: Some(group.upstream_id),
            upstream_name: Some(group.upstream_name.clone()),
            meter: None,
            tier: None,
            above_tokens: None,
            before: Some(group.cost_before.to_string()),
            after: Some(group.cost_after.to_string()),
        };
        let changes: Vec<GuardedChange> = traffic.groups.iter().map(of_group).collect();
        (!changes.is_empty()).then(|| Self::new(changes, traffic))
    }

    pub(super) fn new(changes: Vec<GuardedChange>, traffic: TrafficEffect) -> Self {
        let currency = CURRENCY;
        Self {
            currency,
            changes,
            traffic,
        }
    }
}
