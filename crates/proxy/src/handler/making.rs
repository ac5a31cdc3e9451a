//! Requests that make a batch or store the file it is made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use serde::Deserialize;
use tollgate_domain::{
    DeferredKind, Dialect, EndpointBilling, KeyRef, ModelName, Protocol, RoutingDecision, RoutingResult,
    Upstream, UpstreamId, UpstreamObject,
};

use super::Arrival;
use super::object::{Planned, away};
use crate::RoutingTable;
use crate::admit::Call;
use crate::deferred::{
    Asked, Desk, GeminiInput, Plan, gemini_batch, gemini_file, message_batch, openai_file, upload_object,
    upload_owner,
};
use crate::endpoint::{self, Endpoint};
use crate::error::ProxyError;
use crate::grants::Granted;
use crate::peek::{Form, boundary};
use crate::select::{Target, spread};
use crate::unpriced::Unpriced;

/// What a file must be for.
const PURPOSE: &str = "batch";

/// How Gemini's uploads say what they are, and how far they are.
const UPLOAD_PROTOCOL: &str = "x-goog-upload-protocol";
const UPLOAD_COMMAND: &str = "x-goog-upload-command";
const UPLOAD_OFFSET: &str = "x-goog-upload-offset";

/// What the gateway needs of a request for a batch.
#[derive(Debug, Deserialize)]
struct BatchRequest {
    input_file_id: Option<String>,
    endpoint: Option<String>,
}

impl Arrival {
    /// A file of requests goes where all of them can be answered.
    pub(super) fn store(
        &self,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let form = text(&call.headers, CONTENT_TYPE.as_str()).and_then(boundary);
        let form = form.ok_or_else(|| invalid("a file is sent as multipart/form-data"))?;
        let form = Form::read(&call.body, form).map_err(invalid)?;
        if form.text("purpose") != Some(PURPOSE) {
            return Err(invalid(
                "`purpose` must be \"batch\"; files for anything else are not carried",
            ));
        }
        let content = form.bytes("file").ok_or_else(|| invalid("`file` is missing"))?;
        let asked = openai_file(content);
        let mut protocols = BTreeSet::new();
        for url in &asked.urls {
            protocols.insert(item_protocol(url)?);
        }
        let targets = self.serving(key, &asked, &protocols, call.path.protocol, routing)?;
        call.model = asked.only();
        let models = asked.all();
        Ok((targets, Some(Plan::Stores { models })))
    }

    /// A file for Gemini comes in pieces, and says nothing of models before it is there. It begins at any upstream that
    /// speaks the dialect and goes on at the same one.
    pub(super) async fn upload(
        &self,
        desk: &Desk,
        key: &KeyRef,
        call: &mut Call,
        as_called: &str,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let table = self.shared.routes.load_full();
        let granted = Granted::of(&table, key.id);
        let Some(upload) = upload_object(call.query.as_deref()) else {
            if text(&call.headers, UPLOAD_PROTOCOL) != Some("resumable") {
                return Err(invalid(
                    "files are sent with `X-Goog-Upload-Protocol: resumable`, as the SDKs do",
                ));
            }
            let misfit = |upstream: &Upstream| {
                if speaks(upstream, Dialect::Gemini) {
                    (!granted.allows_upstream(upstream.id)).then_some(RoutingResult::NotGranted)
                } else {
                    Some(RoutingResult::WrongProtocol)
                }
            };
            let targets = fitting(&table, misfit, routing);
            if targets.is_empty() {
                return Err(ProxyError::ModelMissing {
                    protocol: call.path.protocol,
                });
            }
            let as_called = as_called.into();
            let targets = spread(targets, || self.shared.rng());
            return Ok((targets, Some(Plan::BeginsUpload { as_called })));
        };
        if let Some((_, query)) = upload_owner(call.query.as_deref()) {
            call.query = query;
        }
        let known = desk.file(&upload, key.id).await.map_err(|error| away(&error))?;
        let known = known.ok_or(ProxyError::ObjectUnknown {
            what: "upload",
            id: "upload_id".to_owned(),
        })?;
        let asked = whole(&call.headers).then(|| gemini_file(&call.body));
        if granted.limits_models() && sends(&call.headers) {
            let asked = asked.as_ref().ok_or_else(|| {
                invalid(
                    "this API key is for certain models only, so a file is read before it is stored: send it in one \
                     piece, up to the size of a request",
                )
            })?;
            readable(asked)?;
            for model in &asked.models {
                granted.check_model(Some(model))?;
            }
        }
        // A line that names no model is for the batch's.
        let models = asked.filter(|asked| asked.unread.is_none() && !asked.crowded);
        let models = models.map(|asked| asked.models.into_iter().collect());
        Ok((self.at(known.upstream_id)?, Some(Plan::Stores { models })))
    }

