//! Everything in the queue, in its order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{AttentionRow, AttentionState, GapSummary};
use tollgate_domain::{AttentionId, AttentionKind, AttentionSubject, AttentionValues, Timestamp, Usd};

use super::action::Action;
use super::{held, multipliers};
use crate::AdminState;
use crate::billing::estimate::{Estimate, Estimator, Market};
use crate::problem::Problem;

/// How far back the queue looks.
pub(super) const DAYS: i64 = 90;
/// Things looked at; beyond that the least frequent are left out.
const ROWS: u16 = 2_000;

/// The queue, and what its estimates rest on.
pub(super) struct Queue {
    pub(super) market: Market,
    pub(super) items: Vec<Item>,
}

/// One thing, and what can be said of it.
pub(super) struct Item {
    pub(super) row: AttentionRow,
    pub(super) at_stake: Estimate,
    pub(super) state: Option<AttentionState>,
}

/// Where an item is: the most money first, then what nobody knows the amount of, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    stake: Reverse<Option<i128>>,
    count: Reverse<i64>,
    id: String,
}

/// Reads and ranks everything.
pub(super) async fn read(state: &AdminState) -> Result<Queue, Problem> {
    let now = state.clock.now();
    let (since, _) = state.zone.day(now - chrono::TimeDelta::days(DAYS));
    let store = &state.store;
    let seen = async { Ok(store.attention(since, None, &[], ROWS).await?) };
    let states = async { Ok(store.attention_states().await?) };
    let held = held::read(state);
    let (mut rows, gap, market, held, states) =
        tokio::try_join!(seen, gap(state), Market::read(state), held, states)?;
    rows.extend(gap);
    rows.extend(multipliers::without_traffic(market.upstreams(), &rows));
    let estimator = Estimator::new(&market);
    let waiting = held::rows(state, &estimator, held).await?;
    let mut states: BTreeMap<AttentionId, AttentionState> = states
        .into_iter()
        .map(|state| (state.id.clone(), state))
        .collect();
    let rows = rows.into_iter().filter_map(|row| {
        let at_stake = at_stake(&estimator, &row)?;
        Some((row, at_stake))
    });
    let items = rows.chain(waiting).map(|(row, at_stake)| Item {
        state: states.remove(&row.id),
        row,
        at_stake,
    });
    let mut items: Vec<Item> = items.collect();
    items.sort_by_cached_key(Item::place);
    Ok(Queue { market, items })
}

/// The money at stake; `None` when there is none and nobody needs to look.
fn at_stake(estimator: &Estimator<'_>, row: &AttentionRow) -> Option<Estimate> {
    let known = |amount: Usd| Estimate::known(amount, amount, "known");
    Some(match row.subject.kind {
        kind if kind.is_unbilled() => estimator.estimate(row),
        AttentionKind::ServedNotSent => match estimator.between_names(row) {
            Some(estimate) if estimate.cost_high == Some(Usd::ZERO) => return None,
            Some(estimate) => estimate,
            None if is_snapshot(row) => return None,
            None => Estimate::unknown("no_comparable_price"),
        },
        AttentionKind::Gap => Estimate::unknown("not_recorded"),
        _ => known(row.values.at_stake),
    })
}

/// Whether what was served is a dated version of what was sent.
fn is_snapshot(row: &AttentionRow) -> bool {
    let (Some(sent), Some(served)) = (&row.subject.model_sent, &row.subject.model_served) else {
        return false;
    };
    let rest = served.strip_prefix(sent.as_str()).unwrap_or("?");
    rest.bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'@' | b'.'))
}

/// One item for all attempts that could not be recorded.
async fn gap(state: &AdminState) -> Result<Option<AttentionRow>, Problem> {
    let stored = state.store.gaps().await?;
    // After the database: see `GapSummary::new`.
    let journal = state.runtime.journal();
    let summary = GapSummary::new(&stored, journal.id, &state.runtime.pending_gaps());
    Ok(summary.total.map(|total| {
        let count = i64::try_from(total.attempts).unwrap_or(i64::MAX);
        let subject = AttentionSubject::bare(AttentionKind::Gap);
        bare(subject, count, (total.from, total.until))
    }))
}

pub(super) fn bare(
    subject: AttentionSubject,
    count: i64,
    (first_seen, last_seen): (Timestamp, Timestamp),
) -> AttentionRow {
    AttentionRow {
        id: subject.id(),
        subject,
        upstream_name: None,
        provider: None,
        values: AttentionValues {
            count,
            ..AttentionValues::default()
        },
        first_seen,
        last_seen,
    }
}

// === impl Item ===

impl Item {
    /// Where it is in the queue.
    pub(super) fn place(&self) -> Place {
        Place {
            stake: Reverse(self.at_stake.cost_high.map(Usd::pico)),
            count: Reverse(self.row.values.count),
            id: self.row.id.to_string(),
        }
    }

    /// What repairs it, or shows what there is.
    pub(super) fn action(&self, estimator: &Estimator<'_>) -> Option<Action> {
        Action::of(&self.row, &self.at_stake, || estimator.nearest(&self.row))
    }

    /// Whether nobody wants to see it at the moment.
    pub(super) fn is_snoozed(&self, now: Timestamp) -> bool {
        let until = self.state.as_ref().and_then(|state| state.snoozed_until);
        until.is_some_and(|until| until > now)
    }

    /// Who looks after it.
    pub(super) fn owner(&self) -> Option<&str> {
        self.state.as_ref()?.owner.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_comes_before_the_unknown_and_the_unknown_by_its_number() {
        let place = |stake: Option<i128>, count, id: &str| Place {
            stake: Reverse(stake),
            count: Reverse(count),
            id: id.to_owned(),
        };
        let mut places = [
            place(None, 7, "b"),
            place(Some(0), 1, "c"),
            place(None, 9, "a"),
            place(Some(5), 1, "e"),
            place(Some(5), 1, "d"),
        ];
        places.sort();
        let order: Vec<_> = places.iter().map(|place| place.id.as_str()).collect();
        assert_eq!(order, ["d", "e", "c", "a", "b"]);
    }
}
