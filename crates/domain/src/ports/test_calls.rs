//! An operator's test of an upstream: one tiny request, sent as any other.

use async_trait::async_trait;

use super::StoreError;
use crate::{Actor, LedgerEntry, ModelName, Protocol, RequestId, Timestamp, Upstream, UpstreamId, Usage};

/// What to send, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCall {
    /// The upstream, whether it takes traffic or not.
    pub upstream: UpstreamId,
    /// In which wire protocol; one that the upstream speaks, by default.
    pub protocol: Option<Protocol>,
    /// The model a caller would name; the first one that the upstream's rules spell out, by default.
    pub model: Option<ModelName>,
    /// Whether the answer is asked for as a stream.
    pub stream: bool,
}

/// What would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestPlan {
    /// The wire protocol.
    pub protocol: Protocol,
    /// The model a caller would name.
    pub model: ModelName,
    /// The model that is sent.
    pub model_sent: ModelName,
    /// Whether a caller's request for the model could go there.
    pub routed: bool,
    /// The most it can use: every byte sent counted as a token, every token asked for.
    pub usage_at_most: Usage,
    /// Whether the provider bills such a request at all.
    pub is_billed: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// The request, for log and receipt.
    pub request_id: RequestId,
    /// The status that a caller would have got.
    pub status: u16,
    /// The gateway's own name for what went wrong; `None` where the upstream answered.
    pub error: Option<String>,
    /// The beginning of the answer, the upstream's credential masked.
    pub said: String,
    /// Whether there was more.
    pub is_cut: bool,
    /// From dispatch to the last byte, in microseconds.
    pub duration_us: u64,
    /// The ledger's entry, as it was journaled; `None` where nothing was sent, or none came in time.
    pub entry: Option<LedgerEntry>,
}

/// Why nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestRefusal {
    /// The gateway does not know it (yet).
    #[error(
        "the gateway that answered does not know the upstream yet, or cannot open its credential; try again in a moment, or \
         see its log"
    )]
    UnknownUpstream,
    /// It cannot be called as it is set up.
    #[error("it cannot be called: {problem}")]
    NotCallable {
        /// What is wrong.
        problem: String,
    },
    /// It does not speak the protocol.
    #[error("the upstream does not speak {protocol}; it speaks {spoken}")]
    NotSpoken {
        /// What was asked for.
        protocol: Protocol,
        /// What it speaks.
        spoken: String,
    },
    /// There is no tiny request in that protocol.
    #[error("there is no test call in {protocol}; there is one in {testable}")]
    NotTestable {
        /// What was asked for, or all the upstream speaks.
        protocol: String,
        /// What there is.
        testable: String,
    },
    /// None was named and the upstream's rules spell none out.
    #[error("name a model: the upstream's rules spell none out")]
    ModelMissing,
    /// The protocol knows no streams.
    #[error("{protocol} has no streams")]
    NoStreams {
        /// What was asked for.
        protocol: Protocol,
    },
}

/// Sends test calls through the forwarder that callers' requests go through, with the upstream's credential. What
/// reached the provider is in the ledger under [`KeyId::CONSOLE`](crate::KeyId::CONSOLE).
#[async_trait]
pub trait TestCalls: Send + Sync {
    /// What would be sent, without sending it.
    ///
    /// # Errors
    /// [`TestRefusal`].
    fn plan(&self, call: &TestCall) -> Result<TestPlan, TestRefusal>;

    /// Sends it and waits for the answer, for a bounded time.
    ///
    /// # Errors
    /// [`TestRefusal`] when nothing was sent.
    async fn call(&self, call: TestCall) -> Result<TestOutcome, TestRefusal>;
}

/// Who tested what.
#[async_trait]
pub trait TestCallStore: Send + Sync {
    /// Notes a test in the audit log, before it is sent.
    async fn note_test(
        &self,
        upstream: &Upstream,
        plan: &TestPlan,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError>;
}
