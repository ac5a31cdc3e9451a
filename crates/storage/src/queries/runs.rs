//! Runs of the price sync: one runner among all processes, and what came of each run.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;
use tollgate_domain::ports::{Begun, Finish, FinishedRun, JobState, Lease, NewRun, PRICE_SYNC_JOB};
use tollgate_domain::{
    ActorOrigin, HoldState, JournalId, ModelName, NewHold, PriceVersion, ReleaseId, ReleaseState, Timestamp,
};

use super::leases::{self, Whose};
use super::{Conn, audit, catalog, dialect, price_changes};
use crate::error::QueryError;
use crate::rows::{Edit, HoldRow, ReleaseRow, RunEndRow};
use crate::schema::{price_holds, price_releases};
use crate::value::{At, Id};

const INTERRUPTED: &str = "interrupted: the process that ran it went away before it ended";
/// Rows a statement: 12 columns of each.
const ROWS: usize = 1_000;

/// Takes the lease and begins a run.
pub(crate) fn begin(conn: &mut Conn, run: &NewRun, at: Timestamp) -> Result<Begun, QueryError> {
    dialect::write(conn, |conn| {
        let taken = leases::take(conn, PRICE_SYNC_JOB, run.holder, run.lease_until, at)?;
        let Some(lease) = taken else {
            let running: Option<Id> = price_releases::table
                .filter(price_releases::state.eq(ReleaseState::Running.as_str()))
                .order(price_releases::id.desc())
                .select(price_releases::id)
                .first(conn)
                .optional()?;
            return Ok(Begun::Busy(running.map(|id| ReleaseId::new(id.0))));
        };
        fail_open(conn, at)?;
        diesel::insert_into(price_releases::table)
            .values(ReleaseRow::begun(run, at))
            .execute(conn)?;
        // What the schedule begins is no edit of anybody's; the run itself is its record.
        if run.actor.origin != ActorOrigin::System {
            let edit = Edit {
                action: "price_sync.start",
                id: Some(run.id.to_string()),
                ..Edit::default()
            };
            audit::note(conn, &run.actor, at, edit)?;
        }
        Ok(Begun::Yes(lease))
    })
}

/// Says that a run is still under way.
pub(crate) fn keep(conn: &mut Conn, lease: Lease, until: Timestamp) -> Result<bool, QueryError> {
    leases::keep(conn, PRICE_SYNC_JOB, lease, until)
}

/// Stores what came of a run.
pub(crate) fn finish(conn: &mut Conn, run: &FinishedRun, at: Timestamp) -> Result<Finish, QueryError> {
    dialect::write(conn, |conn| {
        // In the order of everybody else who changes prices.
        dialect::lock_config(conn)?;
        let base = run.base.map_or(0, PriceVersion::get);
        if run.write.is_some() && catalog::moved_since(conn, base)? {
            return Ok(Finish::Moved);
        }
        if !leases::give_back(conn, PRICE_SYNC_JOB, run.lease, run.next_due_at, at)? {
            return Ok(Finish::LeaseLost);
        }
        store(conn, run, at).map(Finish::Done)
    })
}

/// Gives back a lease that `holder` held before it was restarted, or that ran out.
pub(crate) fn clear(conn: &mut Conn, holder: Option<JournalId>, at: Timestamp) -> Result<u32, QueryError> {
    dialect::write(conn, |conn| {
        let whose = holder.map_or(Whose::RunOut(at), Whose::Of);
        if !leases::clear(conn, PRICE_SYNC_JOB, whose)? {
            return Ok(0);
        }
        fail_open(conn, at)
    })
}

/// The job as all replicas see it.
pub(crate) fn job(conn: &mut Conn) -> Result<JobState, QueryError> {
    Ok(leases::find(conn, PRICE_SYNC_JOB)?.unwrap_or_default())
}

fn fail_open(conn: &mut Conn, at: Timestamp) -> Result<u32, QueryError> {
    let failed = diesel::update(
        price_releases::table.filter(price_releases::state.eq(ReleaseState::Running.as_str())),
    )
    .set((
        price_releases::state.eq(ReleaseState::Failed.as_str()),
        price_releases::reason.eq(Some(INTERRUPTED)),
        price_releases::finished_at.eq(Some(At(at))),
    ))
    .execute(conn)?;
    Ok(u32::try_from(failed).unwrap_or(u32::MAX))
}

fn store(conn: &mut Conn, run: &FinishedRun, at: Timestamp) -> Result<Option<PriceVersion>, QueryError> {
    let id = Id(run.id.uuid());
    let mut version = None;
    if let Some(write) = &run.write {
        price_changes::put_cards(conn, write.cards.iter().map(AsRef::as_ref))?;
        supersede(conn, run)?;
        hold(conn, id, &write.holds)?;
        if !write.put.is_empty() {
            let author: String = price_releases::table
                .find(id)
                .select(price_releases::author)
                .first(conn)?;
            let made = price_changes::new_version(conn, "release", &author, Some(id), at)?;
            catalog::write(conn, &write.put, &[], made)?;
            version = Some(made);
        }
    }
    diesel::update(price_releases::table.find(id))
        .set(RunEndRow::new(run, version, at)?)
        .execute(conn)?;
    Ok(version)
}

/// What earlier runs held and this map does not propose any more needs no decision.
fn supersede(conn: &mut Conn, run: &FinishedRun) -> Result<(), QueryError> {
    let open: Vec<(Id, String)> = price_holds::table
        .filter(price_holds::state.eq(HoldState::Held.as_str()))
        .select((price_holds::release_id, price_holds::model))
        .load(conn)?;
    let mut by_release: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    let still: HashSet<&str> = run.still_held.iter().map(ModelName::as_str).collect();
    for (release, model) in open {
        if !still.contains(model.as_str()) {
            by_release.entry(release).or_default().push(model);
        }
    }
    for (release, models) in by_release {
        for chunk in models.chunks(ROWS) {
            diesel::update(
                price_holds::table
                    .filter(price_holds::release_id.eq(release))
                    .filter(price_holds::model.eq_any(chunk)),
            )
            .set(price_holds::state.eq(HoldState::Superseded.as_str()))
            .execute(conn)?;
        }
    }
    Ok(())
}

fn hold(conn: &mut Conn, release: Id, holds: &[NewHold]) -> Result<(), QueryError> {
    for chunk in holds.chunks(ROWS) {
        let rows: Vec<HoldRow> = chunk.iter().map(|hold| HoldRow::new(release, hold)).collect();
        diesel::insert_into(price_holds::table)
            .values(rows)
            .execute(conn)?;
    }
    Ok(())
}
