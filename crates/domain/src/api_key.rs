//! Keys: who sends requests.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{KeyGrants, KeyId, OnUnpriced, Timestamp};

/// The SHA-256 of a high-entropy token. The token itself is never kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash([u8; 32]);

/// A client's API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id, never reused.
    pub id: KeyId,
    /// A unique name among the living.
    pub name: String,
    /// What the presented token must hash to.
    pub token_hash: TokenHash,
    /// The token's last characters, for people to recognise it.
    pub token_hint: String,
    /// The token before it, as long as that one is accepted too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retiring: Option<RetiringToken>,
    /// When its token was last replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Timestamp>,
    /// Who it belongs to.
    pub owner: Option<String>,
    /// The team that pays.
    pub team: Option<String>,
    /// Free labels.
    pub tags: Vec<String>,
    /// What happens to its requests where no upstream has a price; `None` leaves it to upstream and installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_unpriced: Option<OnUnpriced>,
    /// What it may use.
    #[serde(default, skip_serializing_if = "KeyGrants::is_unlimited")]
    pub grants: KeyGrants,
    /// Whether it is accepted.
    pub enabled: bool,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts edits; the ETag.
    pub revision: i64,
}

/// A token that another one has replaced and that is accepted for a while longer, so that clients can be moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiringToken {
    /// What the presented token must hash to.
    pub token_hash: TokenHash,
    /// The token's last characters.
    pub token_hint: String,
    /// From when on it is refused.
    pub until: Timestamp,
}

/// A key as it was when a request was admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRef {
    /// Its id.
    pub id: KeyId,
    /// Its name then.
    pub name: Arc<str>,
    /// Its owner then.
    pub owner: Option<Arc<str>>,
    /// Its team then.
    pub team: Option<Arc<str>>,
    /// Its tags then.
    pub tags: Arc<[String]>,
}

impl TokenHash {
    /// Hashes a presented token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// From its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl KeyRef {
    /// The name that test calls stand under in ledger and logs.
    pub const CONSOLE_NAME: &str = "console";

    /// Who sends the operator's own test calls.
    pub fn console() -> Self {
        Self {
            id: KeyId::CONSOLE,
            name: Self::CONSOLE_NAME.into(),
            owner: None,
            team: None,
            tags: Arc::new(["test_call".to_owned()]),
        }
    }
}

impl ApiKey {
    /// The part an entry keeps.
    pub fn as_ref_now(&self) -> KeyRef {
        KeyRef {
            id: self.id,
            name: self.name.as_str().into(),
            owner: self.owner.as_deref().map(Into::into),
            team: self.team.as_deref().map(Into::into),
            tags: self.tags.clone().into(),
        }
    }
}
