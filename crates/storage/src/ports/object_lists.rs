//! The objects of one key, as its lists show them.

use async_trait::async_trait;
use tollgate_domain::ports::{
    DeferredRow, FileFilter, HiddenObject, ObjectListStore, ObjectListing, StoreError,
};
use tollgate_domain::{DeferredKind, UpstreamObject};

use crate::database::{Database, run};

#[async_trait]
impl ObjectListStore for Database {
    async fn list_operations(
        &self,
        kind: DeferredKind,
        listing: ObjectListing,
    ) -> Result<Vec<DeferredRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing a key's operations",
            object_lists::operations(kind, &listing)
        )
    }

    async fn list_files(
        &self,
        filter: FileFilter,
        listing: ObjectListing,
    ) -> Result<Vec<UpstreamObject>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing a key's files",
            object_lists::files(filter, &listing)
        )
    }

    async fn hide_objects(&self, objects: Vec<HiddenObject>) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "leaving objects out of lists",
            object_lists::hide(&objects)
        )
    }
}
