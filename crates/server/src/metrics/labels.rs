//! Label sets.

use prometheus_client::encoding::EncodeLabelSet;
use tollgate_domain::{LedgerEntry, RequestLog};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RequestLabels {
    protocol: &'static str,
    /// `2xx`, `4xx`, `5xx`, or `499` for callers that went away.
    status: &'static str,
    /// Whose error it was: `client`, `upstream`, `gateway`, or empty.
    error: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RefusalLabels {
    pub(super) reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct AttemptLabels {
    protocol: &'static str,
    upstream: String,
    outcome: &'static str,
    billing_status: &'static str,
    /// Why it is not billed, or empty.
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct FlagLabels {
    pub(super) flag: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct UsageLabels {
    pub(super) meter: &'static str,
    pub(super) source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct CostLabels {
    pub(super) upstream: String,
    pub(super) source: &'static str,
}

impl RequestLabels {
    pub(super) fn of(log: &RequestLog) -> Self {
        Self {
            protocol: log.protocol.as_str(),
            status: match log.http_status {
                499 => "499",
                200..=299 => "2xx",
                300..=399 => "3xx",
                400..=498 => "4xx",
                _ => "5xx",
            },
            error: log.error_origin.map_or("", tollgate_domain::ErrorOrigin::as_str),
        }
    }
}

impl AttemptLabels {
    pub(super) fn of(entry: &LedgerEntry) -> Self {
        Self {
            protocol: entry.attempt.protocol.as_str(),
            upstream: entry.attempt.upstream.name.to_string(),
            outcome: entry.outcome.kind.as_str(),
            billing_status: entry.verdict.status().as_str(),
            reason: entry.verdict.reason().unwrap_or_default(),
        }
    }
}
