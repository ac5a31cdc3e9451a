//! Admin tokens.

use async_trait::async_trait;

use super::StoreError;
use crate::{AdminTokenId, Timestamp, TokenHash};

/// What an admin token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AdminRole {
    /// Everything.
    Admin,
}

/// A named admin token; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminToken {
    /// Its id.
    pub id: AdminTokenId,
    /// Whose it is; the author of what is changed with it.
    pub name: String,
    /// What the presented token must hash to.
    pub token_hash: TokenHash,
    /// What it may do.
    pub role: AdminRole,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Admin tokens.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The living token with this hash.
    async fn admin_token(&self, hash: TokenHash) -> Result<Option<AdminToken>, StoreError>;

    /// Stores the token unless the installation has one already; under the migration lock, so that of several
    /// processes starting together exactly one gets `true`.
    async fn create_first_admin_token(&self, token: AdminToken) -> Result<bool, StoreError>;

    /// Makes the token with this name the given one: creates it, or replaces its hash. For a token that the
    /// operator sets in the environment.
    async fn put_admin_token(&self, token: AdminToken) -> Result<(), StoreError>;
}
