//! Reading along with an answer that makes or shows an object.

use std::pin::Pin;
use std::sync::Arc;

use billing_core::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};
use http::StatusCode;
use tollgate_domain::{
    DeferredKind, DeferredOperation, KeyId, ModelName, OutcomeKind, Protocol, ProviderName, Timestamp,
    UpstreamId, UpstreamObject,
};
use tollgate_ledger::{AttemptEnd, OpenAttempt};

use super::desk::{Desk, Made};
use super::object::ObjectScan;

/// What an answer has to do with a deferred operation.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// It names the object that was made.
    Makes {
        kind: DeferredKind,
        item_protocol: Protocol,
        model: Option<ModelName>,
    },
    /// It shows the object, and with its end its usage.
    Ends(Arc<DeferredOperation>),
    /// It shows the object; its usage is elsewhere.
    Shows(Arc<DeferredOperation>),
    /// It names a file that was stored.
    Stores { models: Option<Vec<ModelName>> },
    /// It says where a file is to be sent; `as_called` is where the gateway itself was asked.
    BeginsUpload { as_called: Arc<str> },
}

/// Something that is done beside an answer.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What an answer is read with.
pub(crate) struct Watch {
    desk: Arc<Desk>,
    plan: Plan,
    scan: ObjectScan,
    meter: Option<ResponseMeter>,
    status: StatusCode,
    owner: (UpstreamId, KeyId),
}

/// The end of an operation, as an object told it.
pub(super) struct Ended {
    pub(super) end: AttemptEnd,
    pub(super) at: Option<Timestamp>,
}

impl Watch {
    pub(crate) fn new(
        desk: Arc<Desk>,
        plan: Plan,
        spec: &MeterSpec,
        status: StatusCode,
        content_type: Option<&str>,
        owner: (UpstreamId, KeyId),
    ) -> Self {
        let kind = BodyKind::from_content_type(spec, content_type, false);
        let sse = kind == BodyKind::Sse;
        let meter = match &plan {
            Plan::Ends(operation) => Some(meter(operation, &spec.provider, sse)),
            _ => None,
        };
        Self {
            desk,
            plan,
            scan: ObjectScan::new(spec.protocol.dialect(), sse),
            meter,
            status,
            owner,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.scan.push(bytes);
        if let Some(meter) = &mut self.meter {
            meter.push(bytes);
        }
    }

    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// What the answer made, if its usage comes later. A stream says so with its first event, and goes on.
    pub(crate) fn made(&self) -> Option<Made> {
        let Plan::Makes {
            kind,
            item_protocol,
            model,
        } = &self.plan
        else {
            return None;
        };
        let facts = self.scan.facts();
        // A response that is complete in its first answer is billed by it. A stream may come in one piece: it is handed
        // over all the same, for it can be resumed.
        let streams = self.scan.is_stream();
        let over = *kind == DeferredKind::Response && facts.is_terminal() && !streams;
        let known = streams || self.scan.is_whole();
        if !self.status.is_success() || over || !known {
            return None;
        }
        Some(Made {
            kind: *kind,
            object_id: facts.id()?.to_owned(),
            item_protocol: *item_protocol,
            model: model.clone(),
        })
    }

    /// Whether the operation is to be handed over while the answer goes on.
    pub(crate) fn is_stream(&self) -> bool {
        self.scan.is_stream()
    }

    /// Hands an attempt over.
    pub(crate) fn hand_over(
        &self,
        attempt: OpenAttempt,
        made: Made,
    ) -> (Arc<DeferredOperation>, impl Future<Output = ()> + Send + use<>) {
        self.desk.hand_over(attempt, made)
    }

    /// What is left to do at the end of the answer, and whether the answer waits for it: whatever it names must be
    /// found by the next request.
    pub(crate) fn finish(self) -> Option<(Work, bool)> {
        if !self.status.is_success() {
            return None;
        }
        let (upstream_id, key_id) = self.owner;
        let now = self.desk.now();
        let file = |object_id: &str, models: Option<Vec<ModelName>>, event_id| UpstreamObject {
            upstream_id,
            object_id: object_id.to_owned(),
            key_id,
            model: models.as_deref().and_then(only).cloned(),
            models,
            event_id,
            created_at: now,
        };
        let desk = Arc::clone(&self.desk);
        match self.plan {
            Plan::Makes { .. } | Plan::BeginsUpload { .. } => None,
            Plan::Stores { models } => {
                let file = file(self.scan.facts().id()?, models, None);
                Some((Box::pin(async move { desk.note_files(vec![file]).await }), true))
            }
            Plan::Shows(operation) => {
                let facts = self.scan.facts();
                let event = Some(operation.attempt.event_id);
                let files: Vec<_> = facts.files().map(|id| file(id, None, event)).collect();
                let over = facts.is_terminal();
                if files.is_empty() && !over {
                    return None;
                }
                let work = async move {
                    if !files.is_empty() {
                        desk.note_files(files).await;
                    }
                    if over {
                        desk.nudge(&operation).await;
                    }
                };
                Some((Box::pin(work), true))
            }
            Plan::Ends(operation) => {
                let ended = ended(&self.scan, self.meter)?;
                let work = async move { desk.settle(&operation, ended.end, ended.at).await };
                Some((Box::pin(work), false))
            }
        }
    }
}

/// The model of a file, if it is one.
fn only(models: &[ModelName]) -> Option<&ModelName> {
    match models {
        [model] => Some(model),
        _ => None,
    }
}

/// A meter for an object that tells its own usage.
pub(super) fn meter(operation: &DeferredOperation, provider: &ProviderName, sse: bool) -> ResponseMeter {
    let spec = MeterSpec {
        protocol: operation.item_protocol,
        provider: provider.clone(),
    };
    let kind = if sse { BodyKind::Sse } else { BodyKind::Json };
    ResponseMeter::new(&spec, kind, ContentCoding::Identity)
}

/// The end an object shows; `None` while it goes on.
pub(super) fn ended(scan: &ObjectScan, meter: Option<ResponseMeter>) -> Option<Ended> {
    let reading = meter?.finish();
    let facts = scan.facts();
    let over = if scan.is_stream() {
        reading.complete
    } else {
        facts.is_terminal() && scan.is_whole()
    };
    over.then(|| Ended {
        end: end_of(reading, facts.status()),
        at: facts.ended_at(),
    })
}

/// How an operation ended that told its own usage.
pub(super) fn end_of(reading: Reading, status: Option<&str>) -> AttemptEnd {
    let kind = if reading.stream_error.is_some() {
        OutcomeKind::StreamError
    } else {
        OutcomeKind::Completed
    };
    let detail = status.map(|status| format!("it ended as {status}"));
    AttemptEnd {
        kind,
        http_status: Some(200),
        ttft_us: None,
        detail: detail.filter(|_| reading.usage.is_none()),
        reading: Some(reading),
    }
}
