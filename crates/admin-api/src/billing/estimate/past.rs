//! What models cost on days that are over.
//!
//! Thirty days are most of what an estimate reads, and those that are over hardly change: they are read once an hour, so
//! that what is recorded late or corrected there shows in estimates within that hour. Today is read for each answer. Sums
//! do not rest on this, estimates alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use tollgate_domain::ports::{ModelMeans, StoreError};
use tollgate_domain::{MoneyError, RollupValues, Timestamp, UpstreamId};

use super::DAYS;
use crate::AdminState;
use crate::problem::Problem;

/// How long what was read stands.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// What was read of the days that are over, shared by all answers.
#[derive(Clone, Default)]
pub struct PastMeans(Arc<Mutex<Option<Past>>>);

struct Past {
    days: (Timestamp, Timestamp),
    read_at: Timestamp,
    means: Arc<Vec<ModelMeans>>,
}

/// The means of the last 30 days.
pub(super) async fn recent(state: &AdminState) -> Result<Vec<ModelMeans>, Problem> {
    let now = state.clock.now();
    let (since, _) = state.zone.day(now - TimeDelta::days(DAYS));
    let (today, _) = state.zone.day(now);
    let past = state.past_means.read(state, (since, today), now).await?;
    let of_today = state.store.model_means(today, None).await?;
    Ok(joined(&past, of_today)?)
}

impl PastMeans {
    async fn read(
        &self,
        state: &AdminState,
        days: (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Arc<Vec<ModelMeans>>, StoreError> {
        if let Some(means) = self.known(days, now) {
            return Ok(means);
        }
        let means = Arc::new(state.store.model_means(days.0, Some(days.1)).await?);
        let past = Past {
            days,
            read_at: now,
            means: Arc::clone(&means),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(past);
        Ok(means)
    }

    /// What was read of these days and still stands.
    fn known(&self, days: (Timestamp, Timestamp), now: Timestamp) -> Option<Arc<Vec<ModelMeans>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stands = |past: &&Past| past.days == days && past.read_at <= now && now - past.read_at < FRESH;
        known.as_ref().filter(stands).map(|past| Arc::clone(&past.means))
    }
}

/// Of both stretches of days: what was used adds up, the cheapest and the dearest day are those of all.
fn joined(past: &[ModelMeans], of_today: Vec<ModelMeans>) -> Result<Vec<ModelMeans>, MoneyError> {
    let place = |means: &ModelMeans| (means.upstream_id, means.model.clone());
    let mut all: BTreeMap<(UpstreamId, String), ModelMeans> =
        past.iter().map(|means| (place(means), means.clone())).collect();
    for means in of_today {
        match all.entry(place(&means)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(means);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let sum = entry.get_mut();
                sum.values = RollupValues::checked_add(sum.values, means.values)?;
                sum.range = match (sum.range, means.range) {
                    (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
                    (one, other) => one.or(other),
                };
                sum.provider = means.provider;
            }
        }
    }
    Ok(all.into_values().collect())
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Usd;
    use uuid::Uuid;

    use super::*;

    fn means(model: &str, range: Option<(i128, i128)>, attempts: i64) -> ModelMeans {
        ModelMeans {
            upstream_id: UpstreamId::new(Uuid::from_u128(1)),
            provider: None,
            model: model.to_owned(),
            range: range.map(|(low, high)| (Usd::from_pico(low), Usd::from_pico(high))),
            values: RollupValues {
                attempts,
                ..RollupValues::default()
            },
        }
    }

    #[test]
    fn both_stretches_make_one() {
        let past = [
            means("a", Some((2, 5)), 1),
            means("b", None, 2),
            means("c", Some((1, 1)), 3),
        ];
        let late = vec![
            means("a", Some((3, 7)), 10),
            means("b", Some((4, 4)), 20),
            means("d", None, 40),
        ];
        let expected = [
            means("a", Some((2, 7)), 11),
            means("b", Some((4, 4)), 22),
            means("c", Some((1, 1)), 3),
            means("d", None, 40),
        ];
        assert_eq!(joined(&past, late).unwrap(), expected);
    }

    #[test]
    fn what_was_read_stands_for_an_hour_of_the_same_days() {
        let at = |minutes| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let past = Past {
            days: (at(0), at(10)),
            read_at: at(100),
            means: Arc::default(),
        };
        let past = PastMeans(Arc::new(Mutex::new(Some(past))));
        let known = |until, now| past.known((at(0), at(until)), at(now)).is_some();
        assert!(known(10, 159));
        assert!(!known(10, 160), "an hour");
        assert!(!known(11, 101), "other days");
        assert!(!known(10, 99), "a clock that was set back");
    }
}
