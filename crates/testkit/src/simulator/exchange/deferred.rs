//! Background responses, files and batches: made now, told later.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::super::body::{self, SimBody};
use super::super::objects::{self, Asked, Kept};
use super::super::operation::{self, Operation};
use super::super::reply::{Exchange, Reply};
use super::super::request::RequestFacts;
use super::super::router;
use super::super::script::{Fault, Script};
use super::super::seen::SeenRequest;
use super::super::state::{State, Ticket};
use super::super::{auth, errors, form, openai_responses, wire};
use super::{Call, gemini_batches, line, lists, plan, reply};
use crate::invoice::Outcome;
use crate::protocol::{Dialect, Protocol};

/// Answers with a response that goes on.
pub(super) fn queue(ticket: &Ticket, exchange: &Exchange) -> Response<SimBody> {
    keep(ticket, exchange);
    ticket.end(Outcome::Completed);
    router::json(StatusCode::OK, &openai_responses::going_on(exchange, "queued"))
}

/// Keeps a response for those who ask for it later.
pub(super) fn keep(ticket: &Ticket, exchange: &Exchange) {
    let events = wire::frames(
        openai_responses::reply(&Exchange {
            facts: RequestFacts {
                stream: true,
                ..exchange.facts.clone()
            },
            script: exchange.script.clone(),
            unique: exchange.unique.clone(),
            model: exchange.model.clone(),
            tier: exchange.tier.clone(),
            counts: exchange.counts.clone(),
            text: exchange.text.clone(),
            created: exchange.created,
        }),
        &Script::default(),
        super::error_event(Protocol::OpenaiResponses, exchange, "req_sim"),
    );
    let kept = Kept {
        looks: exchange.script.pending_looks,
        going_on: openai_responses::going_on(exchange, "in_progress"),
        ended: openai_responses::ended(exchange),
        cancelled: openai_responses::going_on(exchange, "cancelled"),
        content: Vec::new(),
        events: events.frames.concat(),
    };
    let id = exchange.id(Protocol::OpenaiResponses);
    ticket.state.objects().put(id, kept);
}

/// Notes a request, and whether it has a credential.
pub(super) fn is_known(state: &State, asked: &Asked, dialect: Dialect) -> bool {
    let credential = auth::credential(dialect, &asked.headers, asked.query.as_deref());
    let known = credential
        .as_ref()
        .is_some_and(|found| state.credentials.contains(found));
    state.seen().push(SeenRequest {
        number: 0,
        path: asked.path.clone(),
        query: asked.query.clone(),
        headers: asked.headers.clone(),
        credential,
        body: asked.body.clone(),
    });
    known
}

/// Answers a request that belongs to an object.
pub(in crate::simulator) fn answer(state: &Arc<State>, asked: &Asked) -> Response<SimBody> {
    if objects::is_gemini(&asked.path, &asked.method, &asked.headers) {
        return gemini_batches::answer(state, asked);
    }
    let messages = asked.path.starts_with("/v1/messages");
    let dialect = if messages {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    };
    if !is_known(state, asked, dialect) {
        return error(dialect, 401);
    }
    if messages && !asked.headers.contains_key("anthropic-version") {
        return error(dialect, 400);
    }
    if asked.method == Method::GET && lists::is_one(&asked.path) {
        return lists::others(state, asked)
            .map_or_else(|| error(dialect, 400), |page| router::json(StatusCode::OK, &page));
    }
    let made = match (asked.path.as_str(), &asked.method) {
        ("/v1/files", &Method::POST) => Some(store_file(state, asked)),
        ("/v1/batches", &Method::POST) => Some(make_file_batch(state, &asked.body)),
        ("/v1/messages/batches", &Method::POST) => Some(make_message_batch(state, &asked.body)),
        _ => None,
    };
    if let Some(made) = made {
        return made.map_or_else(|| error(dialect, 400), |made| router::json(StatusCode::OK, &made));
    }
    found(state, asked).unwrap_or_else(|| error(dialect, 404))
}

