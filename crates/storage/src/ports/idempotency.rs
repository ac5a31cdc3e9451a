//! Requests under an idempotency key, their answers sealed.

use async_trait::async_trait;
use secrecy::SecretString;
use tollgate_domain::ports::{Claim, Claimed, IdempotencyStore, IdempotentRequest, StoreError};
use uuid::Uuid;

use crate::database::{Database, run};
use crate::rows::StoredClaim;

#[async_trait]
impl IdempotencyStore for Database {
    async fn claim_request(&self, request: IdempotentRequest, claim: Claim) -> Result<Claimed, StoreError> {
        let place = place(&request);
        let stored = run!(
            self.backend,
            writing,
            "claiming a request",
            idempotency::claim(&request, &claim)
        )?;
        Ok(match stored {
            StoredClaim::Yes => Claimed::Yes,
            StoredClaim::Running => Claimed::Running,
            StoredClaim::Different => Claimed::Different,
            StoredClaim::Answered(sealed) => match self.keyring.open(&place, &sealed) {
                Ok(answer) => Claimed::Answered(answer),
                Err(error) => {
                    tracing::warn!(%error, "a kept answer cannot be opened");
                    Claimed::Unreadable
                }
            },
        })
    }

    async fn answer_request(
        &self,
        request: &IdempotentRequest,
        claim: Uuid,
        answer: SecretString,
    ) -> Result<(), StoreError> {
        let request = request.clone();
        let sealed = self.keyring.seal(&place(&request), &answer);
        let sealed = sealed.map_err(|source| StoreError::Failed {
            operation: "sealing an answer",
            source: Box::new(source),
        })?;
        run!(
            self.backend,
            writing,
            "keeping an answer",
            idempotency::answer(&request, claim, &sealed)
        )
    }

    async fn release_request(&self, request: &IdempotentRequest, claim: Uuid) -> Result<(), StoreError> {
        let request = request.clone();
        run!(
            self.backend,
            writing,
            "giving a request back",
            idempotency::release(&request, claim)
        )
    }
}

/// Where an answer is stored: a sealed one opens nowhere else.
fn place(request: &IdempotentRequest) -> String {
    format!(
        "idempotent_requests.sealed_answer/{}/{}",
        request.token_id, request.key
    )
}
