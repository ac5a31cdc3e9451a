//! Reading the audit log.

use std::net::IpAddr;

use async_trait::async_trait;
use serde_json::Value;

use super::StoreError;
use crate::{ActorOrigin, AdminRole, AdminTokenId, Timestamp};

/// Which edits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Made at or after.
    pub from: Option<Timestamp>,
    /// Made before.
    pub until: Option<Timestamp>,
    /// By the token of exactly this name then.
    pub actor: Option<String>,
    /// Exactly this action.
    pub action: Option<String>,
    /// Of this kind of thing.
    pub resource_kind: Option<String>,
    /// Of this thing.
    pub resource_id: Option<String>,
}

/// An edit: who did what to which thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number; later ones are higher.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// The admin token; `None` for the gateway itself.
    pub actor_id: Option<AdminTokenId>,
    /// Its name then.
    pub actor_name: String,
    /// Its role then.
    pub actor_role: AdminRole,
    /// How it came in.
    pub origin: ActorOrigin,
    /// From where.
    pub address: Option<IpAddr>,
    /// Kind and verb, such as `upstream.update`.
    pub action: String,
    /// The kind of thing.
    pub resource_kind: String,
    /// Which, where it is one.
    pub resource_id: Option<String>,
    /// Its name then.
    pub resource_name: Option<String>,
    /// The state before, secrets masked; `None` where it was not there.
    pub before: Option<Value>,
    /// The state after, secrets masked; `None` where it is gone.
    pub after: Option<Value>,
}

/// The audit log.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Edits, newest first, below the number given.
    async fn audit_log(
        &self,
        filter: AuditFilter,
        below: Option<i64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, StoreError>;

    /// One edit.
    async fn audit_entry(&self, id: i64) -> Result<Option<AuditEntry>, StoreError>;
}
