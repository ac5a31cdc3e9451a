//! One model request, from its arrival to the answer's body.

use std::future::pending;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use crate::counts::{Counts, Meter};
use crate::invoice::Outcome;
use crate::protocol::{Dialect, Protocol};

use super::auth;
use super::body::{self, SimBody};
use super::nameless::nameless;
use super::operation::Operation;
use super::reply::{Event, Exchange, Reply};
use super::request::RequestFacts;
use super::script::{Fault, HoldPoint, Report, Script};
use super::seen::SeenRequest;
use super::state::Ticket;
use super::{
    anthropic, count_tokens, embeddings, errors, gemini, images, moderations, openai_chat,
    openai_completions, openai_responses, rerank, speech, transcriptions, usage_plan, wire,
};

pub(super) mod deferred;
mod gemini_batches;
mod line;
pub(super) mod lists;

/// A request to a model endpoint, read whole.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) protocol: Protocol,
    pub(super) operation: Operation,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) model_in_path: Option<String>,
    pub(super) stream_in_path: bool,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Answers a model request; `None` closes the connection without an answer.
pub(super) async fn answer(ticket: Ticket, call: Call) -> Option<Response<SimBody>> {
    let credential = auth::credential(call.protocol.dialect(), &call.headers, call.query.as_deref());
    let known = credential
        .as_ref()
        .is_some_and(|found| ticket.state.credentials.contains(found));
    ticket.state.seen().push(SeenRequest {
        number: ticket.number,
        path: call.path.clone(),
        query: call.query.clone(),
        headers: call.headers.clone(),
        credential,
        body: call.body.clone(),
    });
    let content_type = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let facts = RequestFacts::read(&call.body, content_type);
    let exchange = plan(&ticket, &call, facts.clone().unwrap_or_default(), known);
    let status = refusal(&call, facts.as_ref(), &exchange, known);
    ticket.record(line::of(&ticket, &call, &exchange, status));
    if known {
        follow(&exchange.script, &ticket).await;
        match exchange.script.fault {
            Some(Fault::Hang) => pending::<()>().await,
            Some(Fault::Drop) => return None,
            _ => {}
        }
    }
    Some(match status {
        Some(status) => refuse(&ticket, &call, status, &exchange.script),
        None if exchange.facts.background && !exchange.facts.stream => deferred::queue(&ticket, &exchange),
        None => succeed(ticket, &call, &exchange),
    })
}

/// Everything the script wants before the headers.
async fn follow(script: &Script, ticket: &Ticket) {
    if script.header_delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(script.header_delay_ms)).await;
    }
    if script.hold == Some(HoldPoint::BeforeHeaders) {
        ticket.state.hold.wait().await;
    }
}

/// The error status, if the request is refused.
fn refusal(call: &Call, facts: Option<&RequestFacts>, exchange: &Exchange, known: bool) -> Option<u16> {
    if !known {
        return Some(401);
    }
    let versioned =
        call.protocol.dialect() != Dialect::Anthropic || call.headers.contains_key("anthropic-version");
    let named = !exchange.model.is_empty() || exchange.script.nameless;
    let valid = versioned && facts.is_some() && named;
    let options_refused = exchange.script.refuse_stream_options && exchange.facts.stream_options.is_some();
    match exchange.script.fault {
        _ if !valid || options_refused => Some(400),
        Some(Fault::Status { code, .. }) => Some(code),
        _ => None,
    }
}

fn plan(ticket: &Ticket, call: &Call, mut facts: RequestFacts, known: bool) -> Exchange {
    facts.stream |= call.stream_in_path;
    if matches!(
        call.protocol,
        Protocol::OpenaiEmbeddings | Protocol::GeminiEmbed | Protocol::OpenaiModerations | Protocol::Rerank
    ) || call.operation == Operation::CountTokens
    {
        facts.stream = false;
    }
    if call.protocol == Protocol::OpenaiSpeech {
        facts.stream = facts.stream_format.as_deref() == Some("sse");
    }
    facts.model = call.model_in_path.clone().or(facts.model);
    let requested = facts.model.clone().unwrap_or_default();
    // A stranger's request must not use up a one-shot script.
    let script = if known {
        ticket.state.scripts().take(&requested, facts.marker.as_deref())
    } else {
        Script::default()
    };
    let counts = match &script.usage {
        Some(counts) => counts.only(call.protocol.expressible()),
        None => usage_plan::derive(call.protocol, &requested, &facts, &call.body),
    };
    let hides_thinking = script.report == Report::DeltaOutputOnly && facts.stream;
    let counts = if hides_thinking && call.protocol == Protocol::AnthropicMessages {
        without_reasoning(counts)
    } else {
        counts
    };
    let echo = facts.last_text.clone().filter(|_| script.echo);
    Exchange {
        unique: ticket.unique.clone(),
        created: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
        model: script.model_served.clone().unwrap_or(requested),
        tier: line::served_tier(call.protocol.dialect(), &script, facts.service_tier.as_deref()),
        counts,
        text: echo
            .or_else(|| script.text.clone())
            .unwrap_or_else(|| DEFAULT_TEXT.to_owned()),
        facts,
        script,
    }
}

/// Where the wire cannot tell thinking from text, the invoice does not either.
fn without_reasoning(counts: Counts) -> Counts {
    let output = counts.sum(&[Meter::Output, Meter::Reasoning]);
    counts.with(Meter::Reasoning, 0).with(Meter::Output, output)
}

