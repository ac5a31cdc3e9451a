//! The objects of one key, as its lists show them.

use async_trait::async_trait;

use super::{DeferredRow, StoreError};
use crate::{DeferredKind, KeyId, Timestamp, UpstreamId, UpstreamObject};

/// Which part of a key's objects is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectListing {
    /// Whose objects.
    pub key_id: KeyId,
    /// Those behind this place in the order that is asked for; from the beginning without it.
    pub after: Option<ObjectPlace>,
    /// In which order.
    pub order: ObjectOrder,
    /// At most so many.
    pub limit: u16,
    /// What is hidden at this instant is left out.
    pub now: Timestamp,
}

/// In which order objects are listed. Of one instant they are told apart by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectOrder {
    /// The one that was made last comes first.
    NewestFirst,
    /// The one that was made first comes first.
    OldestFirst,
}

/// The place of an object in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPlace {
    /// When it was made or first seen.
    pub created_at: Timestamp,
    /// Its name at the provider.
    pub object_id: String,
}

/// Which of a key's files are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFilter {
    /// Whose names they have.
    pub naming: FileNaming,
    /// Only the results of operations, or only what was sent; both without it.
    pub results: Option<bool>,
}

/// How a provider names its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileNaming {
    /// A bare id.
    Openai,
    /// With their collection: `files/…`.
    Gemini,
}

/// An object that lists leave out for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenObject {
    /// Where it was.
    pub upstream_id: UpstreamId,
    /// Its name there.
    pub object_id: String,
    /// Until when.
    pub until: Timestamp,
}

/// Lists of a key's own objects.
#[async_trait]
pub trait ObjectListStore: Send + Sync {
    /// A key's operations of one kind. An object that a provider gave the key more than once is there once.
    async fn list_operations(
        &self,
        kind: DeferredKind,
        listing: ObjectListing,
    ) -> Result<Vec<DeferredRow>, StoreError>;

    /// A key's files.
    async fn list_files(
        &self,
        filter: FileFilter,
        listing: ObjectListing,
    ) -> Result<Vec<UpstreamObject>, StoreError>;

    /// Leaves objects out of lists; one that is hidden already is hidden until the new instant.
    async fn hide_objects(&self, objects: Vec<HiddenObject>) -> Result<(), StoreError>;
}
