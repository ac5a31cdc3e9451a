//! Request logs: what happened to each request, prunable, apart from the ledger.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{CallerRef, KeyRef, ModelName, Protocol, RequestId, RoutingDecision, Timestamp, UpstreamId};

/// One finished request. Its billing status and cost are not here: they are derived from the ledger when
/// either is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLog {
    /// The request.
    pub request_id: RequestId,
    /// Admission.
    pub occurred_at: Timestamp,
    /// The last byte to the caller.
    pub ended_at: Timestamp,
    /// Who asked.
    pub key: Arc<KeyRef>,
    /// In which wire protocol.
    pub protocol: Protocol,
    /// The path as called, without query.
    pub path: String,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The model the caller named.
    pub model_requested: Option<ModelName>,
    /// The status the caller got.
    pub http_status: u16,
    /// Whose error it was, if it was one.
    pub error_origin: Option<ErrorOrigin>,
    /// A short description of the error, never secret.
    pub error: Option<String>,
    /// How many attempts were sent.
    pub attempts: u16,
    /// The upstream that answered last, and its name then.
    pub upstream: Option<(UpstreamId, Arc<str>)>,
    /// From admission to the first content, in microseconds.
    pub ttft_us: Option<u64>,
    /// From admission to the end, in microseconds.
    pub duration_us: u64,
    /// What the caller says of itself.
    pub caller: Arc<CallerRef>,
    /// Which upstreams came into question; empty where the request was refused before that.
    #[serde(default, skip_serializing_if = "RoutingDecision::is_empty")]
    pub routing: RoutingDecision,
}

/// Where an error came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorOrigin {
    /// The caller's own request.
    Client,
    /// The upstream.
    Upstream,
    /// The gateway.
    Gateway,
}

/// What the first digit of an HTTP status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusClass {
    /// 2xx.
    Success,
    /// 3xx.
    Redirect,
    /// 4xx.
    ClientError,
    /// 5xx.
    ServerError,
    /// There is no status: the end of the request was never seen.
    Unknown,
}

impl StatusClass {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Success,
        Self::Redirect,
        Self::ClientError,
        Self::ServerError,
        Self::Unknown,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "2xx",
            Self::Redirect => "3xx",
            Self::ClientError => "4xx",
            Self::ServerError => "5xx",
            Self::Unknown => "none",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// The lowest status of the class; `None` where there is none.
    pub const fn first_status(self) -> Option<u16> {
        match self {
            Self::Success => Some(200),
            Self::Redirect => Some(300),
            Self::ClientError => Some(400),
            Self::ServerError => Some(500),
            Self::Unknown => None,
        }
    }
}

impl ErrorOrigin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Client, Self::Upstream, Self::Gateway];

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == name)
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Upstream => "upstream",
            Self::Gateway => "gateway",
        }
    }
}
