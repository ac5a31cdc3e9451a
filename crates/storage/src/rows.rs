//! Rows, and how they map to domain types. Pure.

mod activity;
mod admin_token;
mod api_key;
mod attention;
mod audit;
mod deferred;
mod hold;
mod job;
mod journal_gap;
mod ledger_entry;
mod posting;
mod price;
mod release;
mod request_log;
mod rollup;
mod stored;
mod unpriced;
mod upstream;

pub(crate) use activity::LastUsedRow;
pub(crate) use admin_token::AdminTokenRow;
pub(crate) use api_key::ApiKeyRow;
pub(crate) use attention::{AttentionDayRow, AttentionSumRow, StateRow, UnbilledRow};
pub(crate) use audit::{Edit, NewAuditRow, state};
pub(crate) use deferred::{DeferredRow, ObjectRow};
pub(crate) use hold::{HoldRow, LeaseRow};
pub(crate) use job::{JobPauseRow, JobRunRow};
pub(crate) use journal_gap::{GapRow, GapTotalsRow};
pub(crate) use ledger_entry::{BatchRow, BillingRow, ConflictRow, LedgerEntryRow};
pub(crate) use posting::PostingRow;
pub(crate) use price::{AliasRow, CardRow, MultiplierRow, OverrideRow, SpanRow, VersionRow};
pub(crate) use release::{CatalogRow, ReleaseRow, RunEndRow, origin};
pub(crate) use request_log::RequestLogRow;
pub(crate) use rollup::{HistogramRow, LateRow, RollupRow, SpanSumRow, SumRow};
pub(crate) use unpriced::UnpricedRow;
pub(crate) use upstream::{SealedCredential, UpstreamRow};
