//! Rows, and how they map to domain types. Pure.

mod activity;
mod admin_token;
mod api_key;
mod attention;
mod attention_months;
mod audit;
mod columns;
mod deferred;
mod frame;
mod hold;
mod idempotent;
mod job;
mod journal_gap;
mod ledger_entry;
mod posting;
mod price;
mod release;
mod request_log;
mod rollup;
mod session;
mod stats;
mod stored;
mod tally;
mod unpriced;
mod upstream;

pub(crate) use activity::LastUsedRow;
pub(crate) use admin_token::{AdminTokenRow, noted_token};
pub(crate) use api_key::ApiKeyRow;
pub(crate) use attention::{AttentionSumRow, SeenDayRow, SeenRow, StateRow, UnbilledRow};
pub(crate) use attention_months::{Seen, SeenDays, SeenMonthRow, ThingRow};
pub(crate) use audit::{AuditRow, Edit, NewAuditRow, state};
pub(crate) use columns::{ExtrasColumns, KeyColumns, ValueColumns};
pub(crate) use deferred::{DeferredRow, ObjectRow};
pub(crate) use frame::{CombinedRow, FrameRow, MemberFrameRow, ModelFrameRow, StoredFrameRow};
pub(crate) use hold::{HoldRow, LeaseRow};
pub(crate) use idempotent::{IdempotentRow, StoredClaim};
pub(crate) use job::{JobPauseRow, JobRunRow};
pub(crate) use journal_gap::{GapRow, GapTotalsRow};
pub(crate) use ledger_entry::{BatchRow, BillingRow, ConflictRow, LedgerEntryRow, StoredConflictRow};
pub(crate) use posting::PostingRow;
pub(crate) use price::{AliasRow, CardRow, MultiplierRow, OverrideRow, SpanRow, VersionRow};
pub(crate) use release::{CatalogRow, ReleaseRow, RunEndRow, origin};
pub(crate) use request_log::{RequestLogRow, routing_decision};
pub(crate) use rollup::{
    ExtrasRow, ExtrasSumRow, HistogramRow, LateRow, RequestRollupKey, RequestRollupRow, RollupRow, SumRow,
};
pub(crate) use session::SessionRow;
pub(crate) use stats::{HistogramSumRow, RequestSumRow};
pub(crate) use tally::{CountSums, Counts, Tally};
pub(crate) use unpriced::UnpricedRow;
pub(crate) use upstream::{SealedCredential, UpstreamRow};
