//! The operator's price rules.

use async_trait::async_trait;
use tollgate_domain::ports::{
    AliasVersion, MultiplierVersion, OverrideVersion, PriceRuleStore, RuleChange, RuleEdit, RulesChanged,
    StoreError,
};
use tollgate_domain::{AliasId, OverrideId, UpstreamId};

use crate::database::{Database, run};

#[async_trait]
impl PriceRuleStore for Database {
    async fn overrides(&self) -> Result<Vec<OverrideVersion>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading price overrides",
            price_rules::overrides(None)
        )
    }

    async fn override_versions(&self, id: OverrideId) -> Result<Vec<OverrideVersion>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the versions of a price override",
            price_rules::overrides(Some(id))
        )
    }

    async fn aliases(&self) -> Result<Vec<AliasVersion>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading model aliases",
            price_rules::aliases(None)
        )
    }

    async fn alias_versions(&self, id: AliasId) -> Result<Vec<AliasVersion>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the versions of a model alias",
            price_rules::aliases(Some(id))
        )
    }

    async fn multiplier_versions(&self, upstream: UpstreamId) -> Result<Vec<MultiplierVersion>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the versions of an upstream's multipliers",
            price_rules::multipliers(upstream)
        )
    }

    async fn change_rules(
        &self,
        changes: Vec<RuleChange>,
        edit: RuleEdit,
    ) -> Result<RulesChanged, StoreError> {
        run!(
            self.backend,
            writing,
            "changing price rules",
            price_changes::change_rules(&changes, &edit)
        )
    }
}
