use std::collections::HashMap;

use async_trait::async_trait;
use tollgate_domain::ports::{
    Activity, ActivitySpan, ActivityStore, Edited, KeyTokenStore, NewToken, StoreError,
};
use tollgate_domain::{Actor, ApiKey, KeyId, RetiringToken, UpstreamId};

use super::FakeStore;

#[async_trait]
impl ActivityStore for FakeStore {
    async fn key_activity(
        &self,
        keys: &[KeyId],
        span: ActivitySpan,
    ) -> Result<HashMap<KeyId, Activity>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_activity.push(span);
        let mut found = shelves.key_activity.clone();
        found.retain(|id, _| keys.contains(id));
        Ok(found)
    }

    async fn upstream_activity(
        &self,
        upstreams: &[UpstreamId],
        span: ActivitySpan,
    ) -> Result<HashMap<UpstreamId, Activity>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_activity.push(span);
        let mut found = shelves.upstream_activity.clone();
        found.retain(|id, _| upstreams.contains(id));
        Ok(found)
    }
}

#[async_trait]
impl KeyTokenStore for FakeStore {
    async fn rotate_key(
        &self,
        id: KeyId,
        token: NewToken,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError> {
        let mut shelves = self.open()?;
        let lost = shelves.lost_races > 0;
        shelves.lost_races = shelves.lost_races.saturating_sub(1);
        let Some(key) = shelves.keys.iter_mut().find(|key| key.id == id) else {
            return Ok(Edited::Missing);
        };
        key.revision += i64::from(lost);
        if expected.is_some_and(|expected| expected != key.revision) {
            return Ok(Edited::Stale {
                revision: key.revision,
            });
        }
        key.retiring = token.old_until.map(|until| RetiringToken {
            token_hash: key.token_hash,
            token_hint: key.token_hint.clone(),
            until,
        });
        key.token_hash = token.token_hash;
        key.token_hint = token.token_hint;
        key.rotated_at = Some(token.at);
        key.revision += 1;
        let key = key.clone();
        shelves.authors.push(actor.name.to_string());
        Ok(Edited::Done(key))
    }
}
