//! `SQLite`.

mod pool;

#[path = "dialect_sqlite.rs"]
mod dialect;

#[path = "queries/activation.rs"]
pub(crate) mod activation;
#[path = "queries/activity.rs"]
pub(crate) mod activity;
#[path = "queries/attention.rs"]
pub(crate) mod attention;
#[path = "queries/attention_months.rs"]
mod attention_months;
#[path = "queries/audit.rs"]
pub(crate) mod audit;
#[path = "queries/audit_rules.rs"]
mod audit_rules;
#[path = "queries/batches.rs"]
pub(crate) mod batches;
#[path = "queries/catalog.rs"]
mod catalog;
#[path = "queries/changes.rs"]
pub(crate) mod changes;
#[path = "queries/changes_of.rs"]
mod changes_of;
#[path = "queries/combined.rs"]
mod combined;
#[path = "queries/commit.rs"]
pub(crate) mod commit;
#[path = "queries/config.rs"]
pub(crate) mod config;
#[path = "queries/conflicts.rs"]
pub(crate) mod conflicts;
#[path = "queries/counters.rs"]
mod counters;
#[path = "queries/cut_hours.rs"]
mod cut_hours;
#[path = "queries/deferred.rs"]
pub(crate) mod deferred;
#[path = "queries/derived.rs"]
pub(crate) mod derived;
#[path = "queries/edit.rs"]
mod edit;
#[path = "queries/entries.rs"]
pub(crate) mod entries;
#[path = "queries/export.rs"]
pub(crate) mod export;
#[path = "queries/frames.rs"]
mod frames;
#[path = "queries/gaps.rs"]
pub(crate) mod gaps;
#[path = "queries/gathering.rs"]
mod gathering;
#[path = "queries/holds.rs"]
pub(crate) mod holds;
#[path = "queries/idempotency.rs"]
pub(crate) mod idempotency;
#[path = "queries/jobs.rs"]
pub(crate) mod jobs;
#[path = "queries/key_tokens.rs"]
pub(crate) mod key_tokens;
#[path = "queries/keys.rs"]
pub(crate) mod keys;
#[path = "queries/leases.rs"]
mod leases;
#[path = "queries/log_filter.rs"]
mod log_filter;
#[path = "queries/log_reads.rs"]
pub(crate) mod log_reads;
#[path = "queries/logs.rs"]
mod logs;
#[path = "queries/maintenance.rs"]
pub(crate) mod maintenance;
#[path = "queries/migrations.rs"]
pub(crate) mod migrations;
#[path = "queries/model_means.rs"]
pub(crate) mod model_means;
#[path = "queries/object_lists.rs"]
pub(crate) mod object_lists;
#[path = "queries/pending.rs"]
pub(crate) mod pending;
#[path = "queries/price_changes.rs"]
pub(crate) mod price_changes;
#[path = "queries/price_rules.rs"]
pub(crate) mod price_rules;
#[path = "queries/prices.rs"]
pub(crate) mod prices;
#[path = "queries/quarters.rs"]
mod quarters;
#[path = "queries/readings.rs"]
mod readings;
#[path = "queries/recent.rs"]
pub(crate) mod recent;
#[path = "queries/recent_filter.rs"]
mod recent_filter;
#[path = "queries/releases.rs"]
pub(crate) mod releases;
#[path = "queries/reports.rs"]
pub(crate) mod reports;
#[path = "queries/rollups.rs"]
mod rollups;
#[path = "queries/routing.rs"]
pub(crate) mod routing;
#[path = "queries/runs.rs"]
pub(crate) mod runs;
#[path = "queries/seen.rs"]
pub(crate) mod seen;
#[path = "queries/sessions.rs"]
pub(crate) mod sessions;
#[path = "queries/stats.rs"]
pub(crate) mod stats;
#[path = "queries/stats_parts.rs"]
mod stats_parts;
#[path = "queries/sum_source.rs"]
mod sum_source;
#[path = "queries/sum_tail.rs"]
mod sum_tail;
#[path = "queries/sums.rs"]
pub(crate) mod sums;
#[path = "queries/system.rs"]
pub(crate) mod system;
#[path = "queries/token_edits.rs"]
pub(crate) mod token_edits;
#[path = "queries/tokens.rs"]
pub(crate) mod tokens;
#[path = "queries/top_sums.rs"]
pub(crate) mod top_sums;
#[path = "queries/traffic.rs"]
pub(crate) mod traffic;
#[path = "queries/unbilled.rs"]
pub(crate) mod unbilled;
#[path = "queries/upstreams.rs"]
pub(crate) mod upstreams;

use diesel::sqlite::SqliteConnection;

pub(crate) use pool::SqlitePools;

/// What the queries run on.
pub(crate) type Conn = SqliteConnection;
