//! What held prices would change.

use async_trait::async_trait;
use tollgate_domain::ModelName;
use tollgate_domain::ports::{HeldChangeStore, ModelChange, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl HeldChangeStore for Database {
    async fn held_changes(&self, models: Vec<ModelName>) -> Result<Vec<ModelChange>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading what held prices would change",
            changes::held(&models)
        )
    }
}
