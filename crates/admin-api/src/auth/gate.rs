//! Looks up who presents what.

use std::net::IpAddr;

use chrono::TimeDelta;
use tokio_util::task::TaskTracker;
use tollgate_domain::ports::{AdminSession, AdminToken, StoreError};
use tollgate_domain::{AdminTokenId, Timestamp, TokenHash};

use super::attempts::Attempts;
use super::recent::Recent;
use crate::AdminState;
use crate::problem::Problem;

/// Uses are noted at most this often.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// What is remembered of those who came and those who failed. In memory only: nobody who is not let in makes the
/// database write.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    attempts: Attempts,
    tokens: Recent<AdminToken>,
    sessions: Recent<(AdminSession, AdminToken)>,
    /// What must come to its end although its caller has gone.
    pub(crate) tasks: TaskTracker,
}

impl Gate {
    /// The living token that was presented. It is found by its SHA-256, so nothing about it can be learnt from how long
    /// the comparison takes. With the database away, one that was let in lately still is.
    pub(crate) async fn token(
        &self,
        state: &AdminState,
        presented: &str,
        address: Option<IpAddr>,
    ) -> Result<AdminToken, Problem> {
        let (hash, now) = (TokenHash::of(presented), state.clock.now());
        let known = self.tokens.get(hash, now);
        if known.is_none() {
            self.attempts
                .allow(address, now)
                .map_err(Problem::too_many_attempts)?;
        }
        let found = match (state.store.admin_token(hash).await, known) {
            (Err(StoreError::Unavailable { .. }), Some(known)) => Some(known),
            (found, _) => found?,
        };
        let refused = || Problem::unauthenticated("the bearer token is not a living admin token");
        let Some(token) = found else {
            self.tokens.forget(hash);
            self.attempts.failed(address, now);
            return Err(refused());
        };
        if !token.admits(hash, now) {
            self.tokens.forget(hash);
            return Err(refused());
        }
        self.tokens.remember(hash, token.clone(), now);
        if is_due(token.last_used_at, now)
            && let Err(error) = state.store.touch_admin_token(token.id, now).await
        {
            tracing::debug!(%error, "the use of an admin token is not noted");
        }
        Ok(token)
    }

    /// The living session of a secret, with its token.
    pub(crate) async fn session(
        &self,
        state: &AdminState,
        secret: &str,
        address: Option<IpAddr>,
    ) -> Result<(AdminSession, AdminToken), Problem> {
        let (hash, now) = (TokenHash::of(secret), state.clock.now());
        let known = self.sessions.get(hash, now);
        let found = match (state.store.session(hash).await, known) {
            (Err(StoreError::Unavailable { .. }), Some(known)) => Some(known),
            (found, _) => found?,
        };
        let found = found.filter(|(session, token)| {
            let token_lives = token.expires_at.is_none_or(|end| now < end);
            let in_use = now - session.last_seen_at < state.access.session_idle;
            token_lives && now < session.expires_at && in_use
        });
        let Some((session, token)) = found else {
            self.sessions.forget(hash);
            self.attempts.stumbled(address, now);
            return Err(Problem::unauthenticated("the session has ended; sign in again"));
        };
        self.sessions
            .remember(hash, (session.clone(), token.clone()), now);
        if is_due(Some(session.last_seen_at), now)
            && let Err(error) = state.store.touch_session(session.id, now).await
        {
            tracing::debug!(%error, "the use of a session is not noted");
        }
        Ok((session, token))
    }

    /// A token or its role has changed: nobody is let in on what was true before.
    pub(crate) fn forget_token(&self, id: AdminTokenId) {
        self.tokens.forget_where(|token| token.id == id);
        self.sessions.forget_where(|(_, token)| token.id == id);
    }

    /// A session was ended.
    pub(crate) fn forget_session(&self, session: &AdminSession) {
        self.sessions.forget(session.secret_hash);
    }
}

fn is_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now - last >= TOUCH)
}
