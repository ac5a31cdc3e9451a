//! The page at `/`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use axum::routing::get;
use tollgate_console::{CONTENT_SECURITY_POLICY as POLICY, Language, Money, PageData, Unrecorded, page};
use tollgate_domain::ports::{GapSummary, Health, Runtime, Store};
use tollgate_domain::{AccountingZone, Clock, Timestamp};

/// What the page shows.
#[derive(Clone)]
pub(super) struct PageState {
    pub(super) store: Arc<dyn Store>,
    pub(super) runtime: Arc<dyn Runtime>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zone: AccountingZone,
    pub(super) admin_address: SocketAddr,
    pub(super) client_address: SocketAddr,
}

pub(super) fn router(state: PageState) -> Router {
    Router::new().route("/", get(show)).with_state(state)
}

async fn show(State(state): State<PageState>, headers: HeaderMap) -> impl IntoResponse {
    let language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let data = collect(&state, is_local(&headers, state.admin_address)).await;
    let head: [(HeaderName, &str); 3] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
    ];
    (head, page(&data, Language::from_accept(language)))
}

async fn collect(state: &PageState, local: bool) -> PageData {
    let (from, until) = state.zone.day(state.clock.now());
    let totals = if local {
        state.store.totals(from, until).await.ok()
    } else {
        None
    };
    let stored_gaps = state.store.gaps().await.unwrap_or_default();
    // After the database: see `GapSummary::new`.
    let gaps = GapSummary::new(
        &stored_gaps,
        state.runtime.journal().id,
        &state.runtime.pending_gaps(),
    );
    let time = |at: Timestamp| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let catalog = state.store.catalog_state().await.ok().flatten();
    PageData {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        listen: state.client_address.to_string(),
        accounting_zone: state.zone.name().to_owned(),
        money: totals.map(|totals| Money {
            cost: totals.values.cost.to_string(),
            list_cost: totals.values.list_cost.to_string(),
            charge: totals.values.charge.to_string(),
            attempts: totals.values.attempts,
            unbilled: totals.values.unbilled,
        }),
        price_version: state.runtime.price_version().map(|version| version.to_string()),
        models: catalog.map(|catalog| catalog.models),
        unrecorded: gaps.total.map(|total| Unrecorded {
            attempts: total.attempts,
            from: time(total.from),
            until: time(total.until),
        }),
        journal_pending: state.runtime.journal().pending_entries,
        ready: state.runtime.health() == Health::Ready,
    }
}

/// The page needs no token, so it shows money only on a loopback listener and only to who asked for it by a loopback
/// name: a foreign page that points its own name at this address gets none.
pub(super) fn is_local(headers: &HeaderMap, listener: SocketAddr) -> bool {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    listener.ip().is_loopback() && matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