fn found(state: &State, asked: &Asked) -> Option<Response<SimBody>> {
    let trees = [
        "/v1/messages/batches/",
        "/v1/responses/",
        "/v1/batches/",
        "/v1/files/",
    ];
    let rest = trees.into_iter().find_map(|tree| asked.path.strip_prefix(tree))?;
    let (id, tail) = rest.split_once('/').map_or((rest, ""), |(id, tail)| (id, tail));
    let mut objects = state.objects();
    let ok = |value: &Value| router::json(StatusCode::OK, value);
    Some(match (&asked.method, tail) {
        (&Method::GET, "content") => lines(objects.get(id)?.content.clone(), "application/octet-stream"),
        (&Method::GET, "results") => lines(objects.get(id)?.content.clone(), "application/x-jsonl"),
        (&Method::GET, "input_items") => ok(&json!({"object": "list", "data": [], "has_more": false})),
        (&Method::GET, "")
            if asked
                .query
                .as_deref()
                .is_some_and(|query| query.contains("stream=true")) =>
        {
            lines(objects.get(id)?.events.clone(), "text/event-stream")
        }
        (&Method::GET, "") => ok(&objects.look(id)?),
        (&Method::POST, "cancel") => ok(&objects.cancel(id)?),
        (&Method::DELETE, "") => {
            objects.remove(id)?;
            ok(&json!({"id": id, "object": "file", "type": "message_batch_deleted", "deleted": true}))
        }
        _ => return None,
    })
}

pub(super) fn lines(content: Vec<u8>, content_type: &'static str) -> Response<SimBody> {
    let mut response = Response::new(body::plain(content));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(super) fn error(dialect: Dialect, status: u16) -> Response<SimBody> {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    router::json(
        code,
        &errors::body(dialect, status, errors::message(status), "req_sim"),
    )
}

fn file(state: &Arc<State>, content: Vec<u8>, purpose: &str) -> Value {
    let id = format!("file-{}", state.admit().unique);
    let value = json!({
        "id": id, "object": "file", "bytes": content.len(), "created_at": 1_700_000_000_u64, "filename": "lines.jsonl",
        "purpose": purpose, "status": "processed", "expires_at": null, "status_details": null,
    });
    state.objects().put(
        id,
        Kept {
            looks: 0,
            going_on: value.clone(),
            ended: value.clone(),
            cancelled: value.clone(),
            content,
            events: Vec::new(),
        },
    );
    value
}

fn store_file(state: &Arc<State>, asked: &Asked) -> Option<Value> {
    let content_type = asked.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let form = form::read(&asked.body, form::boundary(content_type)?)?;
    let content = form.bytes("file")?.to_vec();
    Some(file(state, content, &form.text("purpose")?))
}

/// The answer to one request of a batch, as it would have been alone, and whether it is a success.
pub(super) fn item(state: &Arc<State>, path: &str, params: &Value) -> Option<(u16, Value, Script)> {
    let endpoint = operation::find(path).filter(|found| found.operation == Operation::Ordinary)?;
    let mut params = params.clone();
    params
        .as_object_mut()?
        .insert("service_tier".to_owned(), json!("batch"));
    let call = Call {
        protocol: endpoint.protocol,
        operation: endpoint.operation,
        path: path.to_owned(),
        query: None,
        model_in_path: endpoint.model.map(str::to_owned),
        stream_in_path: false,
        headers: HeaderMap::new(),
        body: Bytes::from(params.to_string()),
    };
    let ticket = state.admit();
    let facts = RequestFacts::read(&call.body, None)?;
    let exchange = plan(&ticket, &call, facts, true);
    let refused = match exchange.script.fault {
        Some(Fault::Status { code, .. }) => Some(code),
        _ => None,
    };
    ticket.record(line::of(&ticket, &call, &exchange, refused));
    ticket.end(refused.map_or(Outcome::Completed, |_| Outcome::Refused));
    let dialect = endpoint.protocol.dialect();
    if let Some(status) = refused {
        let body = errors::body(dialect, status, errors::message(status), "req_sim");
        return Some((status, body, exchange.script));
    }
    let Reply::Json(mut value) = reply(&call, &exchange) else {
        return None;
    };
    // The answers say nothing of the batch they were made in.
    let said = match dialect {
        Dialect::OpenAi => value.get_mut("service_tier").map(|tier| (tier, "default")),
        Dialect::Gemini => value
            .pointer_mut("/usageMetadata/serviceTier")
            .map(|tier| (tier, "standard")),
        Dialect::Anthropic => None,
    };
    if let Some((tier, ordinary)) = said {
        *tier = json!(ordinary);
    }
    Some((200, value, exchange.script))
}

fn make_file_batch(state: &Arc<State>, body: &[u8]) -> Option<Value> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let input = asked.get("input_file_id")?.as_str()?;
    let endpoint = asked.get("endpoint")?.as_str()?;
    let content = state.objects().get(input)?.content.clone();
    let (mut output, mut failed, mut looks) = (Vec::new(), Vec::new(), 0);
    let mut counts = (0_u64, 0_u64);
    for text in content
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let request: Value = serde_json::from_slice(text).ok()?;
        let (status, answer, script) = item(state, endpoint, request.get("body")?)?;
        looks = looks.max(script.pending_looks);
        let id = format!("batch_req_{}", counts.0 + counts.1);
        let line = json!({
            "id": id, "custom_id": request.get("custom_id"),
            "response": {"status_code": status, "request_id": format!("req_{id}"), "body": answer}, "error": null,
        });
        let place = if status == 200 { &mut output } else { &mut failed };
        place.extend_from_slice(line.to_string().as_bytes());
        place.push(b'\n');
        if status == 200 {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
    }
    let stored = |content: Vec<u8>| {
        (!content.is_empty()).then(|| file(state, content, "batch_output").get("id").cloned())
    };
    let files = (stored(output).flatten(), stored(failed).flatten());
    let id = format!("batch_{}", state.admit().unique);
    let batch = |status: &str, done: bool| {
        let ended = |name: &str| (done && status == name).then_some(1_700_000_100_u64);
        json!({
            "id": id, "object": "batch", "endpoint": endpoint, "errors": null, "input_file_id": input,
            "completion_window": "24h", "status": status, "created_at": 1_700_000_000_u64,
            "output_file_id": files.0.as_ref().filter(|_| done),
            "error_file_id": files.1.as_ref().filter(|_| done),
            "completed_at": ended("completed"), "cancelled_at": ended("cancelled"), "failed_at": null,
            "expired_at": null, "expires_at": 1_700_086_400_u64, "in_progress_at": null, "finalizing_at": null,
            "cancelling_at": null, "metadata": null,
            "request_counts": {"total": counts.0 + counts.1, "completed": counts.0, "failed": counts.1},
        })
    };
    let kept = Kept {
        looks,
        going_on: batch("in_progress", false),
        ended: batch("completed", true),
        cancelled: batch("cancelled", true),
        content: Vec::new(),
        events: Vec::new(),
    };
    state.objects().put(id.clone(), kept);
    Some(batch("validating", false))
}

