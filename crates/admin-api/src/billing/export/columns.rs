//! The columns of an exported ledger entry: all that the ledger keeps of it. Of an adjustment the amounts are signed
//! deltas, and everything else is the attempt's as it is billed now.

use std::fmt::Display;

use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{LedgerEntry, ZeroReason};

use crate::export::{Cell, Column};
use crate::schema::CURRENCY;

macro_rules! columns {
    ($($name:ident: $of:expr;)*) => {
        &[$(Column { name: stringify!($name), of: $of },)*]
    };
}

pub(super) const COLUMNS: &[Column<RecordedEntry>] = columns! {
    event_id: |row| Cell::text(entry(row).attempt.event_id);
    revision: |row| Cell::integer(entry(row).revision);
    request_id: |row| Cell::text(entry(row).attempt.request_id);
    attempt: |row| Cell::integer(entry(row).attempt.attempt);
    kind: |row| Cell::text(entry(row).kind.as_str());
    status: |row| Cell::text(entry(row).verdict.status().as_str());
    reason: |row| Cell::optional_text(entry(row).verdict.reason());
    detail: |row| Cell::optional_text(entry(row).detail.as_ref());
    usage_source: |row| Cell::text(entry(row).usage_source.as_str());
    outcome: |row| Cell::text(entry(row).outcome.kind.as_str());
    http_status: |row| Cell::optional_integer(entry(row).outcome.http_status);
    key_id: |row| Cell::text(entry(row).attempt.key.id);
    key_name: |row| Cell::text(&entry(row).attempt.key.name);
    key_owner: |row| Cell::optional_text(entry(row).attempt.key.owner.as_ref());
    key_team: |row| Cell::optional_text(entry(row).attempt.key.team.as_ref());
    key_tags: |row| Cell::json(&*entry(row).attempt.key.tags);
    upstream_id: |row| Cell::text(entry(row).attempt.upstream.id);
    upstream_name: |row| Cell::text(&entry(row).attempt.upstream.name);
    provider: |row| Cell::text(entry(row).attempt.upstream.provider.as_str());
    account_label: |row| Cell::optional_text(entry(row).attempt.upstream.account_label.as_ref());
    credential_fingerprint: |row| Cell::optional_text(entry(row).attempt.upstream.credential_fingerprint.as_ref());
    protocol: |row| Cell::text(entry(row).attempt.protocol.as_str());
    stream: |row| Cell::Bool(entry(row).attempt.stream);
    model_requested: |row| Cell::optional_text(entry(row).attempt.model_requested.as_ref());
    model_sent: |row| Cell::optional_text(entry(row).attempt.model_sent.as_ref());
    model_served: |row| Cell::optional_text(entry(row).outcome.model_served.as_ref());
    priced_as: |row| Cell::optional_text(entry(row).pricing.as_ref().map(|pricing| &pricing.priced_as));
    tier_requested: |row| Cell::optional_text(entry(row).attempt.tier_requested.as_ref());
    tier_served: |row| Cell::optional_text(entry(row).outcome.tier_served.as_ref());
    price_source: |row| Cell::optional_text(entry(row).pricing.as_ref().map(|pricing| pricing.source.as_str()));
    price_version: |row| Cell::integer(entry(row).attempt.price_version.get());
    band_above_tokens: |row| Cell::optional_integer(entry(row).pricing.as_ref().and_then(|pricing| pricing.band_above_tokens));
    input_multiplier: |row| decimal(entry(row).pricing.as_ref().map(|pricing| pricing.input_multiplier));
    output_multiplier: |row| decimal(entry(row).pricing.as_ref().map(|pricing| pricing.output_multiplier));
    input_tokens: |row| Cell::optional_integer(entry(row).token_totals().map(|tokens| tokens.input));
    cache_read_tokens: |row| Cell::optional_integer(entry(row).token_totals().map(|tokens| tokens.cache_read));
    cache_write_tokens: |row| Cell::optional_integer(entry(row).token_totals().map(|tokens| tokens.cache_write));
    output_tokens: |row| Cell::optional_integer(entry(row).token_totals().map(|tokens| tokens.output));
    reasoning_tokens: |row| Cell::optional_integer(entry(row).token_totals().map(|tokens| tokens.reasoning));
    list_cost_usd: |row| Cell::usd(entry(row).amounts.map(|amounts| amounts.list_cost));
    cost_usd: |row| Cell::usd(entry(row).amounts.map(|amounts| amounts.cost));
    charge_usd: |row| Cell::usd(entry(row).amounts.map(|amounts| amounts.charge));
    zero_reason: |row| Cell::optional_text(entry(row).zero_reason.map(ZeroReason::as_str));
    provider_reported_cost_usd: |row| Cell::usd(entry(row).provider_reported_cost);
    currency: |_| Cell::text(CURRENCY);
    response_id: |row| Cell::optional_text(entry(row).outcome.response_id.as_ref());
    finish_reason: |row| Cell::optional_text(entry(row).outcome.finish_reason.as_ref());
    end_user: |row| Cell::optional_text(entry(row).attempt.caller.end_user.as_ref());
    caller_request_id: |row| Cell::optional_text(entry(row).attempt.caller.request_id.as_ref());
    idempotency_key: |row| Cell::optional_text(entry(row).attempt.caller.idempotency_key.as_ref());
    sdk_retry_count: |row| Cell::optional_integer(entry(row).attempt.caller.sdk_retry_count);
    metadata: |row| Cell::json(&entry(row).attempt.caller.metadata);
    ttft_us: |row| Cell::optional_integer(entry(row).outcome.ttft_us);
    occurred_at: |row| Cell::time(entry(row).attempt.occurred_at);
    ended_at: |row| Cell::time(entry(row).outcome.ended_at);
    recorded_at: |row| Cell::time(row.recorded_at);
    accounting_period: |row| Cell::text(&entry(row).accounting_period);
    run_id: |row| Cell::optional_text(entry(row).adjustment.as_ref().map(|adjustment| adjustment.run_id));
    author: |row| Cell::optional_text(entry(row).adjustment.as_ref().map(|adjustment| &adjustment.author));
    note: |row| Cell::optional_text(entry(row).adjustment.as_ref().and_then(|adjustment| adjustment.note.as_ref()));
    journal_id: |row| Cell::text(row.journaled.journal_id);
    journal_seq: |row| Cell::integer(row.journaled.journal_seq);
    content_hash: |row| hex(&entry(row).content_hash());
    flags: |row| Cell::json(&entry(row).flags);
    usage: |row| entry(row).usage.as_ref().map_or(Cell::Null, Cell::json);
    provider_usage: |row| provider_usage(row);
    lines: |row| Cell::json(&entry(row).lines);
};

fn entry(row: &RecordedEntry) -> &LedgerEntry {
    &row.journaled.entry
}

fn decimal(number: Option<impl Display>) -> Cell {
    number.map_or(Cell::Null, |number| Cell::Decimal(number.to_string()))
}

/// The provider's own counters are verbatim JSON; were they ever not, they are a text.
fn provider_usage(row: &RecordedEntry) -> Cell {
    let Some(told) = &entry(row).provider_usage else {
        return Cell::Null;
    };
    match serde_json::from_str::<&serde_json::value::RawValue>(told) {
        Ok(document) if !document.get().contains(['\n', '\r']) => Cell::Json(document.get().to_owned()),
        _ => Cell::Text(told.clone()),
    }
}

fn hex(bytes: &[u8]) -> Cell {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    Cell::Text(
        halves
            .filter_map(|half| char::from_digit(u32::from(half), 16))
            .collect(),
    )
}
