//! `GET /metrics`, for Prometheus.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tollgate_domain::ports::{Runtime, Store};
use tollgate_domain::{Clock, TokenHash};
use tollgate_ledger::{Recorder, WriterState};

use crate::metrics::Metrics;

/// What Prometheus expects of this format.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long a scrape waits for the database.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a scrape is made of.
#[derive(Clone)]
pub(super) struct ScrapeState {
    pub(super) metrics: Arc<Metrics>,
    pub(super) store: Arc<dyn Store>,
    pub(super) runtime: Arc<dyn Runtime>,
    pub(super) recorder: Recorder,
    pub(super) writer: Arc<WriterState>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) admin_address: SocketAddr,
}

pub(super) fn router(state: ScrapeState) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state(state)
}

async fn scrape(State(state): State<ScrapeState>, headers: HeaderMap) -> Response {
    if !is_local(&headers, state.admin_address) && !is_admin(&state, &headers).await {
        let challenge = [(WWW_AUTHENTICATE, "Bearer")];
        let words = "metrics show money: scrape over the loopback, or with an admin token as `Authorization: Bearer`\n";
        return (StatusCode::UNAUTHORIZED, challenge, words).into_response();
    }
    // A scrape waits for no database.
    let deferred = tokio::time::timeout(PATIENCE, state.store.deferred_summary()).await;
    let deferred = deferred
        .ok()
        .and_then(Result::ok)
        .map(|open| (open, state.clock.now()));
    match state
        .metrics
        .text(&state.runtime, &state.recorder, &state.writer, deferred)
    {
        Some(text) => ([(CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn is_admin(state: &ScrapeState, headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.split_once(' '));
    let Some((scheme, token)) = token else {
        return false;
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return false;
    }
    let hash = TokenHash::of(token.trim());
    let found = state.store.admin_token(hash).await.ok().flatten();
    found.is_some_and(|token| token.admits(hash, state.clock.now()))
}

/// Figures go without a token to a loopback listener only, and only to who asked for them by a loopback name: a foreign
/// page that points its own name at this address gets none.
fn is_local(headers: &HeaderMap, listener: SocketAddr) -> bool {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    listener.ip().is_loopback() && matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
