//! Requests that make, show or end an object which an upstream keeps.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{Method, Response, request};
use serde::Deserialize;
use tollgate_domain::ports::StoreError;
use tollgate_domain::{
    DeferredKind, Dialect, EndpointBilling, KeyRef, ModelName, Protocol, RoutingDecision, RoutingResult,
    Upstream, UpstreamId,
};

use super::Arrival;
use crate::admit::{Call, admit};
use crate::deferred::{Desk, Lookup, Plan, look_at, models_of};
use crate::endpoint::{self, Action, Endpoint, ObjectCall};
use crate::error::ProxyError;
use crate::grants::Granted;
use crate::peek::{Form, boundary};
use crate::select::{Target, spread};
use crate::unpriced::Unpriced;
use crate::{RoutingTable, query, respond};

/// What a file must be for.
const PURPOSE: &str = "batch";

/// What the gateway needs of a request for a batch.
#[derive(Debug, Deserialize)]
struct BatchRequest {
    input_file_id: Option<String>,
    endpoint: Option<String>,
}

type Planned = (Vec<Target>, Option<Plan>);

impl Arrival {
    pub(super) async fn object(
        self,
        object: ObjectCall,
        key: Arc<KeyRef>,
        head: request::Parts,
        body: Body,
    ) -> Response<Body> {
        let dialect = object.call.protocol.dialect();
        let mut scribe = self.scribe(&object.call, &key, head.uri.path());
        let admitted = admit(object.call.clone(), head, body, &self.shared.config, false).await;
        let mut routing = RoutingDecision::default();
        let planned = match admitted {
            Ok(mut call) => {
                let asked = call.query.as_deref();
                call.stream = asked.and_then(|asked| query::parameter(asked, "stream")) == Some("true");
                let planned = self.plan(&object, &key, &mut call, &mut routing).await;
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

    fn at(&self, upstream: UpstreamId) -> Result<Vec<Target>, ProxyError> {
        let table = self.shared.routes.load();
        let route = table.serving(upstream).ok_or(ProxyError::ObjectOutOfReach)?;
        Ok(vec![Target::bare(Arc::clone(route), None)])
    }

    /// A file of requests goes where all of them can be answered.
    fn store(
        &self,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let content_type = call
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let invalid = |problem: &str| ProxyError::BodyInvalid {
            problem: problem.to_owned(),
        };
        let form = content_type.and_then(boundary);
        let form = form.ok_or_else(|| invalid("a file is sent as multipart/form-data"))?;
        let form = Form::read(&call.body, form).map_err(invalid)?;
        if form.text("purpose") != Some(PURPOSE) {
            return Err(invalid(
                "`purpose` must be \"batch\"; files for anything else are not carried",
            ));
        }
        let content = form.bytes("file").ok_or_else(|| invalid("`file` is missing"))?;
        let asked = models_of(content);
        let mut protocols = BTreeSet::new();
        for url in &asked.urls {
            protocols.insert(item_protocol(url)?);
        }
        let only = asked.only();
        let targets = self.serving(key, &asked.models, &protocols, call.path.protocol, routing)?;
        call.model.clone_from(&only);
        Ok((targets, Some(Plan::Stores { model: only })))
    }

    fn make_of_messages(
        &self,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let asked = models_of(&call.body);
        let protocol = call.path.protocol;
        let protocols = BTreeSet::from([protocol]);
        let targets = self.serving(key, &asked.models, &protocols, protocol, routing)?;
        let targets = self.priced(key, call, targets, asked.models.first(), routing)?;
        call.model = asked.only();
        let targets = named(targets, call.model.as_ref());
        let plan = Plan::Makes {
            kind: DeferredKind::AnthropicBatch,
            item_protocol: protocol,
            model: None,
        };
        Ok((targets, Some(plan)))
    }

    async fn make_of_file(
        &self,
        desk: &Desk,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let invalid = |problem: &str| ProxyError::BodyInvalid {
            problem: problem.to_owned(),
        };
        let request: BatchRequest =
            serde_json::from_slice(&call.body).map_err(|_| invalid("it is not a batch request"))?;
        let id = request
            .input_file_id
            .ok_or_else(|| invalid("`input_file_id` is missing"))?;
        let endpoint = request.endpoint.ok_or_else(|| invalid("`endpoint` is missing"))?;
        let item_protocol = item_protocol(&endpoint)?;
        let file = desk.file(&id, key.id).await.map_err(|error| away(&error))?;
        let file = file.ok_or(ProxyError::ObjectUnknown { what: "file", id })?;
        call.model.clone_from(&file.model);
        let plan = Plan::Makes {
            kind: DeferredKind::OpenaiBatch,
            item_protocol,
            model: file.model,
        };
        let targets = self.at(file.upstream_id)?;
        let targets = self.priced(key, call, targets, call.model.clone().as_ref(), routing)?;
        Ok((targets, Some(plan)))
    }

    /// The upstreams that may get a batch of a model that perhaps nothing prices.
    fn priced(
        &self,
        key: &KeyRef,
        call: &mut Call,
        targets: Vec<Target>,
        model: Option<&ModelName>,
        routing: &mut RoutingDecision,
    ) -> Result<Vec<Target>, ProxyError> {
        call.peek.tier = Some("batch".to_owned());
        let Some(model) = model else {
            return Ok(targets);
        };
        let table = self.shared.routes.load();
        let policy = Unpriced::of(&self.shared, table.on_unpriced(key.id));
        // Its items are metered, whatever the batch itself is.
        let own = std::mem::replace(&mut call.path.billing, EndpointBilling::Metered);
        let kept = policy.keep(named(targets, Some(model)), call, routing);
        call.path.billing = own;
        kept
    }

    /// The upstreams that speak all the protocols and know all the models by the names they are called by: what is
    /// within a batch cannot be renamed.
    fn serving(
        &self,
        key: &KeyRef,
        models: &BTreeSet<ModelName>,
        protocols: &BTreeSet<Protocol>,
        protocol: Protocol,
        routing: &mut RoutingDecision,
    ) -> Result<Vec<Target>, ProxyError> {
        let table: Arc<RoutingTable> = self.shared.routes.load_full();
        let granted = Granted::of(&table, key.id);
        if models.is_empty() {
            granted.check_model(None)?;
        }
        for model in models {
            granted.check_model(Some(model))?;
        }
        let misfit = |upstream: &Upstream| {
            let speaks = if protocols.is_empty() {
                let mut spoken = upstream.protocols.iter();
                spoken.any(|spoken| spoken.dialect() == protocol.dialect())
            } else {
                protocols.is_subset(&upstream.protocols)
            };
            let serves = |model: &ModelName| upstream.serves(model).as_ref() == Some(model);
            if !speaks {
                Some(RoutingResult::WrongProtocol)
            } else if !granted.allows_upstream(upstream.id) {
                Some(RoutingResult::NotGranted)
            } else {
                (!models.iter().all(serves)).then_some(RoutingResult::ModelNotServed)
            }
        };
        *routing = table.unavailable();
        let mut targets = Vec::new();
        for route in table.routes() {
            match misfit(&route.upstream) {
                None => targets.push(Target::bare(Arc::clone(route), None)),
                Some(why) => routing.add(route.candidate(why)),
            }
        }
        if targets.is_empty() {
            let wanted = protocols.first().copied().unwrap_or(protocol);
            return Err(match models.first() {
                Some(model) => ProxyError::ModelNotFound {
                    model: model.clone(),
                    protocol: wanted,
                },
                None => ProxyError::ModelMissing { protocol: wanted },
            });
        }
        Ok(spread(targets, || self.shared.rng()))
    }
}

/// The same upstreams, with the model that is sent to them.
fn named(targets: Vec<Target>, model: Option<&ModelName>) -> Vec<Target> {
    let named = targets.into_iter().map(|target| Target {
        model_sent: model.cloned(),
        ..target
    });
    named.collect()
}

/// The wire protocol of a batch's items.
fn item_protocol(url: &str) -> Result<Protocol, ProxyError> {
    match endpoint::find(&Method::POST, url, &[]) {
        Ok(Endpoint::Call(call))
            if call.protocol.dialect() == Dialect::Openai
                && call.billing.is_metered()
                && is_json(call.protocol) =>
        {
            Ok(call.protocol)
        }
        _ => Err(ProxyError::BodyInvalid {
            problem: format!("batches of {url:?} are not carried"),
        }),
    }
}

/// Whether one answer of the protocol is one JSON object.
const fn is_json(protocol: Protocol) -> bool {
    !matches!(
        protocol,
        Protocol::OpenaiSpeech | Protocol::OpenaiTranscriptions | Protocol::OpenaiModerations
    )
}

const fn is_of_path(kind: DeferredKind, protocol: Protocol) -> bool {
    match kind {
        DeferredKind::Response => matches!(protocol, Protocol::OpenaiResponses),
        DeferredKind::AnthropicBatch => matches!(protocol, Protocol::AnthropicMessages),
        _ => matches!(protocol, Protocol::OpenaiChat),
    }
}

fn away(error: &StoreError) -> ProxyError {
    tracing::warn!(%error, "an object cannot be looked up");
    ProxyError::ObjectsAway
}