fn make_message_batch(state: &Arc<State>, body: &[u8]) -> Option<Value> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let (mut results, mut looks) = (Vec::new(), 0);
    let (mut succeeded, mut errored) = (0_u64, 0_u64);
    for request in asked.get("requests")?.as_array()? {
        let (status, answer, script) = item(state, "/v1/messages", request.get("params")?)?;
        looks = looks.max(script.pending_looks);
        let result = if status == 200 {
            succeeded += 1;
            json!({"type": "succeeded", "message": answer})
        } else {
            errored += 1;
            json!({"type": "errored", "error": answer})
        };
        let line = json!({"custom_id": request.get("custom_id"), "result": result});
        results.extend_from_slice(line.to_string().as_bytes());
        results.push(b'\n');
    }
    let id = format!("msgbatch_{}", state.admit().unique);
    let batch = |status: &str| {
        let done = status == "ended";
        let processing = if done { 0 } else { succeeded + errored };
        json!({
            "id": id, "type": "message_batch", "processing_status": status, "created_at": "2026-11-20T10:00:00Z",
            "ended_at": done.then_some("2026-11-20T10:05:00Z"), "expires_at": "2026-11-21T10:00:00Z",
            "archived_at": null, "cancel_initiated_at": null,
            "results_url": done.then(|| format!("https://provider.invalid/v1/messages/batches/{id}/results")),
            "request_counts": {
                "processing": processing,
                "succeeded": if done { succeeded } else { 0 },
                "errored": if done { errored } else { 0 },
                "canceled": 0, "expired": 0,
            },
        })
    };
    let kept = Kept {
        looks,
        going_on: batch("in_progress"),
        ended: batch("ended"),
        cancelled: batch("ended"),
        content: results,
        events: Vec::new(),
    };
    state.objects().put(id.clone(), kept);
    Some(batch("in_progress"))
}
