//! Activity of keys and upstreams.

use std::collections::HashMap;

use async_trait::async_trait;
use tollgate_domain::ports::{Activity, ActivitySpan, ActivityStore, StoreError};
use tollgate_domain::{KeyId, UpstreamId};
use uuid::Uuid;

use crate::database::{Database, run};

#[async_trait]
impl ActivityStore for Database {
    async fn key_activity(
        &self,
        keys: &[KeyId],
        span: ActivitySpan,
    ) -> Result<HashMap<KeyId, Activity>, StoreError> {
        self.add_up().await?;
        let ids: Vec<Uuid> = keys.iter().map(|key| key.uuid()).collect();
        let found = run!(
            self.backend,
            reading,
            "summing what keys did",
            activity::of_keys(&ids, span)
        )?;
        let found = found.into_iter().map(|(id, activity)| (KeyId::new(id), activity));
        Ok(found.collect())
    }

    async fn upstream_activity(
        &self,
        upstreams: &[UpstreamId],
        span: ActivitySpan,
    ) -> Result<HashMap<UpstreamId, Activity>, StoreError> {
        self.add_up().await?;
        let ids: Vec<Uuid> = upstreams.iter().map(|upstream| upstream.uuid()).collect();
        let found = run!(
            self.backend,
            reading,
            "summing what upstreams did",
            activity::of_upstreams(&ids, span)
        )?;
        let found = found
            .into_iter()
            .map(|(id, activity)| (UpstreamId::new(id), activity));
        Ok(found.collect())
    }
}
