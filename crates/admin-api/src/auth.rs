//! Who may come in: the bearer of an admin token.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use tollgate_domain::{Actor, ActorOrigin, TokenHash};

use crate::AdminState;
use crate::problem::Problem;

/// Who a request comes from; the author of what it changes.
#[derive(Debug, Clone)]
pub(crate) struct Author(pub(crate) Actor);

/// Lets a request pass if it carries a living admin token. The token is found by its SHA-256, so nothing about it
/// can be learnt from how long the comparison takes. What it may do is asked for where the endpoint is mounted.
pub(crate) async fn require_admin(
    State(state): State<AdminState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let hash = bearer(request.headers()).map(TokenHash::of);
    let hash = hash.ok_or_else(|| Problem::unauthenticated("the request carries no bearer token"))?;
    let token = state.store.admin_token(hash).await?;
    let token = token
        .filter(|token| token.admits(hash, state.clock.now()))
        .ok_or_else(|| Problem::unauthenticated("the bearer token is not a living admin token"))?;
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let actor = Actor {
        token_id: Some(token.id),
        name: token.name.into(),
        role: token.role,
        origin: ActorOrigin::Bearer,
        address: connection.map(|ConnectInfo(address)| address.ip().to_canonical()),
    };
    request.extensions_mut().insert(Author(actor));
    Ok(next.run(request).await)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

impl<S: Sync> FromRequestParts<S> for Author {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let author = parts.extensions.get::<Self>().cloned();
        author.ok_or_else(|| Problem::unauthenticated("the request carries no bearer token"))
    }
}
