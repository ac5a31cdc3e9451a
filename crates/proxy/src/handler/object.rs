//! Requests that make, show or end an object which an upstream keeps.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, request};
use tollgate_domain::ports::StoreError;
use tollgate_domain::{DeferredKind, KeyRef, Protocol, RoutingDecision, UpstreamId};

use super::Arrival;
use crate::admit::{Call, admit};
use crate::deferred::{Desk, Lookup, Plan, look_at};
use crate::endpoint::{Action, ObjectCall};
use crate::error::ProxyError;
use crate::own_address::as_called;
use crate::select::Target;
use crate::{query, respond};

/// Where a request goes, and what its answer has to do with a deferred operation.
pub(super) type Planned = (Vec<Target>, Option<Plan>);

impl Arrival {
    pub(super) async fn object(
        self,
        object: ObjectCall,
        key: Arc<KeyRef>,
        head: request::Parts,
        body: Body,
    ) -> Response<Body> {
        if let Action::List(listed) = object.action {
            return self.listed(listed, object.call, key, head, body).await;
        }
        let dialect = object.call.protocol.dialect();
        let mut scribe = self.scribe(&object.call, &key, head.uri.path());
        let as_called = as_called(&head, &self.shared.config.trusted_proxies);
        let admitted = admit(object.call.clone(), head, body, &self.shared.config, false).await;
        let mut routing = RoutingDecision::default();
        let planned = match admitted {
            Ok(mut call) => {
                let asked = call.query.as_deref();
                call.stream = asked.and_then(|asked| query::parameter(asked, "stream")) == Some("true");
                let planned = self
                    .plan(&object, &key, &mut call, &as_called, &mut routing)
                    .await;
                scribe.call(call.stream, call.model.as_ref(), &call.caller);
                planned.map(|planned| (call, planned))
            }
            Err(error) => Err(error),
        };
        let tried = planned.as_ref().map_or(&[][..], |(_, (targets, _))| targets);
        scribe.routed(routing, tried);
        match planned {
            Ok((call, (targets, plan))) => self.relayed(key, call, targets, plan, scribe).await,
            Err(error) => respond::refusal(dialect, self.request_id, &error, Some(scribe)),
        }
    }

    /// Where it goes. What an upstream keeps goes where it is: no other comes into question.
    async fn plan(
        &self,
        object: &ObjectCall,
        key: &KeyRef,
        call: &mut Call,
        as_called: &str,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let desk = self.shared.desk().ok_or(ProxyError::ObjectsAway)?;
        let unknown = |id: &str| ProxyError::ObjectUnknown {
            what: object.what,
            id: id.to_owned(),
        };
        match &object.action {
            Action::StoreFile => self.store(key, call, routing),
            Action::MakeMessageBatch => self.make_of_messages(key, call, routing),
            Action::MakeFileBatch => self.make_of_file(desk, key, call, routing).await,
            Action::MakeGeminiBatch => self.make_of_gemini(desk, key, call, routing).await,
            // Answered before.
            Action::List(_) => Err(ProxyError::Lost),
            Action::Upload => self.upload(desk, key, call, as_called, routing).await,
            Action::File { id } | Action::DeleteFile { id } => {
                let file = desk.file(id, key.id).await.map_err(|error| away(&error))?;
                let file = file.ok_or_else(|| unknown(id))?;
                let deletes = matches!(object.action, Action::DeleteFile { .. });
                if let (true, Some(event)) = (deletes, file.event_id) {
                    let batch = desk.find_event(event).await.map_err(|error| away(&error))?;
                    self.only_if_billed(desk, batch, "file").await?;
                }
                Ok((self.at(file.upstream_id)?, None))
            }
            Action::Show { id } | Action::Below { id } | Action::Delete { id } => {
                let found = desk.find(id, key.id).await.map_err(|error| away(&error))?;
                let found = found
                    .filter(|found| is_of_path(found.operation.kind, call.path.protocol))
                    .ok_or_else(|| unknown(id))?;
                let operation = Arc::clone(&found.operation);
                let targets = self.at(operation.attempt.upstream.id)?;
                let plan = match object.action {
                    Action::Show { .. } if operation.kind.has_items() => Some(Plan::Shows(operation)),
                    Action::Show { .. } if !found.settled => Some(Plan::Ends(operation)),
                    Action::Delete { .. } => {
                        self.only_if_billed(desk, Some(found), object.what).await?;
                        None
                    }
                    _ => None,
                };
                Ok((targets, plan))
            }
        }
    }

    /// What is deleted before its usage was read could never be billed.
    async fn only_if_billed(
        &self,
        desk: &Arc<Desk>,
        found: Option<Lookup>,
        what: &'static str,
    ) -> Result<(), ProxyError> {
        let Some(found) = found.filter(|found| !found.settled) else {
            return Ok(());
        };
        let event = found.operation.attempt.event_id;
        if !desk.is_settled(event) {
            look_at(&self.shared, desk, &found.operation).await;
        }
        if desk.is_settled(event) {
            Ok(())
        } else {
            Err(ProxyError::ObjectUnbilled { what })
        }
    }

    /// The upstream that has an object.
    pub(super) fn at(&self, upstream: UpstreamId) -> Result<Vec<Target>, ProxyError> {
        let table = self.shared.routes.load();
        let route = table.serving(upstream).ok_or(ProxyError::ObjectOutOfReach)?;
        Ok(vec![Target::bare(Arc::clone(route), None)])
    }
}

const fn is_of_path(kind: DeferredKind, protocol: Protocol) -> bool {
    match kind {
        DeferredKind::Response => matches!(protocol, Protocol::OpenaiResponses),
        DeferredKind::AnthropicBatch => matches!(protocol, Protocol::AnthropicMessages),
        DeferredKind::GeminiBatch => matches!(protocol, Protocol::GeminiGenerate),
        _ => matches!(protocol, Protocol::OpenaiChat),
    }
}

pub(super) fn away(error: &StoreError) -> ProxyError {
    tracing::warn!(%error, "an object cannot be looked up");
    ProxyError::ObjectsAway
}
