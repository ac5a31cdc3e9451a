//! The columns of an exported request log.

use tollgate_domain::ErrorOrigin;
use tollgate_domain::ports::LogRow;

use super::json::thousandths;
use crate::export::{Cell, Column};
use crate::schema::CURRENCY;

macro_rules! columns {
    ($($name:ident: $of:expr;)*) => {
        &[$(Column { name: stringify!($name), of: $of },)*]
    };
}

pub(super) const COLUMNS: &[Column<LogRow>] = columns! {
    request_id: |row| Cell::text(row.request_id);
    occurred_at: |row| Cell::time(row.occurred_at);
    ended_at: |row| row.ended_at.map_or(Cell::Null, Cell::time);
    key_id: |row| Cell::text(row.key_id);
    key_name: |row| Cell::text(&row.key_name);
    key_owner: |row| Cell::optional_text(row.owner.as_ref());
    key_team: |row| Cell::optional_text(row.team.as_ref());
    upstream_id: |row| Cell::optional_text(row.upstream_id);
    upstream_name: |row| Cell::optional_text(row.upstream_name.as_ref());
    protocol: |row| Cell::text(row.protocol.as_str());
    path: |row| Cell::optional_text(row.path.as_ref());
    stream: |row| Cell::Bool(row.stream);
    model_requested: |row| Cell::optional_text(row.model_requested.as_ref());
    model_served: |row| Cell::optional_text(row.model_served.as_ref());
    http_status: |row| Cell::optional_integer(row.http_status);
    error_origin: |row| Cell::optional_text(row.error_origin.map(ErrorOrigin::as_str));
    error: |row| Cell::optional_text(row.error.as_ref());
    attempts: |row| Cell::integer(row.attempts);
    ttft_us: |row| Cell::optional_integer(row.ttft_us);
    duration_us: |row| Cell::optional_integer(row.duration_us);
    tokens_per_second: |row| row.milli_tokens_per_second().map_or(Cell::Null, |milli| Cell::Decimal(thousandths(milli)));
    finish_reason: |row| Cell::optional_text(row.finish_reason.as_ref());
    input_tokens: |row| Cell::optional_integer(row.tokens.map(|tokens| tokens.input));
    cache_read_tokens: |row| Cell::optional_integer(row.tokens.map(|tokens| tokens.cache_read));
    cache_write_tokens: |row| Cell::optional_integer(row.tokens.map(|tokens| tokens.cache_write));
    output_tokens: |row| Cell::optional_integer(row.tokens.map(|tokens| tokens.output));
    reasoning_tokens: |row| Cell::optional_integer(row.tokens.map(|tokens| tokens.reasoning));
    caller_request_id: |row| Cell::optional_text(row.caller_request_id.as_ref());
    billing_status: |row| Cell::text(row.status.as_str());
    reason: |row| Cell::optional_text(row.reason.as_ref());
    detail: |row| Cell::optional_text(row.detail.as_ref());
    list_cost_usd: |row| Cell::usd(row.list_cost);
    cost_usd: |row| Cell::usd(row.cost);
    charge_usd: |row| Cell::usd(row.charge);
    currency: |_| Cell::text(CURRENCY);
};
