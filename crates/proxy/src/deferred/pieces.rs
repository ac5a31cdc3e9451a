//! Answers of upstreams to the gateway's own questions.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;
use tollgate_domain::{Dialect, EndpointBilling, Protocol};

use crate::ClientGone;
use crate::body::Coalesced;
use crate::endpoint::{CallPath, Place};
use crate::forward::for_upstream;
use crate::patience::Patience;
use crate::route::Route;
use crate::state::Shared;

/// What Anthropic's API wants named.
const ANTHROPIC_VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

/// An answer of an upstream's, piece by piece.
pub(crate) struct Pieces {
    body: Coalesced<Incoming>,
    idle: Duration,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Unseen {
    /// The upstream does not know it.
    Missing,
    /// It could not be looked at.
    Trouble(String),
}

impl Unseen {
    pub(crate) fn trouble(problem: &str) -> Self {
        Self::Trouble(problem.to_owned())
    }
}

impl Pieces {
    /// Asks an upstream for something, with its credential.
    pub(crate) async fn fetch(
        shared: &Shared,
        route: &Route,
        protocol: Protocol,
        path: &str,
    ) -> Result<Self, Unseen> {
        let response = fetch(shared, route, protocol, path).await?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Unseen::Missing),
            status if !status.is_success() => {
                let problem = format!("the upstream answered {}", status.as_u16());
                return Err(Unseen::Trouble(problem));
            }
            _ => {}
        }
        Ok(Self {
            body: Coalesced::new(response.into_body()),
            idle: shared.config.idle_timeout,
        })
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Unseen> {
        let problem = match tokio::time::timeout(self.idle, self.body.piece()).await {
            Ok(Some(Ok(piece))) => return Ok(Some(piece)),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => "the upstream's answer broke off",
            Err(_) => "the upstream's answer stopped arriving",
        };
        Err(Unseen::trouble(problem))
    }
}

async fn fetch(
    shared: &Shared,
    route: &Route,
    protocol: Protocol,
    path: &str,
) -> Result<Response<Incoming>, Unseen> {
    let dialect = protocol.dialect();
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let call = CallPath {
        protocol,
        method: Method::GET,
        billing: EndpointBilling::Free,
        model: None,
        place: Place::Object(path.to_owned()),
    };
    let uri = route.uri(&call, None, query);
    let uri = uri.ok_or_else(|| Unseen::trouble("its name cannot be sent upstream"))?;
    let mut asked = HeaderMap::new();
    if dialect == Dialect::Anthropic {
        let (name, value) = ANTHROPIC_VERSION;
        asked.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let mut request = Request::new(Full::new(Bytes::new()));
    *request.uri_mut() = uri;
    *request.headers_mut() = for_upstream(&asked, route, dialect);
    let mut patience = Patience::new(CancellationToken::new(), ClientGone::Cancel);
    let limit = shared.config.response_timeout.min(Duration::from_mins(2));
    let sent = shared.client().send(request, limit, &mut patience).await;
    sent.map_err(|_| Unseen::trouble("the upstream could not be reached"))
}
