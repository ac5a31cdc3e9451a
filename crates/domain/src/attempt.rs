//! Attempts: one try at one upstream.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    EventId, KeyRef, MediaFormat, ModelName, PriceVersion, Protocol, RequestFacts, RequestId, Timestamp,
    UpstreamRef,
};

/// All that is known of an attempt when it is dispatched. Journaled before the first byte is sent, so that
/// an attempt cut short by a crash still has an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptContext {
    /// The attempt.
    pub event_id: EventId,
    /// The request it belongs to.
    pub request_id: RequestId,
    /// 1 for the first try.
    pub attempt: u16,
    /// Dispatch.
    pub occurred_at: Timestamp,
    /// Who asked.
    pub key: Arc<KeyRef>,
    /// Who was asked.
    pub upstream: Arc<UpstreamRef>,
    /// In which wire protocol.
    pub protocol: Protocol,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The model the caller named, if it named one.
    pub model_requested: Option<ModelName>,
    /// The model sent to the upstream.
    pub model_sent: Option<ModelName>,
    /// The service tier the caller asked for, as written.
    pub tier_requested: Option<String>,
    /// What the caller says of itself.
    pub caller: Arc<CallerRef>,
    /// What the bill may need of the request.
    #[serde(default, skip_serializing_if = "RequestFacts::is_plain")]
    pub facts: RequestFacts,
    /// The price book it was dispatched with.
    pub price_version: PriceVersion,
}

/// What a request carries about its caller.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CallerRef {
    /// The caller's own request id (`x-request-id`, `x-client-request-id`).
    pub request_id: Option<String>,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
    /// How often the SDK says it has retried (`x-stainless-retry-count`).
    pub sdk_retry_count: Option<u32>,
    /// The end user the caller names (`user`, `metadata.user_id` …).
    pub end_user: Option<String>,
    /// Allowed request metadata.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptOutcome {
    /// What happened.
    pub kind: OutcomeKind,
    /// The upstream's status, if it answered.
    pub http_status: Option<u16>,
    /// The end.
    pub ended_at: Timestamp,
    /// From dispatch to the first content, in microseconds.
    pub ttft_us: Option<u64>,
    /// The provider's response id.
    pub response_id: Option<String>,
    /// Why generation stopped, as the provider says it.
    pub finish_reason: Option<String>,
    /// The model the response says it came from.
    pub model_served: Option<ModelName>,
    /// The tier the response says it was served in, as written.
    pub tier_served: Option<String>,
    /// Price modifiers the response switched on: `fast`, `us` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<String>,
    /// The size and quality the response says was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<MediaFormat>,
}

/// What happened to an attempt that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutcomeKind {
    /// A complete answer.
    Completed,
    /// The upstream answered with an error status.
    UpstreamError,
    /// An error inside a stream that had begun.
    StreamError,
    /// The upstream's answer ended before its terminal event.
    Cut,
    /// No answer, or no progress, in time.
    TimedOut,
    /// The connection failed after something was sent.
    ConnectionLost,
    /// The caller went away and reading stopped.
    ClientGone,
    /// The gateway stopped before the attempt ended.
    Interrupted,
}

impl OutcomeKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Completed,
        Self::UpstreamError,
        Self::StreamError,
        Self::Cut,
        Self::TimedOut,
        Self::ConnectionLost,
        Self::ClientGone,
        Self::Interrupted,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::UpstreamError => "upstream_error",
            Self::StreamError => "stream_error",
            Self::Cut => "cut",
            Self::TimedOut => "timed_out",
            Self::ConnectionLost => "connection_lost",
            Self::ClientGone => "client_gone",
            Self::Interrupted => "interrupted",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl AttemptOutcome {
    /// An outcome with nothing learnt from a response.
    pub fn bare(kind: OutcomeKind, http_status: Option<u16>, ended_at: Timestamp) -> Self {
        Self {
            kind,
            http_status,
            ended_at,
            ttft_us: None,
            response_id: None,
            finish_reason: None,
            model_served: None,
            tier_served: None,
            modifiers: Vec::new(),
            format: None,
        }
    }
}
