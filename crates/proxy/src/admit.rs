//! Reading a request before it is routed.

use std::sync::Arc;
use std::time::Duration;

use billing_core::RequestPeek;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, request};
use http_body_util::BodyExt as _;
use tollgate_domain::{CallerRef, ModelName, RequestFacts};

use crate::endpoint::CallPath;
use crate::error::ProxyError;
use crate::peek::{BodyForm, Peeked, peek};
use crate::{ProxyConfig, caller, query};

mod decode;

/// Room made ahead for an announced body; more is made as it arrives.
const MAX_PREALLOCATED: usize = 1 << 20;

/// A request that can be routed.
pub(crate) struct Call {
    pub(crate) path: CallPath,
    /// The query as it is forwarded.
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peek: RequestPeek,
    pub(crate) form: BodyForm,
    pub(crate) facts: RequestFacts,
    pub(crate) model: Option<ModelName>,
    pub(crate) stream: bool,
    pub(crate) caller: Arc<CallerRef>,
}

/// Reads the body and what routing and billing need from it. `background` tells whether answers may be fetched later.
pub(crate) async fn admit(
    path: CallPath,
    mut head: request::Parts,
    body: axum::body::Body,
    config: &ProxyConfig,
    background: bool,
) -> Result<Call, ProxyError> {
    let coding = decode::coding(&head.headers)?;
    let body = read(
        body,
        &head.headers,
        config.max_request_bytes,
        config.request_body_timeout,
    )
    .await?;
    let body = decode::decoded(coding, body, config.max_request_bytes)?;
    // What goes on is plain.
    head.headers.remove(CONTENT_ENCODING);
    let Peeked { peek, facts, form } = peek(&path, &head.headers, &body)?;
    if peek.background && !background {
        return Err(ProxyError::BackgroundUnsupported);
    }
    let model = path.model.clone().or_else(|| peek.model.clone());
    let stream = peek.stream || path.streams();
    let caller = Arc::new(caller::caller(
        &head.headers,
        peek.end_user.clone(),
        &config.metadata_keys,
    ));
    let query = head.uri.query().and_then(query::without_credentials);
    Ok(Call {
        path,
        query,
        headers: head.headers,
        body,
        peek,
        form,
        facts,
        model,
        stream,
        caller,
    })
}

async fn read(
    mut body: axum::body::Body,
    headers: &HeaderMap,
    limit: usize,
    idle: Duration,
) -> Result<Bytes, ProxyError> {
    let too_large = || ProxyError::BodyTooLarge { limit };
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    loop {
        let frame = tokio::time::timeout(idle, body.frame())
            .await
            .map_err(|_| ProxyError::BodyTimedOut)?;
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| ProxyError::BodyUnreadable)?.into_data() else {
            continue;
        };
        if first.len() + whole.len() + data.len() > limit {
            return Err(too_large());
        }
        if whole.is_empty() && first.is_empty() {
            first = data;
            continue;
        }
        if whole.is_empty() {
            whole.reserve(announced.unwrap_or_default().min(MAX_PREALLOCATED));
            whole.extend_from_slice(&first);
            first = Bytes::new();
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}
