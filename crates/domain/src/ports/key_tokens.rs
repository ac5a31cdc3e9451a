//! Replacing a key's token.

use async_trait::async_trait;

use super::{Edited, StoreError};
use crate::{Actor, ApiKey, KeyId, Timestamp, TokenHash};

/// A token that takes another one's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What the presented token must hash to.
    pub token_hash: TokenHash,
    /// Its last characters.
    pub token_hint: String,
    /// When it takes effect.
    pub at: Timestamp,
    /// Until when the one before is accepted too; `None` refuses it at once.
    pub old_until: Option<Timestamp>,
}

/// The tokens of keys.
#[async_trait]
pub trait KeyTokenStore: Send + Sync {
    /// Replaces a key's token if its revision still is `expected` (`None`: whatever it is). A token that was retiring
    /// already is refused from now on: a key has two tokens at most.
    async fn rotate_key(
        &self,
        id: KeyId,
        token: NewToken,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError>;
}
