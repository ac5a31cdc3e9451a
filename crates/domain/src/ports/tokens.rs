//! Admin tokens.

use async_trait::async_trait;

use super::StoreError;
use crate::{Actor, AdminRole, AdminTokenId, Timestamp, TokenHash};

/// Characters of a token that are kept for people to recognise it.
const HINT_LENGTH: usize = 4;

/// A named admin token; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminToken {
    /// Its id.
    pub id: AdminTokenId,
    /// Whose it is, unique; the author of what is changed with it.
    pub name: String,
    /// What the presented token must hash to.
    pub token_hash: TokenHash,
    /// The token's last characters; empty where it was made before they were kept.
    pub token_hint: String,
    /// What it may do.
    pub role: AdminRole,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// What was presented before the last rotation, as long as that is still accepted.
    pub previous: Option<PreviousToken>,
    /// When it was last presented, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts edits; the ETag.
    pub revision: i64,
}

/// A token that has been replaced and is accepted for a while longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviousToken {
    /// What it hashes to.
    pub token_hash: TokenHash,
    /// From when on it is refused.
    pub until: Timestamp,
}

/// Admin tokens.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The token with this hash, now or before its last rotation; it may have expired.
    async fn admin_token(&self, hash: TokenHash) -> Result<Option<AdminToken>, StoreError>;

    /// Stores the token unless the installation has one already; under the migration lock, so that of several
    /// processes starting together exactly one gets `true`.
    async fn create_first_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<bool, StoreError>;

    /// Makes the token with this name the given one: creates it, or replaces its hash and role. For a token that the
    /// operator sets in the environment.
    async fn put_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<(), StoreError>;
}

impl AdminToken {
    /// A new token that does not expire.
    pub fn new(
        id: AdminTokenId,
        name: impl Into<String>,
        token: &str,
        role: AdminRole,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            name: name.into(),
            token_hash: TokenHash::of(token),
            token_hint: Self::hint(token),
            role,
            expires_at: None,
            previous: None,
            last_used_at: None,
            created_at: at,
            updated_at: at,
            revision: 1,
        }
    }

    /// The part of a token that is shown later on.
    pub fn hint(token: &str) -> String {
        let skipped = token.chars().count().saturating_sub(HINT_LENGTH);
        token.chars().skip(skipped).collect()
    }

    /// Whether a token of this hash is let in at a time.
    pub fn admits(&self, hash: TokenHash, at: Timestamp) -> bool {
        let living = self.expires_at.is_none_or(|end| at < end);
        let known = hash == self.token_hash
            || self
                .previous
                .is_some_and(|previous| previous.token_hash == hash && at < previous.until);
        living && known
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_replaced_token_is_let_in_until_its_grace_ends_and_none_after_expiry() {
        let now: Timestamp = "2026-11-05T08:00:00Z".parse().unwrap();
        let hour = TimeDelta::hours(1);
        let id = AdminTokenId::new(Uuid::nil());
        let token = AdminToken {
            previous: Some(PreviousToken {
                token_hash: TokenHash::of("old"),
                until: now + hour,
            }),
            expires_at: Some(now + hour * 2),
            ..AdminToken::new(id, "ada", "new-token", AdminRole::Admin, now)
        };
        let admits = |text: &str, at| token.admits(TokenHash::of(text), at);
        assert_eq!(token.token_hint, "oken");
        assert!(admits("old", now) && !admits("old", now + hour));
        assert!(admits("new-token", now + hour) && !admits("new-token", now + hour * 2));
        assert!(!admits("other", now));
    }
}
