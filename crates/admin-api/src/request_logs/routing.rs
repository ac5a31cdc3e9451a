//! Why a request went where it went.

use serde::Serialize;
use tollgate_domain::{RoutingCandidate, RoutingDecision, RoutingResult, UpstreamId};
use utoipa::ToSchema;

use crate::schema::RoutingResultSchema;

/// Which upstreams came into question, and what came of each.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogRouting, examples(super::routing::example))]
pub(super) struct LogRouting {
    /// First those it could go to, in the order they were to be tried; then those that were passed over, the nearest to
    /// being used first. At most 12.
    candidates: Vec<LogCandidate>,
    /// How many more were passed over.
    omitted: u32,
}

/// One upstream that came into question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogCandidate, examples(json!({
    "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
    "upstream_name": "openai-main",
    "priority": 0,
    "weight": 1,
    "result": "answered",
    "http_status": 200,
    "error": null,
})))]
struct LogCandidate {
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name then.
    upstream_name: String,
    /// Its priority then; lower goes first.
    priority: i32,
    /// Its share among equals then.
    weight: u32,
    /// What came of it.
    #[schema(value_type = RoutingResultSchema)]
    result: RoutingResult,
    /// The status of its answer, if it answered; after 429 and 5xx the next one is tried.
    http_status: Option<u16>,
    /// Why it did not answer, by the stable name that `x-tollgate-error` has.
    error: Option<String>,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "candidates": [
            {
                "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
                "upstream_name": "openai-main",
                "priority": 0,
                "weight": 1,
                "result": "answered",
                "http_status": 200,
                "error": null,
            },
            {
                "upstream_id": "0198f0a0-0000-7000-8000-000000000005",
                "upstream_name": "openai-spare",
                "priority": 10,
                "weight": 1,
                "result": "not_reached",
                "http_status": null,
                "error": null,
            },
        ],
        "omitted": 0,
    })
}

impl From<RoutingDecision> for LogRouting {
    fn from(decision: RoutingDecision) -> Self {
        Self {
            candidates: decision.candidates().iter().map(LogCandidate::of).collect(),
            omitted: decision.omitted(),
        }
    }
}

impl LogCandidate {
    fn of(candidate: &RoutingCandidate) -> Self {
        Self {
            upstream_id: candidate.upstream_id,
            upstream_name: candidate.name.to_string(),
            priority: candidate.priority,
            weight: candidate.weight,
            result: candidate.result,
            http_status: candidate.http_status,
            error: candidate.error.as_deref().map(str::to_owned),
        }
    }
}
