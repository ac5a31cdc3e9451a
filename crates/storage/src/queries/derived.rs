//! Everything that is derived from the ledger: adding to it, and adding it up anew.

use std::collections::BTreeMap;

use diesel::prelude::*;
use tollgate_domain::{
    AccountingZone, AttemptChange, EventId, JournalId, Posting, Standing, Timestamp, collect_rollups,
    quarter_start,
};

use super::{Conn, attention_months, dialect, entries, frames, gathering, pending, rollups};
use crate::error::{Corrupt, QueryError};
use crate::pending::Gathering;
use crate::rows::PostingRow;
use crate::schema::{
    attention_days, attention_months as month_rows, ledger_entries, meta, rollup_late, rollups as rollup_rows,
};
use crate::value::Id;

/// The zone whose days are summed.
const ZONE: &str = "accounting_zone";
/// That sums with fewer dimensions are kept.
const GROUPED: &str = "group_sums";
/// That they are in rows of many buckets.
const PACKED: &str = "3";
/// That what wants attention is kept by months.
const MONTHS: &str = "attention_months";
/// As it is packed.
const MONTHS_PACKED: &str = "1";
/// Entries read at a time.
const PAGE: i64 = 20_000;

/// The zone whose days are summed; UTC until a gateway has started.
pub(super) fn zone(conn: &mut Conn) -> Result<AccountingZone, QueryError> {
    let name = stored(conn, ZONE)?;
    match name {
        None => Ok(AccountingZone::UTC),
        Some(name) => Ok(AccountingZone::try_new(&name).map_err(Corrupt::of("accounting zone"))?),
    }
}

/// Sees to it that days are those of a zone, and that what is kept beside them is there; whether anything had to be
/// added up anew.
pub(crate) fn sum_days_of(conn: &mut Conn, zone: AccountingZone) -> Result<bool, QueryError> {
    if is_done(conn, zone)? {
        return Ok(false);
    }
    dialect::write(conn, |conn| {
        // Others may have waited for the same.
        dialect::lock_sums(conn)?;
        if is_done(conn, zone)? {
            return Ok(false);
        }
        // What is written between adding up what waits and reading the ledger would be counted by both, and what was
        // gathered by the days there were would be added to those that come.
        dialect::lock_ledger(conn)?;
        // By the days there are, so that nothing is added to what is about to be made.
        while pending::add_some(conn)? > 0 {}
        let (has_days, has_groups) = (has_days(conn, zone)?, has_groups(conn)?);
        if has_days {
            attention_months::fill(conn, zone)?;
        } else {
            rebuild(conn, zone)?;
        }
        if !(has_days && has_groups) {
            frames::fill(conn, zone)?;
        }
        let done = [(ZONE, zone.name()), (GROUPED, PACKED), (MONTHS, MONTHS_PACKED)];
        for (name, value) in done {
            diesel::insert_into(meta::table)
                .values((meta::name.eq(name), meta::value.eq(value)))
                .on_conflict(meta::name)
                .do_update()
                .set(meta::value.eq(value))
                .execute(conn)?;
        }
        Ok(true)
    })
}

fn is_done(conn: &mut Conn, zone: AccountingZone) -> Result<bool, QueryError> {
    Ok(has_days(conn, zone)? && has_groups(conn)? && stored(conn, MONTHS)?.as_deref() == Some(MONTHS_PACKED))
}

fn has_days(conn: &mut Conn, zone: AccountingZone) -> Result<bool, QueryError> {
    Ok(stored(conn, ZONE)?.as_deref() == Some(zone.name()))
}

fn has_groups(conn: &mut Conn) -> Result<bool, QueryError> {
    Ok(stored(conn, GROUPED)?.as_deref() == Some(PACKED))
}

/// Latencies and speed by quarter hours do not depend on the zone and stay.
fn rebuild(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(rollup_rows::table).execute(conn)?;
    diesel::delete(rollup_late::table).execute(conn)?;
    diesel::delete(attention_days::table).execute(conn)?;
    diesel::delete(month_rows::table).execute(conn)?;
    let mut after: Option<(Id, i32)> = None;
    let mut begun: Vec<PostingRow> = Vec::new();
    loop {
        let rows = page(conn, after)?;
        let is_last = rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        after = rows.last().map(|row| (row.event_id, row.revision));
        begun.extend(rows);
        // The last attempt of a page may go on in the next.
        let cut = match begun.last().filter(|_| !is_last) {
            None => begun.len(),
            Some(last) => {
                let last = last.event_id;
                begun.iter().position(|row| row.event_id == last).unwrap_or(0)
            }
        };
        let rest = begun.split_off(cut);
        add_anew(conn, std::mem::replace(&mut begun, rest), zone)?;
        if is_last {
            break;
        }
    }
    let mut gathering = Gathering::new();
    for conflict in entries::conflicts(conn)? {
        conflict.gather(zone, &mut gathering)?;
    }
    gathering::add(conn, &gathering, zone)
}

/// As it was recorded: each attempt's revisions one after the other.
fn add_anew(conn: &mut Conn, rows: Vec<PostingRow>, zone: AccountingZone) -> Result<(), QueryError> {
    let mut attempts: BTreeMap<EventId, Vec<(Timestamp, JournalId, Posting)>> = BTreeMap::new();
    for row in rows {
        let (at, journal) = (row.recorded_at.0, JournalId::new(row.journal_id.0));
        let posting = Posting::try_from(row)?;
        let revisions = attempts.entry(posting.event_id).or_default();
        revisions.push((at, journal, posting));
    }
    let mut by_quarter: BTreeMap<Timestamp, Vec<AttemptChange>> = BTreeMap::new();
    for mut revisions in attempts.into_values() {
        revisions.sort_by_key(|(at, _, posting)| (*at, posting.revision));
        let mut before: Option<Standing> = None;
        let mut seen: Vec<Posting> = Vec::new();
        for (at, writer, posting) in revisions {
            seen.push(posting);
            let after = Standing::after(&seen).map_err(Corrupt::of("rollup"))?;
            by_quarter
                .entry(quarter_start(at))
                .or_default()
                .push(AttemptChange {
                    writer,
                    before: before.take(),
                    after: after.clone(),
                });
            before = after;
        }
    }
    let mut gathering = Gathering::new();
    for (recorded, changes) in by_quarter {
        let mut sums = collect_rollups(&changes, quarter_start).map_err(Corrupt::of("rollup"))?;
        rollups::add(conn, &sums)?;
        sums.retain(|key, _| rollups::is_late(key.bucket, recorded));
        rollups::add_late(conn, recorded, &sums)?;
        gathering::gather(&changes, zone, &mut gathering)?;
    }
    gathering::add(conn, &gathering, zone)
}

fn page(conn: &mut Conn, after: Option<(Id, i32)>) -> Result<Vec<PostingRow>, QueryError> {
    let mut query = ledger_entries::table
        .order((ledger_entries::event_id, ledger_entries::revision))
        .limit(PAGE)
        .select(PostingRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some((event, revision)) = after {
        let same_event = ledger_entries::event_id
            .eq(event)
            .and(ledger_entries::revision.gt(revision));
        query = query
            .filter(ledger_entries::event_id.ge(event))
            .filter(ledger_entries::event_id.gt(event).or(same_event));
    }
    Ok(query.load(conn)?)
}

fn stored(conn: &mut Conn, name: &str) -> Result<Option<String>, QueryError> {
    let row = meta::table.find(name).select(meta::value);
    Ok(row.first(conn).optional()?)
}
