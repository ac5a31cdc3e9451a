//! Attempts of the month whose cost is not known.

use std::collections::BTreeMap;

use serde::Serialize;
use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{AttentionKind, Timestamp};
use utoipa::ToSchema;

use super::examples;
use crate::billing::estimate::{Estimate, UnbilledEstimate};
use crate::schema::{TimestampSchema, UnbilledReasonSchema};

/// Groups shown.
const GROUPS: usize = 100;
/// Models shown.
const MODELS: usize = 10;

/// Unbilled attempts of one reason and model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::unbilled_example))]
pub(super) struct UnbilledAttempts {
    /// Why.
    #[schema(value_type = UnbilledReasonSchema)]
    reason: &'static str,
    /// The model served, sent or requested, in that order.
    model: Option<String>,
    /// How many.
    attempts: i64,
    /// Their input tokens, where known.
    input_tokens: i64,
    /// Their output tokens, where known.
    output_tokens: i64,
    /// What they may have cost.
    estimate: UnbilledEstimate,
    /// The latest.
    #[schema(value_type = TimestampSchema)]
    last_seen: Timestamp,
    /// The upstream of the latest, by name.
    last_upstream: Option<String>,
}

/// Models that nothing prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::unpriced_example))]
pub(super) struct UnpricedModels {
    /// How many.
    models: usize,
    /// Their attempts.
    attempts: i64,
    /// The 10 most frequent; `GET /api/admin/billing/prices/unresolved` lists all.
    items: Vec<UnbilledAttempts>,
}

/// Groups by reason and model, most attempts first.
pub(super) fn groups(rows: &[(AttentionRow, Estimate)]) -> Vec<UnbilledAttempts> {
    let mut groups: BTreeMap<(&'static str, Option<&str>), UnbilledAttempts> = BTreeMap::new();
    for (row, estimate) in rows {
        let model = row.subject.model();
        let reason = reason(row.subject.kind, model);
        let group = groups.entry((reason, model)).or_insert_with(|| UnbilledAttempts {
            reason,
            model: model.map(ToOwned::to_owned),
            attempts: 0,
            input_tokens: 0,
            output_tokens: 0,
            estimate: UnbilledEstimate::default(),
            last_seen: row.last_seen,
            last_upstream: row.upstream_name.clone(),
        });
        group.attempts = group.attempts.saturating_add(row.values.count);
        group.input_tokens = group.input_tokens.saturating_add(row.values.input_tokens);
        group.output_tokens = group.output_tokens.saturating_add(row.values.output_tokens);
        group.estimate.add(row.values.count, estimate);
        if row.last_seen > group.last_seen {
            group.last_seen = row.last_seen;
            group.last_upstream.clone_from(&row.upstream_name);
        }
    }
    let mut groups: Vec<UnbilledAttempts> = groups.into_values().collect();
    groups.sort_by(|one, other| {
        let place = |group: &UnbilledAttempts| {
            let newest_first = (
                std::cmp::Reverse(group.attempts),
                std::cmp::Reverse(group.last_seen),
            );
            (newest_first, group.reason, group.model.clone())
        };
        place(one).cmp(&place(other))
    });
    groups.truncate(GROUPS);
    groups
}

impl UnpricedModels {
    /// Of the month's rows.
    pub(super) fn of(rows: &[(AttentionRow, Estimate)]) -> Self {
        let unpriced: Vec<_> = rows
            .iter()
            .filter(|(row, _)| row.subject.kind == AttentionKind::Unpriced)
            .cloned()
            .collect();
        let models: std::collections::BTreeSet<_> =
            unpriced.iter().map(|(row, _)| row.subject.model()).collect();
        let models = models.len();
        let attempts = unpriced.iter().map(|(row, _)| row.values.count).sum();
        let mut items = groups(&unpriced);
        items.truncate(MODELS);
        Self {
            models,
            attempts,
            items,
        }
    }
}

fn reason(kind: AttentionKind, model: Option<&str>) -> &'static str {
    match kind {
        AttentionKind::Unpriced if model.is_none() => "model_missing",
        AttentionKind::Unpriced => "price_not_found",
        other => other.as_str(),
    }
}
