use std::sync::Arc;

use async_trait::async_trait;
use tollgate_domain::ports::{
    AliasVersion, MultiplierVersion, OverrideVersion, PriceRuleStore, PriceStore, RecordedEntry, RuleChange,
    RuleEdit, RulesChanged, StoreError, TrafficFilter, TrafficStore, UnpricedGroup,
};
use tollgate_domain::{
    AliasId, EventId, NewRelease, OverrideId, PriceBookData, PriceVersion, Timestamp, UpstreamId,
};

use uuid::Uuid;

use super::FakeStore;
use crate::build::billed_entry;

#[async_trait]
impl PriceStore for FakeStore {
    async fn price_book(&self, _: Option<PriceVersion>) -> Result<Option<PriceBookData>, StoreError> {
        self.open().map(|_| None)
    }

    async fn current_release_hash(&self) -> Result<Option<String>, StoreError> {
        unreachable!("the admin API syncs nothing")
    }

    async fn publish_release(&self, _: NewRelease, _: Timestamp) -> Result<PriceVersion, StoreError> {
        unreachable!("the admin API syncs nothing")
    }
}

/// Price rules are tested on a real database.
#[async_trait]
impl PriceRuleStore for FakeStore {
    async fn overrides(&self) -> Result<Vec<OverrideVersion>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn override_versions(&self, _: OverrideId) -> Result<Vec<OverrideVersion>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn aliases(&self) -> Result<Vec<AliasVersion>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn alias_versions(&self, _: AliasId) -> Result<Vec<AliasVersion>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn multiplier_versions(&self, _: UpstreamId) -> Result<Vec<MultiplierVersion>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn change_rules(&self, _: Vec<RuleChange>, _: RuleEdit) -> Result<RulesChanged, StoreError> {
        let changed = self.open()?.rules_changed;
        Ok(changed.unwrap_or_else(|| unreachable!("price rules are tested on a real database")))
    }
}

#[async_trait]
impl TrafficStore for FakeStore {
    async fn traffic(
        &self,
        _: TrafficFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        let count = u128::from(self.open()?.traffic);
        let first = after.map_or(1, |(id, _)| id.uuid().as_u128() + 1);
        let template = billed_entry(1);
        let entries = (first..=count).take(usize::from(limit)).map(|number| {
            let mut recorded = template.clone();
            let attempt = &mut recorded.journaled.entry.attempt;
            Arc::make_mut(attempt).event_id = EventId::new(Uuid::from_u128(number));
            recorded
        });
        Ok(entries.collect())
    }

    async fn unpriced(&self, _: Timestamp, _: Timestamp, _: u16) -> Result<Vec<UnpricedGroup>, StoreError> {
        self.open().map(|_| Vec::new())
    }

    async fn unpriced_at(&self, _: Vec<Timestamp>) -> Result<Vec<RecordedEntry>, StoreError> {
        self.open().map(|_| Vec::new())
    }
}
