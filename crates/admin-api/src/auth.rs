//! Who may come in: the bearer of an admin token, or of a session that one was exchanged for.

mod address;
mod attempts;
mod cookie;
mod gate;
mod policy;
mod recent;
mod same_origin;

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use tollgate_domain::ports::{AdminSession, AdminToken};
use tollgate_domain::{Actor, ActorOrigin};

use crate::AdminState;
use crate::problem::{Problem, ProblemType};

pub(crate) use address::Address;
pub(crate) use cookie::{csrf_token, ended, opened};
pub(crate) use gate::Gate;
pub use policy::AccessPolicy;
pub(crate) use same_origin::check_origin;

/// Who a request comes from; the author of what it changes.
#[derive(Debug, Clone)]
pub(crate) struct Author(pub(crate) Actor);

/// What a request came in with, for those who ask about it.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    /// The token, or the one the session was opened with.
    pub(crate) token: AdminToken,
    /// The session with the token for its header; `None` for a bearer.
    pub(crate) session: Option<(AdminSession, String)>,
}

/// Lets a request pass if it carries a living admin token or the cookie of a living session. What it may do is asked
/// for where the endpoint is mounted.
pub(crate) async fn require_admin(
    State((state, gate)): State<(AdminState, Arc<Gate>)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let headers = request.headers();
    let trusted = &state.access.trusted_proxies;
    let Address(address) = Address::of(request.extensions(), headers, trusted);
    let (admission, origin) = if let Some(presented) = bearer(headers) {
        let token = gate.token(&state, presented, address).await?;
        let session = None;
        (Admission { token, session }, ActorOrigin::Bearer)
    } else if let Some(secret) = cookie::session_secret(headers) {
        let (session, token) = gate.session(&state, secret, address).await?;
        if !request.method().is_safe() {
            check_origin(headers)?;
            if !cookie::has_csrf_token(headers, secret) {
                let detail = "send the session's csrf_token in the header x-csrf-token";
                return Err(Problem::new(ProblemType::CrossSite, detail));
            }
        }
        let session = Some((session, csrf_token(secret)));
        (Admission { token, session }, ActorOrigin::Session)
    } else {
        let detail = "the request carries neither a bearer token nor a session";
        return Err(Problem::unauthenticated(detail));
    };
    let author = Author(actor(&admission.token, origin, address));
    let extensions = request.extensions_mut();
    extensions.insert(author);
    extensions.insert(admission);
    Ok(next.run(request).await)
}

/// Somebody with this token.
pub(crate) fn actor(token: &AdminToken, origin: ActorOrigin, address: Option<IpAddr>) -> Actor {
    Actor {
        token_id: Some(token.id),
        name: token.name.as_str().into(),
        role: token.role,
        origin,
        address,
    }
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
        extension(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for Admission {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        extension(parts)
    }
}

fn extension<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Problem> {
    let found = parts.extensions.get::<T>().cloned();
    found.ok_or_else(|| Problem::unauthenticated("the request carries no bearer token"))
}