    pub(super) fn make_of_messages(
        &self,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let asked = message_batch(&call.body).map_err(|problem| ProxyError::BodyInvalid { problem })?;
        let protocol = call.path.protocol;
        let targets = self.serving(key, &asked, &BTreeSet::from([protocol]), protocol, routing)?;
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

    pub(super) async fn make_of_file(
        &self,
        desk: &Desk,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let request: BatchRequest =
            serde_json::from_slice(&call.body).map_err(|_| invalid("it is not a batch request"))?;
        let id = request
            .input_file_id
            .ok_or_else(|| invalid("`input_file_id` is missing"))?;
        let endpoint = request.endpoint.ok_or_else(|| invalid("`endpoint` is missing"))?;
        let item_protocol = item_protocol(&endpoint)?;
        let file = self.file_for(desk, key, id).await?;
        // What the key may use can have changed since the file was stored.
        let table = self.shared.routes.load_full();
        let granted = Granted::of(&table, key.id);
        match file.models.as_deref().unwrap_or(file.model.as_slice()) {
            [] => granted.check_model(None)?,
            models => models
                .iter()
                .try_for_each(|model| granted.check_model(Some(model)))?,
        }
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

    /// A batch of Gemini's is for the one model in its path, whatever it is made of: that is the model the key must be
    /// allowed and the upstream must serve.
    pub(super) async fn make_of_gemini(
        &self,
        desk: &Desk,
        key: &KeyRef,
        call: &mut Call,
        routing: &mut RoutingDecision,
    ) -> Result<Planned, ProxyError> {
        let protocol = call.path.protocol;
        let model = call
            .path
            .model
            .clone()
            .ok_or(ProxyError::ModelMissing { protocol })?;
        let input = gemini_batch(&call.body).map_err(|problem| ProxyError::BodyInvalid { problem })?;
        let asked = Asked::for_one(&model);
        let mut targets = self.serving(key, &asked, &BTreeSet::from([protocol]), protocol, routing)?;
        match input {
            GeminiInput::Inline(inline) => {
                readable(&inline)?;
                same_model(&model, inline.models.iter())?;
            }
            GeminiInput::File(name) => {
                let file = self.file_for(desk, key, name).await?;
                let table = self.shared.routes.load_full();
                match &file.models {
                    Some(models) => same_model(&model, models.iter())?,
                    None if Granted::of(&table, key.id).limits_models() => {
                        return Err(invalid(
                            "this API key is for certain models only, and the file was stored without being read: store \
                             it again, in one piece",
                        ));
                    }
                    None => {}
                }
                targets = at_the_file(targets, &file, &model)?;
            }
        }
        let targets = self.priced(key, call, targets, Some(&model), routing)?;
        let plan = Plan::Makes {
            kind: DeferredKind::GeminiBatch,
            item_protocol: protocol,
            model: None,
        };
        Ok((named(targets, Some(&model)), Some(plan)))
    }

    /// A key's own file, at an upstream it may use.
    async fn file_for(&self, desk: &Desk, key: &KeyRef, id: String) -> Result<UpstreamObject, ProxyError> {
        let table = self.shared.routes.load_full();
        let granted = Granted::of(&table, key.id);
        let file = desk.file(&id, key.id).await.map_err(|error| away(&error))?;
        file.filter(|file| granted.allows_upstream(file.upstream_id))
            .ok_or(ProxyError::ObjectUnknown { what: "file", id })
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
        asked: &Asked,
        protocols: &BTreeSet<Protocol>,
        protocol: Protocol,
        routing: &mut RoutingDecision,
    ) -> Result<Vec<Target>, ProxyError> {
        let table: Arc<RoutingTable> = self.shared.routes.load_full();
        let granted = Granted::of(&table, key.id);
        let models = &asked.models;
        if granted.limits_models() {
            readable(asked)?;
            if asked.unnamed.is_some() {
                granted.check_model(None)?;
            }
        }
        if asked.crowded {
            return Err(invalid("its requests name more models than one batch may have"));
        }
        if models.is_empty() {
            granted.check_model(None)?;
        }
        for model in models {
            granted.check_model(Some(model))?;
        }
        let misfit = |upstream: &Upstream| {
            let speaks = if protocols.is_empty() {
                speaks(upstream, protocol.dialect())
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
        let targets = fitting(&table, misfit, routing);
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

/// The upstreams that can take a request, and why each other cannot.
fn fitting(
    table: &RoutingTable,
    misfit: impl Fn(&Upstream) -> Option<RoutingResult>,
    routing: &mut RoutingDecision,
) -> Vec<Target> {
    *routing = table.unavailable();
    let mut targets = Vec::new();
    for route in table.routes() {
        match misfit(&route.upstream) {
            None => targets.push(Target::bare(Arc::clone(route), None)),
            Some(why) => routing.add(route.candidate(why)),
        }
    }
    targets
}

/// Whether any of an upstream's protocols is of the dialect.
fn speaks(upstream: &Upstream, dialect: Dialect) -> bool {
    let mut spoken = upstream.protocols.iter();
    spoken.any(|spoken| spoken.dialect() == dialect)
}

fn invalid(problem: &str) -> ProxyError {
    ProxyError::BodyInvalid {
        problem: problem.to_owned(),
    }
}

/// Refuses what cannot be checked.
fn readable(asked: &Asked) -> Result<(), ProxyError> {
    match asked.unread {
        Some(line) => Err(invalid(&format!("line {line} of the file is no request"))),
        None if asked.crowded => Err(invalid("its requests name more models than one batch may have")),
        None => Ok(()),
    }
}

/// Refuses requests for another model than the batch's.
fn same_model<'m>(
    model: &ModelName,
    mut named: impl Iterator<Item = &'m ModelName>,
) -> Result<(), ProxyError> {
    match named.find(|named| *named != model) {
        Some(other) => Err(invalid(&format!(
            "a request names the model \"{other}\", and the batch is for \"{model}\""
        ))),
        None => Ok(()),
    }
}

/// Of the upstreams that serve a model, the one that has the file.
fn at_the_file(
    targets: Vec<Target>,
    file: &UpstreamObject,
    model: &ModelName,
) -> Result<Vec<Target>, ProxyError> {
    let has = |upstream: UpstreamId| upstream == file.upstream_id;
    let mut targets = targets.into_iter();
    match targets.find(|target| has(target.route.upstream.id)) {
        Some(target) => Ok(vec![target]),
        None => Err(invalid(&format!(
            "the upstream that has the file does not serve the model \"{model}\"; store it again, or have the operator \
             give the key one upstream for both"
        ))),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a piece of an upload has content.
fn sends(headers: &HeaderMap) -> bool {
    let command = text(headers, UPLOAD_COMMAND).unwrap_or("upload");
    command.contains("upload") || command.contains("finalize")
}

/// Whether a piece of an upload is all of it.
fn whole(headers: &HeaderMap) -> bool {
    let command = text(headers, UPLOAD_COMMAND).unwrap_or_default();
    let both = command.contains("upload") && command.contains("finalize");
    both && text(headers, UPLOAD_OFFSET).is_none_or(|offset| offset.trim() == "0")
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
