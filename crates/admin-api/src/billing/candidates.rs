//! The places that are looked at for a price: the winner and the losers.

use billing_core::{CandidateOutcome, CandidateReport};
use serde::Serialize;
use tollgate_domain::{CardId, NameForm, NameRole, PriceRule};
use utoipa::ToSchema;

use crate::schema::{CandidateOutcomeSchema, NameFormSchema, NameRoleSchema, PriceRuleSchema};

/// A place that was looked at for a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(example))]
pub(in crate::billing) struct PriceCandidate {
    /// The kind of rule.
    #[schema(value_type = PriceRuleSchema)]
    rule: PriceRule,
    /// By which of the request's names.
    #[schema(value_type = NameRoleSchema)]
    name_role: NameRole,
    /// In which form.
    #[schema(value_type = NameFormSchema)]
    name_form: NameForm,
    /// The name looked for.
    name: String,
    /// What came of it.
    #[schema(value_type = CandidateOutcomeSchema)]
    outcome: CandidateOutcome,
    /// Why, in words.
    why: &'static str,
    /// The card found there.
    #[schema(value_type = Option<String>)]
    card_id: Option<CardId>,
}

impl From<CandidateReport> for PriceCandidate {
    fn from(report: CandidateReport) -> Self {
        Self {
            rule: report.rule,
            name_role: report.name_role,
            name_form: report.name_form,
            name: report.name,
            outcome: report.outcome,
            why: match report.outcome {
                CandidateOutcome::Won => "it has a price, and nothing stronger has one",
                CandidateOutcome::Outranked => "it has a price, and something stronger has one too",
                CandidateOutcome::Unusable => {
                    "it is the strongest that has a price, and that price does not cover the request"
                }
                CandidateOutcome::NoPrice => "it has no price under this name",
                CandidateOutcome::NoAlias => "the name has no alias here",
                _ => "",
            },
            card_id: report.card_id,
        }
    }
}

pub(in crate::billing) fn example() -> serde_json::Value {
    serde_json::json!({
        "rule": "synced_card",
        "name_role": "sent",
        "name_form": "plain",
        "name": "gpt-5-mini",
        "outcome": "won",
        "why": "it has a price, and nothing stronger has one",
        "card_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    })
}
