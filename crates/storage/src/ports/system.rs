//! What the database says of itself, and who tested what.

use async_trait::async_trait;
use tollgate_domain::ports::{SchemaInfo, StoreError, SystemStore, TestCallStore, TestPlan};
use tollgate_domain::{Actor, Timestamp, Upstream};

use crate::database::{Backend, Database, run};

#[async_trait]
impl SystemStore for Database {
    async fn schema_info(&self) -> Result<SchemaInfo, StoreError> {
        let (database_version, schema_version) = run!(
            self.backend,
            reading,
            "reading the schema's version",
            system::versions()
        )?;
        Ok(SchemaInfo {
            database: match &self.backend {
                Backend::Pg(_) => "postgresql",
                Backend::Sqlite(_) => "sqlite",
            },
            database_version,
            schema_version,
        })
    }
}

#[async_trait]
impl TestCallStore for Database {
    async fn note_test(
        &self,
        upstream: &Upstream,
        plan: &TestPlan,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (actor, id, name) = (actor.clone(), upstream.id, upstream.name.clone());
        let what = serde_json::json!({
            "protocol": plan.protocol,
            "model": plan.model,
            "model_sent": plan.model_sent,
        });
        run!(
            self.backend,
            writing,
            "noting a test",
            system::note_test(id, name, what, &actor, at)
        )
    }
}
