//! What repairs a thing, for programs.

use serde::Serialize;
use serde_json::{Value, json};
use tollgate_domain::AttentionKind;
use tollgate_domain::ports::AttentionRow;
use utoipa::ToSchema;

use crate::billing::estimate::Estimate;

/// The request that repairs it, or shows what there is to repair.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AttentionAction, examples(example))]
pub(super) struct Action {
    /// The operation's id in this document.
    operation: &'static str,
    /// Its method.
    method: &'static str,
    /// Its path, with parameters filled in.
    path: String,
    /// What is known of its body; the rest is the operator's decision. Null for requests without one.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
}

impl Action {
    /// What to do about a thing. What was never recorded cannot be brought back: the journal tells how much it was and
    /// since when. Of a conflict both sides are shown; the first stays on the bill. `nearest` looks for the nearest name
    /// that has a price, which only a thing without one needs.
    pub(super) fn of(
        row: &AttentionRow,
        at_stake: &Estimate,
        nearest: impl FnOnce() -> Option<String>,
    ) -> Option<Self> {
        let upstream = row.subject.upstream_id;
        match row.subject.kind {
            AttentionKind::Unpriced => Some(priced(row, at_stake, nearest)),
            kind if kind.is_unbilled() => Some(entries(row, kind.as_str())),
            AttentionKind::HeldPrice => {
                let release = row.subject.release_id?;
                Some(Self {
                    operation: "accept_price_release",
                    method: "POST",
                    path: format!("/api/admin/billing/prices/releases/{release}/accept"),
                    body: Some(match &row.subject.model_sent {
                        Some(model) => json!({"models": [model]}),
                        None => json!({"all": true}),
                    }),
                })
            }
            AttentionKind::ServedNotSent => Some(Self {
                operation: "update_upstream",
                method: "PATCH",
                path: format!("/api/admin/upstreams/{}", upstream?),
                body: Some(json!({"bill_by": "sent"})),
            }),
            AttentionKind::ReportedCostDiffers | AttentionKind::ZeroMultiplier => Some(Self {
                operation: "put_upstream_multipliers",
                method: "PUT",
                path: format!("/api/admin/billing/upstream-multipliers/{}", upstream?),
                body: None,
            }),
            AttentionKind::Gap => Some(Self::read("get_journal", "/api/admin/system/journal".to_owned())),
            AttentionKind::LedgerConflict => {
                let journal = row.subject.journal_id?;
                let path = format!("/api/admin/billing/conflicts?journal_id={journal}");
                Some(Self::read("list_ledger_conflicts", path))
            }
            _ => None,
        }
    }

    /// A request that shows what there is.
    const fn read(operation: &'static str, path: String) -> Self {
        Self {
            operation,
            method: "GET",
            path,
            body: None,
        }
    }
}

/// A price for the name: as another one, or one of its own.
fn priced(row: &AttentionRow, at_stake: &Estimate, nearest: impl FnOnce() -> Option<String>) -> Action {
    let Some(model) = row.subject.model() else {
        return entries(row, "model_missing");
    };
    if at_stake.basis == Some("current_price") {
        return entries(row, "price_not_found");
    }
    match nearest() {
        Some(target) => Action {
            operation: "create_alias",
            method: "POST",
            path: "/api/admin/billing/aliases".to_owned(),
            body: Some(json!({"alias": model, "target": target})),
        },
        None => Action {
            operation: "create_override",
            method: "POST",
            path: "/api/admin/billing/overrides".to_owned(),
            body: Some(json!({"model": model})),
        },
    }
}

/// The entries themselves.
fn entries(row: &AttentionRow, reason: &str) -> Action {
    let mut path = url::form_urlencoded::Serializer::new(String::new());
    path.append_pair("billing_status", "unbilled")
        .append_pair("reason", reason);
    if let Some(upstream) = row.subject.upstream_id {
        path.append_pair("upstream_id", &upstream.to_string());
    }
    if let Some(model) = row.subject.model() {
        path.append_pair("model", model);
    }
    Action {
        operation: "list_recent_entries",
        method: "GET",
        path: format!("/api/admin/billing/recent?{}", path.finish()),
        body: None,
    }
}

pub(super) fn example() -> Value {
    json!({
        "operation": "create_alias",
        "method": "POST",
        "path": "/api/admin/billing/aliases",
        "body": {"alias": "acme-large-2026", "target": "acme-large"},
    })
}
