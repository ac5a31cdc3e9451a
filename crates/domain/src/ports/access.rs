//! Managing admin tokens, and the console's sessions.

use std::net::IpAddr;

use async_trait::async_trait;

use super::{AdminToken, StoreError};
use crate::{Actor, AdminSessionId, AdminTokenId, Timestamp, TokenHash};

/// How an edit of an admin token went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenEdited<T> {
    /// Done; the new state.
    Done(T),
    /// There is no such token.
    Missing,
    /// Somebody else changed it since; its revision now.
    Stale {
        /// The current revision.
        revision: i64,
    },
    /// Nobody would be left who may do everything: it is the last living token of role `admin`.
    LastAdmin,
}

/// The new secret of an admin token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRotation {
    /// What the new token hashes to.
    pub token_hash: TokenHash,
    /// Its last characters.
    pub token_hint: String,
    /// Until when the old one is accepted too; `None`: not any more. Sessions of the old one end then as well.
    pub grace_until: Option<Timestamp>,
    /// The new expiry.
    pub expires_at: Option<Timestamp>,
    /// When.
    pub at: Timestamp,
}

/// Admin tokens, for those who hand them out.
#[async_trait]
pub trait AdminTokenStore: Send + Sync {
    /// All of them, by name.
    async fn admin_tokens(&self) -> Result<Vec<AdminToken>, StoreError>;

    /// One.
    async fn admin_token_by_id(&self, id: AdminTokenId) -> Result<Option<AdminToken>, StoreError>;

    /// Stores a new one.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn create_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<AdminToken, StoreError>;

    /// Replaces name, role and expiry if its revision still is `expected` (`None`: whatever it is).
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn update_admin_token(
        &self,
        token: AdminToken,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError>;

    /// Gives it a new secret.
    async fn rotate_admin_token(
        &self,
        id: AdminTokenId,
        rotation: TokenRotation,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError>;

    /// Removes it and its sessions.
    async fn revoke_admin_token(
        &self,
        id: AdminTokenId,
        expected: Option<i64>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<TokenEdited<()>, StoreError>;

    /// Notes that it was presented.
    async fn touch_admin_token(&self, id: AdminTokenId, at: Timestamp) -> Result<(), StoreError>;
}

/// A sign-in at the console. The secret in the cookie is kept as its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSession {
    /// Its id.
    pub id: AdminSessionId,
    /// The token that was exchanged for it; its role is the session's, and it ends with it.
    pub token_id: AdminTokenId,
    /// What the presented secret must hash to.
    pub secret_hash: TokenHash,
    /// From where it was opened.
    pub address: Option<IpAddr>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
}

/// The console's sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Opens one.
    async fn open_session(&self, session: AdminSession, actor: &Actor) -> Result<(), StoreError>;

    /// The session of a secret with this hash, with its token; it may have ended.
    async fn session(&self, secret: TokenHash) -> Result<Option<(AdminSession, AdminToken)>, StoreError>;

    /// Notes that it was used.
    async fn touch_session(&self, id: AdminSessionId, at: Timestamp) -> Result<(), StoreError>;

    /// Ends it; `false` if there is none.
    async fn end_session(&self, id: AdminSessionId, actor: &Actor, at: Timestamp)
    -> Result<bool, StoreError>;

    /// Removes what has run out: sessions that ended, or were not used since `idle_since`, replaced tokens whose grace
    /// is over, and kept answers past their time. How many rows.
    async fn purge_access(&self, at: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError>;
}
