//! Managing admin tokens, and the console's sessions.

use async_trait::async_trait;
use tollgate_domain::ports::{
    AdminSession, AdminToken, AdminTokenStore, SessionStore, StoreError, TokenEdited, TokenRotation,
};
use tollgate_domain::{Actor, AdminSessionId, AdminTokenId, Timestamp, TokenHash};

use crate::database::{Database, run};

#[async_trait]
impl AdminTokenStore for Database {
    async fn admin_tokens(&self) -> Result<Vec<AdminToken>, StoreError> {
        run!(self.backend, reading, "reading admin tokens", token_edits::list())
    }

    async fn admin_token_by_id(&self, id: AdminTokenId) -> Result<Option<AdminToken>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading an admin token",
            token_edits::find(id)
        )
    }

    async fn create_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<AdminToken, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "storing an admin token",
            token_edits::create(token, &actor)
        )
    }

    async fn update_admin_token(
        &self,
        token: AdminToken,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "storing an admin token",
            token_edits::update(token, expected, &actor)
        )
    }

    async fn rotate_admin_token(
        &self,
        id: AdminTokenId,
        rotation: TokenRotation,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "rotating an admin token",
            token_edits::rotate(id, rotation, expected, &actor)
        )
    }

    async fn revoke_admin_token(
        &self,
        id: AdminTokenId,
        expected: Option<i64>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<TokenEdited<()>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "revoking an admin token",
            token_edits::revoke(id, expected, &actor, at)
        )
    }

    async fn touch_admin_token(&self, id: AdminTokenId, at: Timestamp) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "noting the use of an admin token",
            token_edits::touch(id, at)
        )
    }
}

#[async_trait]
impl SessionStore for Database {
    async fn open_session(&self, session: AdminSession, actor: &Actor) -> Result<(), StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "opening a session",
            sessions::open(session, &actor)
        )
    }

    async fn session(&self, secret: TokenHash) -> Result<Option<(AdminSession, AdminToken)>, StoreError> {
        run!(self.backend, reading, "reading a session", sessions::find(secret))
    }

    async fn touch_session(&self, id: AdminSessionId, at: Timestamp) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "noting the use of a session",
            sessions::touch(id, at)
        )
    }

    async fn end_session(
        &self,
        id: AdminSessionId,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "ending a session",
            sessions::end(id, &actor, at)
        )
    }

    async fn purge_access(&self, at: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError> {
        run!(
            self.backend,
            writing,
            "removing sessions and answers that have run out",
            sessions::purge(at, idle_since)
        )
    }
}
