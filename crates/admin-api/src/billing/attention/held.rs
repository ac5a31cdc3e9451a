//! Prices that wait for a decision.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{
    AttentionKind, AttentionSubject, AttentionValues, HeldPrice, HoldState, ModelName, ReleaseId, Timestamp,
    Usd,
};

use super::queue::bare;
use crate::AdminState;
use crate::billing::estimate::{Estimate, Estimator};
use crate::problem::Problem;

/// All that wait.
pub(super) async fn read(state: &AdminState) -> Result<Vec<HeldPrice>, Problem> {
    Ok(state.store.held_prices(HoldState::Held).await?)
}

/// One row for each model that recent traffic is priced by, with what it would change of its bill; one for all others of
/// a release, which would change nothing.
pub(super) async fn rows(
    state: &AdminState,
    estimator: &Estimator<'_>,
    held: Vec<HeldPrice>,
) -> Result<Vec<(AttentionRow, Estimate)>, Problem> {
    let now = state.clock.now();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let in_use = estimator.names_in_use();
    let waiting: BTreeSet<&ModelName> = held.iter().map(|held| &held.hold.model).collect();
    let wanted: Vec<ModelName> = in_use.into_iter().filter(|name| waiting.contains(name)).collect();
    let changes = if wanted.is_empty() {
        Vec::new()
    } else {
        state.store.held_changes(wanted).await?
    };
    let stakes = estimator.stakes(&changes);
    let (mut rows, mut others) = (Vec::new(), BTreeMap::<ReleaseId, i64>::new());
    for price in held {
        let Some(worth) = stakes.get(&price.hold.model) else {
            *others.entry(price.release_id).or_default() += 1;
            continue;
        };
        let model = price.hold.model.as_str().to_owned();
        let mut row = row(price.release_id, Some(model), 1, now);
        row.values = AttentionValues {
            count: 1,
            ..worth.values
        };
        rows.push((row, worth.estimate));
    }
    let nothing = Estimate::known(Usd::ZERO, Usd::ZERO, "recent_traffic");
    rows.extend(
        others
            .into_iter()
            .map(|(release, count)| (row(release, None, count, now), nothing)),
    );
    Ok(rows)
}

fn row(release: ReleaseId, model: Option<String>, models: i64, now: Timestamp) -> AttentionRow {
    let subject = AttentionSubject {
        release_id: Some(release),
        model_sent: model,
        ..AttentionSubject::bare(AttentionKind::HeldPrice)
    };
    // The id was made when the run began.
    let begun = millis(release).unwrap_or(now);
    bare(subject, models, (begun, begun))
}

/// The instant a `UUIDv7` was made.
fn millis(release: ReleaseId) -> Option<Timestamp> {
    let millis = i64::try_from(release.uuid().as_u128() >> 80).ok()?;
    Timestamp::from_timestamp_millis(millis)
}
