//! A test on the wire.

use serde::Serialize;
use tollgate_domain::ports::{TestCall, TestOutcome, TestPlan};
use tollgate_domain::{
    BillingStatus, LedgerEntry, ModelName, Protocol, RequestId, Upstream, UpstreamId, Usage, UsageSource, Usd,
};
use utoipa::ToSchema;

use super::preview::{self, Preview, WinningRule};
use crate::schema::{
    BillingStatusSchema, CURRENCY, CurrencySchema, ProtocolSchema, ReasonSchema, UsageSourceSchema, UsdSchema,
};

/// What a test sends, what it costs at most, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamTest, examples(example))]
pub(in crate::upstreams) struct UpstreamTestResponse {
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name.
    upstream_name: String,
    /// The wire protocol.
    #[schema(value_type = ProtocolSchema)]
    protocol: Protocol,
    /// The model a caller would name.
    #[schema(value_type = String)]
    model: ModelName,
    /// The model that is sent.
    #[schema(value_type = String)]
    model_sent: ModelName,
    /// Whether a caller's request for the model could go there: the upstream is enabled and serves it.
    routed: bool,
    /// Whether the answer is asked for as a stream.
    stream: bool,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// What it costs at most.
    preview: Preview,
    /// What came of it; null where nothing was sent because of `dry_run`.
    result: Option<TestResult>,
}

/// What came of a test.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamTestResult, examples(result_example))]
pub(super) struct TestResult {
    /// The request, in the logs and for its receipt.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// Whether the upstream gave a complete answer with a status of success.
    ok: bool,
    /// The status a caller would have got.
    #[schema(minimum = 100, maximum = 599)]
    http_status: u16,
    /// The gateway's own name for what went wrong (`upstream_unreachable`, `connect_timed_out` …); null where the upstream
    /// answered to the end.
    error: Option<String>,
    /// From dispatch to the last byte.
    duration_us: u64,
    /// From dispatch to the first content; null where there was none.
    ttft_us: Option<u64>,
    /// What was said: the beginning of the answer, at most 4 KiB of it, the upstream's credential masked.
    said: String,
    /// Whether there was more.
    said_is_cut: bool,
    /// The model the answer says it came from.
    #[schema(value_type = Option<String>)]
    model_served: Option<ModelName>,
    /// The provider's id of the answer.
    response_id: Option<String>,
    /// Each unit counted once, by meter; null when not known.
    #[schema(value_type = Option<BTreeMap<String, u64>>)]
    usage: Option<Usage>,
    /// How the usage was learnt; null where there is no entry.
    #[schema(value_type = Option<UsageSourceSchema>)]
    usage_source: Option<UsageSource>,
    /// Whether the cost is known. Null where nothing reached the upstream, or the entry was not there in time; the
    /// receipt then tells.
    #[schema(value_type = Option<BillingStatusSchema>)]
    billing_status: Option<BillingStatus>,
    /// Why it is unbilled or free.
    #[schema(value_type = Option<ReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say.
    detail: Option<String>,
    /// At card rates, all multipliers 1; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstream charges us; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What a key's owner would pay; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// The rule that set the price; null when none did.
    rule: Option<WinningRule>,
}

impl UpstreamTestResponse {
    pub(super) fn new(
        upstream: &Upstream,
        call: &TestCall,
        plan: TestPlan,
        preview: Preview,
        outcome: Option<TestOutcome>,
    ) -> Self {
        Self {
            upstream_id: upstream.id,
            upstream_name: upstream.name.clone(),
            protocol: plan.protocol,
            model: plan.model,
            model_sent: plan.model_sent,
            routed: plan.routed,
            stream: call.stream,
            currency: CURRENCY,
            preview,
            result: outcome.map(Into::into),
        }
    }
}

impl From<TestOutcome> for TestResult {
    fn from(outcome: TestOutcome) -> Self {
        let entry = outcome.entry;
        let of = |get: fn(&LedgerEntry) -> Option<Usd>| entry.as_ref().and_then(get);
        let (list_cost, cost, charge) = (
            of(|entry| entry.amounts.map(|amounts| amounts.list_cost)),
            of(|entry| entry.amounts.map(|amounts| amounts.cost)),
            of(|entry| entry.amounts.map(|amounts| amounts.charge)),
        );
        let ended = entry.as_ref().map(|entry| &entry.outcome);
        Self {
            request_id: outcome.request_id,
            ok: outcome.error.is_none() && (200..300).contains(&outcome.status),
            http_status: outcome.status,
            error: outcome.error,
            duration_us: outcome.duration_us,
            ttft_us: ended.and_then(|ended| ended.ttft_us),
            said: outcome.said,
            said_is_cut: outcome.is_cut,
            model_served: ended.and_then(|ended| ended.model_served.clone()),
            response_id: ended.and_then(|ended| ended.response_id.clone()),
            usage_source: entry.as_ref().map(|entry| entry.usage_source),
            billing_status: entry.as_ref().map(|entry| entry.verdict.status()),
            reason: entry.as_ref().and_then(|entry| entry.verdict.reason()),
            list_cost,
            cost,
            charge,
            usage: entry.as_ref().and_then(|entry| entry.usage.clone()),
            detail: entry.as_ref().and_then(|entry| entry.detail.clone()),
            rule: entry.and_then(|entry| entry.pricing).map(Into::into),
        }
    }
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "protocol": "openai_chat",
        "model": "gpt-5-mini",
        "model_sent": "gpt-5-mini",
        "routed": true,
        "stream": false,
        "currency": CURRENCY,
        "preview": preview::example(),
        "result": result_example(),
    })
}

fn result_example() -> serde_json::Value {
    serde_json::json!({
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "ok": true,
        "http_status": 200,
        "error": null,
        "duration_us": 812_000,
        "ttft_us": 805_000,
        "said": "{\"id\":\"chatcmpl-1\",\"model\":\"gpt-5-mini\",\"choices\":[…]}",
        "said_is_cut": false,
        "model_served": "gpt-5-mini-2025-08-07",
        "response_id": "chatcmpl-1",
        "usage": {"input": 12, "output": 2},
        "usage_source": "reported",
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "list_cost": "0.000007",
        "cost": "0.00000595",
        "charge": "0.00000595",
        "rule": preview::rule_example(),
    })
}
