//! Editing upstreams and keys.

use async_trait::async_trait;
use secrecy::SecretString;

use super::StoreError;
use crate::{Actor, ApiKey, KeyId, Timestamp, Upstream, UpstreamId};

/// How an edit went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited<T> {
    /// Done; the new state.
    Done(T),
    /// There is no such living row.
    Missing,
    /// Somebody else changed it since; its revision now.
    Stale {
        /// The current revision.
        revision: i64,
    },
}

/// What happens to an upstream's credential in an edit.
#[derive(Debug, Clone)]
pub enum NewCredential {
    /// Stays as it is.
    Keep,
    /// Is removed.
    Remove,
    /// Is replaced. The store seals it and sets the fingerprint.
    Replace(SecretString),
}

/// Why an upstream's multipliers change, and since when they are right; kept with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MultiplierGrounds {
    /// The reason.
    pub note: Option<String>,
    /// Since when they are right, where that is earlier than now.
    pub effective_from: Option<Timestamp>,
}

/// Upstreams. Changes of multipliers also write a price book version in the same transaction.
#[async_trait]
pub trait UpstreamStore: Send + Sync {
    /// Stores a new upstream; `revision` and `credential_fingerprint` are set by the store and returned.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn create_upstream(
        &self,
        upstream: Upstream,
        credential: Option<SecretString>,
        author: &Actor,
    ) -> Result<Upstream, StoreError>;

    /// Replaces an upstream if its revision still is `expected` (`None`: whatever it is). `grounds` are kept with
    /// the multipliers where those change.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn update_upstream(
        &self,
        upstream: Upstream,
        credential: NewCredential,
        expected: Option<i64>,
        author: &Actor,
        grounds: Option<MultiplierGrounds>,
    ) -> Result<Edited<Upstream>, StoreError>;

    /// The living upstreams, by priority and name.
    async fn upstreams(&self) -> Result<Vec<Upstream>, StoreError>;

    /// One living upstream.
    async fn upstream(&self, id: UpstreamId) -> Result<Option<Upstream>, StoreError>;

    /// Soft-deletes: wipes the credential and frees the name.
    async fn delete_upstream(
        &self,
        id: UpstreamId,
        expected: Option<i64>,
        author: &Actor,
        at: Timestamp,
    ) -> Result<Edited<()>, StoreError>;
}

/// Keys.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Stores a new key; `revision` is set by the store and returned.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn create_key(&self, key: ApiKey, author: &Actor) -> Result<ApiKey, StoreError>;

    /// Replaces a key (never its token hash) if its revision still is `expected` (`None`: whatever it is).
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn update_key(
        &self,
        key: ApiKey,
        expected: Option<i64>,
        author: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError>;

    /// The living keys, by name.
    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// One living key.
    async fn key(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Soft-deletes: wipes the token hash and frees the name.
    async fn delete_key(
        &self,
        id: KeyId,
        expected: Option<i64>,
        author: &Actor,
        at: Timestamp,
    ) -> Result<Edited<()>, StoreError>;
}
