//! What an import came to, row by row.

use serde::Serialize;
use serde_json::Value;
use tollgate_domain::{PriceVersion, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::billing::EffectResponse;

/// What an import did or, on a dry run, would do. Rules that the table does not name stay as they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleImport, examples(example))]
pub(in crate::billing) struct ImportResponse {
    /// Whether nothing was changed because nothing was to be.
    pub(super) dry_run: bool,
    /// The price book version all of it is in force with; null on a dry run and where nothing differs.
    #[schema(value_type = Option<i64>)]
    pub(super) price_version: Option<PriceVersion>,
    /// Rules that are new.
    pub(super) created: usize,
    /// Rules that differ from what was in force.
    pub(super) changed: usize,
    /// Rules that are in force already.
    pub(super) unchanged: usize,
    /// Rows that are not acceptable. With one of them nothing is imported.
    pub(super) refused: usize,
    /// Every row, in the table's order.
    pub(super) items: Vec<ImportRow>,
    /// What has to be confirmed with `confirm=true`; null where nothing has to be.
    pub(super) effect: Option<EffectResponse>,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleImportRow, examples(row_example))]
pub(in crate::billing) struct ImportRow {
    /// Its number, from 1; the head of a CSV table does not count.
    #[schema(minimum = 1)]
    pub(super) row: usize,
    /// The line it begins in; null in JSON.
    pub(super) line: Option<u64>,
    /// The model or alias it is for; null where that cannot be read.
    pub(super) name: Option<String>,
    /// The only upstream it is for; null is global.
    #[schema(value_type = Option<Uuid>)]
    pub(super) upstream_id: Option<UpstreamId>,
    /// In one word.
    pub(super) outcome: RowOutcome,
    /// The rule; null on refused rows, and on a dry run for new ones.
    pub(super) id: Option<Uuid>,
    /// What is wrong with it; empty unless it is refused.
    pub(super) errors: Vec<ImportFault>,
    /// Why it may not do what it is meant to, in words.
    pub(super) warnings: Vec<String>,
}

/// What is wrong with one field of a row.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RuleImportFault, examples(fault_example))]
pub(in crate::billing) struct ImportFault {
    /// The field, or `row`.
    pub(super) field: String,
    /// Its value as given; null where there is none.
    #[schema(value_type = Option<Value>)]
    pub(super) value: Value,
    /// The bound it breaks.
    pub(super) message: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleImportOutcome, examples("created"))]
pub(in crate::billing) enum RowOutcome {
    /// The rule is new.
    Created,
    /// The rule differs from what was in force.
    Changed,
    /// The rule is in force already.
    Unchanged,
    /// The row is not acceptable.
    Refused,
}

fn example() -> Value {
    serde_json::json!({
        "dry_run": true,
        "price_version": null,
        "created": 0,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
        "items": [row_example()],
        "effect": null,
    })
}

fn row_example() -> Value {
    serde_json::json!({
        "row": 1,
        "line": 2,
        "name": "gpt-5-mini",
        "upstream_id": null,
        "outcome": "refused",
        "id": null,
        "errors": [fault_example()],
        "warnings": [],
    })
}

fn fault_example() -> Value {
    serde_json::json!({
        "field": "input_usd_per_mtok",
        "value": "20000",
        "message": "20000 is outside 0.0001..=10000 USD per million tokens (0 means free)",
    })
}
