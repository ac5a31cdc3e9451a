//! What held prices would change.

use async_trait::async_trait;

use super::{ModelChange, StoreError};
use crate::ModelName;

/// Reads held prices with the cards they are about.
#[async_trait]
pub trait HeldChangeStore: Send + Sync {
    /// Those of these models that wait for a decision, of whichever release, in no order. Beside the cards of these models
    /// it reads all held prices without theirs.
    async fn held_changes(&self, models: Vec<ModelName>) -> Result<Vec<ModelChange>, StoreError>;
}
