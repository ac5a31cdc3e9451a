//! Requests under an idempotency key.

use diesel::prelude::*;
use tollgate_domain::ports::{Claim, IdempotentRequest};

use crate::schema::idempotent_requests;
use crate::value::{At, Digest32, Id};

/// A row of `idempotent_requests`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotent_requests, treat_none_as_default_value = false)]
pub(crate) struct IdempotentRow {
    pub(crate) token_id: Id,
    pub(crate) request_key: String,
    pub(crate) request_hash: Digest32,
    pub(crate) claim_id: Id,
    pub(crate) claimed_until: At,
    pub(crate) sealed_answer: Option<String>,
    pub(crate) expires_at: At,
}

/// What is known of a request, its answer still sealed.
#[derive(Debug)]
pub(crate) enum StoredClaim {
    /// Nothing: it is the caller's now.
    Yes,
    /// The sealed answer.
    Answered(String),
    /// It is being carried out.
    Running,
    /// The key belongs to another request.
    Different,
}

impl IdempotentRow {
    /// A request that is being carried out.
    pub(crate) fn new(request: &IdempotentRequest, claim: &Claim) -> Self {
        Self {
            token_id: Id(request.token_id.uuid()),
            request_key: request.key.clone(),
            request_hash: Digest32(request.request_hash),
            claim_id: Id(claim.id),
            claimed_until: At(claim.until),
            sealed_answer: None,
            expires_at: At(claim.expires_at),
        }
    }
}
