//! Only what is asked by operations that no test is about; the rest is tested on a database.

use async_trait::async_trait;
use secrecy::SecretString;
use tollgate_domain::ports::{
    AdminSession, AdminToken, AdminTokenStore, AuditEntry, AuditFilter, AuditStore, Claim, Claimed,
    IdempotencyStore, IdempotentRequest, SessionStore, StoreError, TokenEdited, TokenRotation,
};
use tollgate_domain::{Actor, AdminSessionId, AdminTokenId, Timestamp, TokenHash};
use uuid::Uuid;

use super::FakeStore;

#[async_trait]
impl AdminTokenStore for FakeStore {
    async fn admin_tokens(&self) -> Result<Vec<AdminToken>, StoreError> {
        Ok(self.open()?.tokens.clone())
    }

    async fn admin_token_by_id(&self, id: AdminTokenId) -> Result<Option<AdminToken>, StoreError> {
        Ok(self.open()?.tokens.iter().find(|token| token.id == id).cloned())
    }

    async fn create_admin_token(&self, _: AdminToken, _: &Actor) -> Result<AdminToken, StoreError> {
        unreachable!("tested on a database")
    }

    async fn update_admin_token(
        &self,
        _: AdminToken,
        _: Option<i64>,
        _: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError> {
        unreachable!("tested on a database")
    }

    async fn rotate_admin_token(
        &self,
        _: AdminTokenId,
        _: TokenRotation,
        _: Option<i64>,
        _: &Actor,
    ) -> Result<TokenEdited<AdminToken>, StoreError> {
        unreachable!("tested on a database")
    }

    async fn revoke_admin_token(
        &self,
        _: AdminTokenId,
        _: Option<i64>,
        _: &Actor,
        _: Timestamp,
    ) -> Result<TokenEdited<()>, StoreError> {
        drop(self.open()?);
        Ok(TokenEdited::Missing)
    }

    async fn touch_admin_token(&self, _: AdminTokenId, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl SessionStore for FakeStore {
    async fn open_session(&self, _: AdminSession, _: &Actor) -> Result<(), StoreError> {
        unreachable!("tested on a database")
    }

    async fn session(&self, _: TokenHash) -> Result<Option<(AdminSession, AdminToken)>, StoreError> {
        drop(self.open()?);
        Ok(None)
    }

    async fn touch_session(&self, _: AdminSessionId, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("tested on a database")
    }

    async fn end_session(&self, _: AdminSessionId, _: &Actor, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("tested on a database")
    }

    async fn purge_access(&self, _: Timestamp, _: Timestamp) -> Result<u64, StoreError> {
        unreachable!("tested on a database")
    }
}

#[async_trait]
impl AuditStore for FakeStore {
    async fn audit_log(&self, _: AuditFilter, _: Option<i64>, _: u16) -> Result<Vec<AuditEntry>, StoreError> {
        drop(self.open()?);
        Ok(Vec::new())
    }

    async fn audit_entry(&self, _: i64) -> Result<Option<AuditEntry>, StoreError> {
        drop(self.open()?);
        Ok(None)
    }
}

#[async_trait]
impl IdempotencyStore for FakeStore {
    async fn claim_request(&self, _: IdempotentRequest, _: Claim) -> Result<Claimed, StoreError> {
        Ok(match &self.open()?.claimed {
            Some(Claimed::Running) => Claimed::Running,
            Some(Claimed::Different) => Claimed::Different,
            Some(Claimed::Unreadable) => Claimed::Unreadable,
            _ => unreachable!("tested on a database"),
        })
    }

    async fn answer_request(
        &self,
        _: &IdempotentRequest,
        _: Uuid,
        _: SecretString,
    ) -> Result<(), StoreError> {
        unreachable!("tested on a database")
    }

    async fn release_request(&self, _: &IdempotentRequest, _: Uuid) -> Result<(), StoreError> {
        unreachable!("tested on a database")
    }
}