/// Two, three and four byte characters, so that careless cutting shows.
const DEFAULT_TEXT: &str = "A proven bill: Grüße aus Zürich, 世界你好, и ещё раз — 🚀 done.";

fn refuse(ticket: &Ticket, call: &Call, status: u16, script: &Script) -> Response<SimBody> {
    ticket.end(Outcome::Refused);
    let dialect = call.protocol.dialect();
    let request_id = format!("req_{}", ticket.unique);
    let message = match status {
        // Those who refuse a parameter name it.
        400 if script.refuse_stream_options => "unknown parameter: 'stream_options'",
        _ => errors::message(status),
    };
    let body = errors::body(dialect, status, message, &request_id);
    let mut response = Response::new(body::plain(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    insert_request_id(headers, dialect, &request_id);
    if let Some(Fault::Status {
        retry_after: Some(seconds),
        ..
    }) = script.fault
    {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn succeed(ticket: Ticket, call: &Call, exchange: &Exchange) -> Response<SimBody> {
    if exchange.facts.background {
        deferred::keep(&ticket, exchange);
    }
    let dialect = call.protocol.dialect();
    let mut reply = reply(call, exchange);
    if exchange.script.nameless {
        reply = nameless(reply);
    }
    let request_id = format!("req_{}", ticket.unique);
    let wire = wire::frames(
        reply,
        &exchange.script,
        error_event(call.protocol, exchange, &request_id),
    );
    let body = body::play(wire.frames, wire.cut, &exchange.script, ticket);
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(wire.content_type));
    insert_request_id(headers, dialect, &request_id);
    if let Some(length) = wire.content_length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Some(compression) = exchange.script.compression {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(compression.name()));
    }
    if dialect == Dialect::Gemini
        && let Ok(tier) = HeaderValue::from_str(&exchange.tier)
    {
        headers.insert(HeaderName::from_static("x-gemini-service-tier"), tier);
    }
    response
}

fn reply(call: &Call, exchange: &Exchange) -> Reply {
    if call.operation == Operation::CountTokens {
        return count_tokens::reply(call.protocol, exchange);
    }
    match call.protocol {
        Protocol::OpenaiCompletions => openai_completions::reply(exchange),
        Protocol::OpenaiImages => images::reply(exchange, call.operation == Operation::Edit),
        Protocol::OpenaiTranscriptions => {
            transcriptions::reply(exchange, call.operation == Operation::Translation)
        }
        Protocol::OpenaiSpeech => speech::reply(exchange),
        Protocol::OpenaiModerations => moderations::reply(exchange),
        Protocol::Rerank => rerank::reply(exchange, call.path.starts_with("/v2/")),
        Protocol::OpenaiChat => openai_chat::reply(exchange),
        Protocol::OpenaiResponses => openai_responses::reply(exchange),
        Protocol::OpenaiEmbeddings => embeddings::openai(exchange),
        Protocol::AnthropicMessages => anthropic::reply(exchange),
        Protocol::GeminiGenerate => {
            let sse = call
                .query
                .as_deref()
                .and_then(|query| auth::parameter(query, "alt"))
                == Some("sse");
            let reply = gemini::reply(exchange, sse);
            if call.path.starts_with("/v1internal:") {
                gemini::enveloped(reply, &exchange.unique)
            } else {
                reply
            }
        }
        Protocol::GeminiEmbed => embeddings::gemini(exchange, call.operation == Operation::Batch),
    }
}

fn error_event(protocol: Protocol, exchange: &Exchange, request_id: &str) -> Event {
    const STATUS: u16 = 503;
    let error: Value = errors::body(protocol.dialect(), STATUS, errors::message(STATUS), request_id);
    match protocol {
        Protocol::OpenaiResponses => openai_responses::error_event(exchange, errors::message(STATUS)),
        Protocol::AnthropicMessages => Event::named("error", &error),
        _ => Event::data(&error),
    }
}

fn insert_request_id(headers: &mut HeaderMap, dialect: Dialect, id: &str) {
    let Ok(value) = HeaderValue::from_str(id) else {
        return;
    };
    if dialect == Dialect::Anthropic {
        headers.insert(HeaderName::from_static("request-id"), value.clone());
    }
    headers.insert(HeaderName::from_static("x-request-id"), value);
}

/// Whether the caller can read the usage from the bytes of this answer.
fn shows_usage(protocol: Protocol, exchange: &Exchange) -> bool {
    let on_request = matches!(protocol, Protocol::OpenaiChat | Protocol::OpenaiCompletions);
    let asked = !on_request || !exchange.facts.stream || exchange.asks_for_usage();
    let whole = !matches!(
        exchange.script.fault,
        Some(Fault::Cut { .. } | Fault::ErrorEvent { .. })
    ) && (exchange.script.terminal_event || protocol != Protocol::OpenaiResponses);
    let expressible = match protocol {
        Protocol::OpenaiSpeech => exchange.facts.stream,
        Protocol::OpenaiModerations => false,
        Protocol::OpenaiTranscriptions => !transcriptions::is_plain_text(exchange),
        _ => true,
    };
    asked && whole && expressible && exchange.reports_usage()
}

/// What is billed, and nothing otherwise.
fn billed_counts(exchange: &Exchange, billed: bool) -> Counts {
    if billed {
        exchange.counts.clone()
    } else {
        Counts::new()
    }
}
