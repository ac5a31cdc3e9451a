//! The tables, the same in both databases; a test compares them with what the migrations make.

mod access;
mod config;
mod deferred;
mod jobs;
mod ledger;
mod prices;
mod reports;
mod sums;

pub(crate) use access::{admin_sessions, admin_tokens, audit_log, idempotent_requests};
pub(crate) use config::{api_keys, config_version, meta, upstreams};
pub(crate) use deferred::{deferred_operations, hidden_objects, upstream_objects};
pub(crate) use jobs::{job_pauses, job_runs};
pub(crate) use ledger::{
    journal_gaps, ledger_batches, ledger_conflicts, ledger_entries, request_logs, request_rollups,
    rollup_extras, rollup_histograms,
};
pub(crate) use prices::{
    catalog_models, job_leases, price_aliases, price_book_versions, price_holds, price_multipliers,
    price_overrides, price_releases, rate_cards,
};
pub(crate) use reports::{attention_days, attention_states, rollup_late, rollups};
pub(crate) use sums::{attention_months, pending_sums, rollup_combined, rollup_frames};
