//! What the sums of an earlier state take from the ledger itself: the end, which no bucket tells apart.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::prelude::*;
use tollgate_domain::ports::{SumFilter, SumGroup};
use tollgate_domain::{
    EventId, Piece, Posting, RollupSpan, RollupValues, Standing, Timestamp, quarter_start,
};

use super::sum_source::Asked;
use super::{Conn, changes_of, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::PostingRow;
use crate::schema::ledger_entries;
use crate::value::{At, Id};

/// How far a clock may be set back and what is recorded meanwhile is still found.
const SET_BACK: TimeDelta = TimeDelta::minutes(15);

/// What was recorded in the last half hour before an instant at most, and is not in the sums as they were then.
pub(super) struct Tail {
    as_of: Timestamp,
    /// What attempts stood at, to be taken away, and what they stand at, to be added.
    changes: Vec<(Posting, RollupValues)>,
}

impl Tail {
    /// Before `as_of`.
    pub(super) fn read(conn: &mut Conn, as_of: Timestamp) -> Result<Self, QueryError> {
        let mut tail = Self {
            as_of,
            changes: Vec::new(),
        };
        let (begins, quarter) = (tail.begins(), quarter_start(as_of));
        for postings in postings(conn, (begins, as_of))?.into_values() {
            // Of what was dispatched before the tail, all that was recorded by the last quarter hour is in.
            let known = |(recorded, posting): &&(Timestamp, Posting)| {
                quarter_start(posting.occurred_at) < begins && *recorded < quarter
            };
            let of = |postings: Vec<&Posting>| Standing::after(postings).map_err(Corrupt::of("sum"));
            let before = of(postings
                .iter()
                .filter(known)
                .map(|(_, posting)| posting)
                .collect())?;
            let after = of(postings.iter().map(|(_, posting)| posting).collect())?;
            let taken = before.map(|standing| (standing.values().negated(), standing));
            let given = after.map(|standing| (standing.values(), standing));
            let changes = taken.into_iter().chain(given);
            tail.changes
                .extend(changes.map(|(values, standing)| (standing.latest, values)));
        }
        Ok(tail)
    }

    /// What was dispatched from here on is taken from the ledger itself.
    pub(super) fn begins(&self) -> Timestamp {
        quarter_start(self.as_of) - TimeDelta::minutes(15)
    }

    /// The changes of the attempts that are asked for.
    pub(super) fn changes<'t>(
        &'t self,
        asked: Asked<'t>,
    ) -> impl Iterator<Item = (&'t Posting, RollupValues)> {
        let wanted = move |posting: &Posting| {
            matches(asked.filter, posting)
                && asked
                    .members
                    .is_none_or(|members| members.contains(&member_of(asked.group, posting)))
        };
        let changes = self.changes.iter();
        changes
            .filter(move |(posting, _)| wanted(posting))
            .map(|(posting, values)| (posting, *values))
    }

    /// Of what came late, the condition on what came too late for this state.
    pub(super) fn too_late(&self) -> String {
        let recorded = dialect::instant_literal(quarter_start(self.as_of));
        format!(" AND recorded >= {recorded}")
    }

    /// The parts of ranges before the tail, as quarters: what is late has no longer buckets.
    pub(super) fn late_pieces(&self, ranges: &[(Timestamp, Timestamp)]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (from, until) in ranges {
            let until = self.begins().min(*until);
            match pieces.last_mut() {
                _ if *from >= until => {}
                Some(last) if last.until == *from => last.until = until,
                _ => pieces.push(Piece {
                    span: RollupSpan::Quarter,
                    from: *from,
                    until,
                }),
            }
        }
        pieces
    }
}

/// What was recorded or dispatched from an instant on, by attempt, each with when it was recorded; of what was corrected,
/// also all before. A clock that was set back records before it dispatches: by a quarter of an hour at most.
fn postings(
    conn: &mut Conn,
    (from, as_of): (Timestamp, Timestamp),
) -> Result<BTreeMap<EventId, Vec<(Timestamp, Posting)>>, QueryError> {
    let mut rows: Vec<PostingRow> = ledger_entries::table
        .filter(ledger_entries::recorded_at.ge(At(from - SET_BACK)))
        .filter(ledger_entries::recorded_at.le(At(as_of)))
        .select(PostingRow::as_select())
        .load(conn)?;
    rows.retain(|row| row.recorded_at.0 >= from || row.occurred_at.0 >= from);
    let corrected: BTreeSet<Id> = rows
        .iter()
        .filter(|row| row.revision > 0)
        .map(|row| row.event_id)
        .collect();
    let mut attempts: BTreeMap<EventId, Vec<(Timestamp, Posting)>> = BTreeMap::new();
    let earlier = changes_of::stored(conn, &corrected, Some(as_of))?;
    let of_rows = rows
        .into_iter()
        .filter(|row| !corrected.contains(&row.event_id))
        .map(|row| Ok((row.recorded_at.0, Posting::try_from(row)?)))
        .collect::<Result<Vec<_>, Corrupt>>()?;
    for (recorded, posting) in earlier.into_iter().chain(of_rows) {
        attempts
            .entry(posting.event_id)
            .or_default()
            .push((recorded, posting));
    }
    Ok(attempts)
}

fn matches(filter: &SumFilter, posting: &Posting) -> bool {
    filter.upstream_id.is_none_or(|id| posting.upstream_id == id)
        && filter.key_id.is_none_or(|id| posting.key_id == id)
        && filter.team.as_ref().is_none_or(|team| posting.team == *team)
        && filter.model.as_ref().is_none_or(|model| posting.model() == model)
}

/// The member of a group an attempt counts for, as sums name it.
pub(super) fn member_of(group: Option<SumGroup>, posting: &Posting) -> String {
    match group {
        None => String::new(),
        Some(SumGroup::Upstream) => posting.upstream_id.to_string(),
        Some(SumGroup::Key) => posting.key_id.to_string(),
        Some(SumGroup::Team) => posting.team.clone(),
        Some(SumGroup::Model) => posting.model().to_owned(),
    }
}
