//! Requests that may be sent twice and are carried out once.

use async_trait::async_trait;
use secrecy::SecretString;
use uuid::Uuid;

use super::StoreError;
use crate::{AdminTokenId, Timestamp};

/// A request under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// Whose key it is; others may use the same.
    pub token_id: AdminTokenId,
    /// The key.
    pub key: String,
    /// SHA-256 of all that makes the request.
    pub request_hash: [u8; 32],
}

/// The right to carry out a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Names this attempt to carry it out.
    pub id: Uuid,
    /// Now.
    pub at: Timestamp,
    /// When another attempt may take over, should this one not come back.
    pub until: Timestamp,
    /// How long the answer is kept.
    pub expires_at: Timestamp,
}

/// What is known of a request under an idempotency key.
#[derive(Debug)]
pub enum Claimed {
    /// Nothing: carry it out.
    Yes,
    /// It was carried out; this was the answer.
    Answered(SecretString),
    /// It was carried out, and the key that sealed the answer is gone.
    Unreadable,
    /// It is being carried out.
    Running,
    /// The key was used for another request.
    Different,
}

/// Remembers answers, sealed, until they expire.
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Claims a request: exactly one of several that claim it at once gets [`Claimed::Yes`].
    async fn claim_request(&self, request: IdempotentRequest, claim: Claim) -> Result<Claimed, StoreError>;

    /// Keeps the answer of a claimed request.
    async fn answer_request(
        &self,
        request: &IdempotentRequest,
        claim: Uuid,
        answer: SecretString,
    ) -> Result<(), StoreError>;

    /// Gives the claim back: nothing was done.
    async fn release_request(&self, request: &IdempotentRequest, claim: Uuid) -> Result<(), StoreError>;
}
