//! Request logs.

mod billing;
mod facts;

use diesel::prelude::*;
use tollgate_domain::ports::LogRow;
use tollgate_domain::{
    ErrorOrigin, KeyId, RequestId, RequestStatus, RoutingDecision, TokenTotals, UpstreamId,
};

use super::stored::{from_json, named, number, optional_number};
use crate::error::Corrupt;
use crate::schema::request_logs;
use crate::value::{At, Id, Money};

/// A row of `request_logs`: what happened, and its billing as last computed from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = request_logs, treat_none_as_default_value = false)]
pub(crate) struct RequestLogRow {
    pub(crate) request_id: Id,
    occurred_at: At,
    ended_at: Option<At>,
    key_id: Id,
    key_name: String,
    key_owner: Option<String>,
    key_team: Option<String>,
    upstream_id: Option<Id>,
    upstream_name: Option<String>,
    protocol: String,
    path: Option<String>,
    stream: bool,
    model_requested: Option<String>,
    http_status: Option<i32>,
    error_origin: Option<String>,
    error: Option<String>,
    attempts: i32,
    ttft_us: Option<i64>,
    duration_us: Option<i64>,
    caller_request_id: Option<String>,
    status: String,
    reason: Option<String>,
    /// Every unbilled reason of its attempts, each between commas; empty when there is none.
    reasons: String,
    detail: Option<String>,
    list_cost: Option<Money>,
    cost: Option<Money>,
    charge: Option<Money>,
    model_served: Option<String>,
    finish_reason: Option<String>,
    input_tokens: Option<i64>,
    cache_read_tokens: Option<i64>,
    cache_write_tokens: Option<i64>,
    output_tokens: Option<i64>,
    reasoning_tokens: Option<i64>,
    changed_at: Option<At>,
    /// Which upstreams came into question, as JSON.
    routing: Option<String>,
}

/// What the column `routing` says.
pub(crate) fn routing_decision(stored: Option<&str>) -> Result<Option<RoutingDecision>, Corrupt> {
    stored
        .map(|stored| from_json("routing decision", stored))
        .transpose()
}

impl RequestLogRow {
    fn tokens(&self) -> Result<Option<TokenTotals>, Corrupt> {
        let Some(input) = self.input_tokens else {
            return Ok(None);
        };
        let tokens = |count: Option<i64>| number("tokens", count.unwrap_or(0));
        Ok(Some(TokenTotals {
            input: number("tokens", input)?,
            cache_read: tokens(self.cache_read_tokens)?,
            cache_write: tokens(self.cache_write_tokens)?,
            output: tokens(self.output_tokens)?,
            reasoning: tokens(self.reasoning_tokens)?,
        }))
    }
}

impl TryFrom<RequestLogRow> for LogRow {
    type Error = Corrupt;

    fn try_from(row: RequestLogRow) -> Result<Self, Corrupt> {
        let origin = row.error_origin.as_deref();
        let tokens = row.tokens()?;
        Ok(Self {
            request_id: RequestId::new(row.request_id.0),
            occurred_at: row.occurred_at.0,
            ended_at: row.ended_at.map(|at| at.0),
            key_id: KeyId::new(row.key_id.0),
            key_name: row.key_name,
            owner: row.key_owner,
            team: row.key_team,
            upstream_id: row.upstream_id.map(|id| UpstreamId::new(id.0)),
            upstream_name: row.upstream_name,
            protocol: row.protocol.parse().map_err(Corrupt::of("protocol"))?,
            path: row.path,
            stream: row.stream,
            model_requested: row.model_requested,
            http_status: optional_number("status", row.http_status)?,
            error_origin: origin
                .map(|name| named("error origin", name, &ErrorOrigin::ALL, ErrorOrigin::as_str))
                .transpose()?,
            error: row.error,
            attempts: number("attempts", row.attempts)?,
            ttft_us: optional_number("time to first token", row.ttft_us)?,
            duration_us: optional_number("duration", row.duration_us)?,
            model_served: row.model_served,
            finish_reason: row.finish_reason,
            tokens,
            changed_at: row.changed_at.map(|at| at.0),
            caller_request_id: row.caller_request_id,
            status: named(
                "request status",
                &row.status,
                &RequestStatus::ALL,
                RequestStatus::as_str,
            )?,
            reason: row.reason,
            detail: row.detail,
            list_cost: row.list_cost.map(|cost| cost.0),
            cost: row.cost.map(|cost| cost.0),
            charge: row.charge.map(|charge| charge.0),
        })
    }
}
