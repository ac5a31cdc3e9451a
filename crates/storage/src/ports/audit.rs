//! Reading the audit log.

use async_trait::async_trait;
use tollgate_domain::ports::{AuditEntry, AuditFilter, AuditStore, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl AuditStore for Database {
    async fn audit_log(
        &self,
        filter: AuditFilter,
        below: Option<i64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the audit log",
            audit::list(&filter, below, limit)
        )
    }

    async fn audit_entry(&self, id: i64) -> Result<Option<AuditEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading an entry of the audit log",
            audit::find(id)
        )
    }
}
