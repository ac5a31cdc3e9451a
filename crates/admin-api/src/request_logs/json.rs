//! Request logs on the wire.

use serde::Serialize;
use tollgate_domain::ports::LogRow;
use tollgate_domain::{
    ErrorOrigin, KeyId, Protocol, RequestId, RequestStatus, Timestamp, TokenTotals, UpstreamId, Usd,
};
use utoipa::ToSchema;

use crate::schema::{
    CurrencySchema, ErrorOriginSchema, ProtocolSchema, RequestStatusSchema, TimestampSchema,
    TokensPerSecondSchema, UnbilledReasonSchema, UsdSchema,
};

/// A request with its bill. What only the end of a request knows is null for requests whose end was never seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLog, examples(super::json::example))]
pub(super) struct RequestLogResponse {
    /// The request.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// Admission.
    #[schema(value_type = TimestampSchema)]
    occurred_at: Timestamp,
    /// The last byte to the caller.
    #[schema(value_type = Option<TimestampSchema>)]
    ended_at: Option<Timestamp>,
    /// The key.
    #[schema(value_type = Uuid)]
    key_id: KeyId,
    /// Its name then.
    key_name: String,
    /// Its owner then.
    owner: Option<String>,
    /// Its team then.
    team: Option<String>,
    /// The upstream that answered last.
    #[schema(value_type = Option<Uuid>)]
    upstream_id: Option<UpstreamId>,
    /// Its name then.
    upstream_name: Option<String>,
    /// The wire protocol.
    #[schema(value_type = ProtocolSchema)]
    protocol: Protocol,
    /// The path as called, without query.
    path: Option<String>,
    /// Whether a stream was asked for.
    stream: bool,
    /// The model the caller named.
    model_requested: Option<String>,
    /// The model that answered last, as its response says it; else the one sent to it.
    model_served: Option<String>,
    /// The status the caller got.
    http_status: Option<u16>,
    /// Whose error it was, if it was one.
    #[schema(value_type = Option<ErrorOriginSchema>)]
    error_origin: Option<ErrorOrigin>,
    /// What the error was.
    error: Option<String>,
    /// How many attempts were sent.
    attempts: u16,
    /// From admission to the first content, in microseconds.
    ttft_us: Option<u64>,
    /// From admission to the end, in microseconds.
    duration_us: Option<u64>,
    /// Output tokens a second, as a decimal with three places: from first content to end where a stream showed the first
    /// content, else from admission to end; null where tokens or times are not known.
    #[schema(value_type = Option<TokensPerSecondSchema>)]
    tokens_per_second: Option<String>,
    /// Why generation stopped, as the provider says it; of the last attempt.
    finish_reason: Option<String>,
    /// Over its attempts; null where no attempt's usage is known.
    tokens: Option<LogTokens>,
    /// The caller's own request id.
    caller_request_id: Option<String>,
    /// Over its attempts.
    #[schema(value_type = RequestStatusSchema)]
    billing_status: RequestStatus,
    /// Why its latest unbilled attempt is unbilled.
    #[schema(value_type = Option<UnbilledReasonSchema>)]
    reason: Option<String>,
    /// What that reason does not say.
    detail: Option<String>,
    /// At card rates, all multipliers 1; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstreams charge us; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What the key's owner pays; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Of the three amounts.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
}

/// Token sums. What was read from or written to a cache is a part of the input, reasoning a part of the output.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogTokens, examples(json!({
    "input": 1_000, "cache_read": 800, "cache_write": 0, "output": 120, "reasoning": 64,
})))]
pub(super) struct LogTokens {
    /// All input, cached or not.
    input: u64,
    /// Of it, served from a cache.
    cache_read: u64,
    /// Of it, written to a cache.
    cache_write: u64,
    /// All output, reasoning included.
    output: u64,
    /// Of it, reasoning.
    reasoning: u64,
}

/// A number of thousandths as a decimal text.
pub(crate) fn thousandths(milli: u64) -> String {
    format!("{}.{:03}", milli / 1_000, milli % 1_000)
}

impl From<TokenTotals> for LogTokens {
    fn from(tokens: TokenTotals) -> Self {
        Self {
            input: tokens.input,
            cache_read: tokens.cache_read,
            cache_write: tokens.cache_write,
            output: tokens.output,
            reasoning: tokens.reasoning,
        }
    }
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "occurred_at": "2026-11-05T08:00:00Z",
        "ended_at": "2026-11-05T08:00:01.5Z",
        "key_id": "0198f0a0-0000-7000-8000-000000000002",
        "key_name": "search-backend",
        "owner": "ada@example.com",
        "team": "search",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "protocol": "openai_chat",
        "path": "/v1/chat/completions",
        "stream": true,
        "model_requested": "gpt-5-mini",
        "model_served": "gpt-5-mini-2026-01-01",
        "http_status": 200,
        "error_origin": null,
        "error": null,
        "attempts": 1,
        "ttft_us": 350_000,
        "duration_us": 1_500_000,
        "tokens_per_second": "869.565",
        "finish_reason": "stop",
        "tokens": {"input": 1_000, "cache_read": 0, "cache_write": 0, "output": 1_000, "reasoning": 0},
        "caller_request_id": null,
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "list_cost": "0.00225",
        "cost": "0.0019125",
        "charge": "0.0019125",
        "currency": "USD",
    })
}

impl From<LogRow> for RequestLogResponse {
    fn from(row: LogRow) -> Self {
        let speed = row.milli_tokens_per_second().map(thousandths);
        Self {
            request_id: row.request_id,
            occurred_at: row.occurred_at,
            ended_at: row.ended_at,
            key_id: row.key_id,
            key_name: row.key_name,
            owner: row.owner,
            team: row.team,
            upstream_id: row.upstream_id,
            upstream_name: row.upstream_name,
            protocol: row.protocol,
            path: row.path,
            stream: row.stream,
            model_requested: row.model_requested,
            model_served: row.model_served,
            http_status: row.http_status,
            error_origin: row.error_origin,
            error: row.error,
            attempts: row.attempts,
            ttft_us: row.ttft_us,
            duration_us: row.duration_us,
            tokens_per_second: speed,
            finish_reason: row.finish_reason,
            tokens: row.tokens.map(Into::into),
            caller_request_id: row.caller_request_id,
            billing_status: row.status,
            reason: row.reason,
            detail: row.detail,
            list_cost: row.list_cost,
            cost: row.cost,
            charge: row.charge,
            currency: crate::schema::CURRENCY,
        }
    }
}
