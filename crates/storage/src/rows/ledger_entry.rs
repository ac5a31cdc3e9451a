//! Ledger entries and what is kept beside them.

mod itemisation;
mod read;
mod write;

use diesel::prelude::*;

use crate::schema::{ledger_batches, ledger_conflicts, ledger_entries};
use crate::value::{At, Digest32, Factor, Id, Money};

/// A row of `ledger_entries`: columns for what is filtered or summed, the rest in `lines`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries, treat_none_as_default_value = false)]
pub(crate) struct LedgerEntryRow {
    pub(crate) event_id: Id,
    pub(crate) revision: i32,
    pub(crate) request_id: Id,
    attempt: i32,
    kind: String,
    status: String,
    reason: Option<String>,
    detail: Option<String>,
    usage_source: String,
    outcome: String,
    http_status: Option<i32>,
    key_id: Id,
    key_name: String,
    key_owner: Option<String>,
    key_team: Option<String>,
    key_tags: String,
    upstream_id: Id,
    upstream_name: String,
    provider: String,
    account_label: Option<String>,
    credential_fingerprint: Option<String>,
    protocol: String,
    stream: bool,
    model_requested: Option<String>,
    model_sent: Option<String>,
    model_served: Option<String>,
    priced_as: Option<String>,
    tier_requested: Option<String>,
    tier_served: Option<String>,
    price_source: Option<String>,
    price_version: i64,
    band_above_tokens: Option<i64>,
    input_multiplier: Option<Factor>,
    output_multiplier: Option<Factor>,
    input_tokens: Option<i64>,
    cache_read_tokens: Option<i64>,
    cache_write_tokens: Option<i64>,
    output_tokens: Option<i64>,
    reasoning_tokens: Option<i64>,
    list_cost: Option<Money>,
    cost: Option<Money>,
    charge: Option<Money>,
    zero_reason: Option<String>,
    provider_reported_cost: Option<Money>,
    currency: String,
    response_id: Option<String>,
    end_user: Option<String>,
    caller_request_id: Option<String>,
    idempotency_key: Option<String>,
    sdk_retry_count: Option<i64>,
    metadata: String,
    ttft_us: Option<i64>,
    occurred_at: At,
    ended_at: At,
    recorded_at: At,
    accounting_period: String,
    run_id: Option<Id>,
    author: Option<String>,
    note: Option<String>,
    journal_id: Id,
    journal_seq: i64,
    content_hash: Digest32,
    lines: String,
}

/// What a request's billing is computed from.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub(crate) struct BillingRow {
    pub(crate) request_id: Id,
    pub(crate) event_id: Id,
    pub(crate) revision: i32,
    pub(crate) attempt: i32,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) model_sent: Option<String>,
    pub(crate) model_served: Option<String>,
    pub(crate) input_tokens: Option<i64>,
    pub(crate) cache_read_tokens: Option<i64>,
    pub(crate) cache_write_tokens: Option<i64>,
    pub(crate) output_tokens: Option<i64>,
    pub(crate) reasoning_tokens: Option<i64>,
    pub(crate) list_cost: Option<Money>,
    pub(crate) cost: Option<Money>,
    pub(crate) charge: Option<Money>,
}

/// A row of `ledger_batches`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_batches, treat_none_as_default_value = false)]
pub(crate) struct BatchRow {
    pub(crate) journal_id: Id,
    pub(crate) ordinal: i64,
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
    pub(crate) entry_count: i32,
    pub(crate) cost: Money,
    pub(crate) previous: Digest32,
    pub(crate) digest: Digest32,
    pub(crate) recorded_at: At,
}

/// A row of `ledger_conflicts` as it is read.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = ledger_conflicts)]
pub(crate) struct StoredConflictRow {
    pub(crate) event_id: Id,
    journal_id: Id,
    journal_seq: i64,
    body: String,
    recorded_at: At,
}

/// A row of `ledger_conflicts`: an entry that met another of the same identity.
#[derive(Debug, Insertable)]
#[diesel(table_name = ledger_conflicts, treat_none_as_default_value = false)]
pub(crate) struct ConflictRow {
    pub(crate) event_id: Id,
    pub(crate) revision: i32,
    pub(crate) content_hash: Digest32,
    pub(crate) stored_hash: Digest32,
    pub(crate) journal_id: Id,
    pub(crate) journal_seq: i64,
    pub(crate) body: String,
    pub(crate) recorded_at: At,
}
