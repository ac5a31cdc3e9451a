//! Background jobs: leases, runs, pauses.

use diesel::prelude::*;
use tollgate_domain::ports::{
    FinishedJobRun, JobBegun, JobOutcome, JobRecord, JobRun, KEPT_JOB_RUNS, Lease, NewJobRun,
};
use tollgate_domain::{Actor, JournalId, RunTrigger, Timestamp};

use super::leases::{self, Whose};
use super::{Conn, audit, dialect};
use crate::error::QueryError;
use crate::rows::{Edit, JobPauseRow, JobRunRow};
use crate::schema::{job_pauses, job_runs};
use crate::value::{At, Id};

const INTERRUPTED: &str = "the process that ran it went away before it ended";

/// A job as all replicas see it.
pub(crate) fn record(conn: &mut Conn, job: &str, runs: u16) -> Result<JobRecord, QueryError> {
    dialect::snapshot(conn, |conn| {
        let state = leases::find(conn, job)?;
        let paused: Option<JobPauseRow> = job_pauses::table
            .find(job)
            .select(JobPauseRow::as_select())
            .first(conn)
            .optional()?;
        let rows: Vec<JobRunRow> = job_runs::table
            .filter(job_runs::job.eq(job))
            .order(job_runs::id.desc())
            .limit(i64::from(runs))
            .select(JobRunRow::as_select())
            .load(conn)?;
        let runs: Result<Vec<JobRun>, _> = rows.into_iter().map(JobRun::try_from).collect();
        Ok(JobRecord {
            state: state.unwrap_or_default(),
            paused: paused.map(Into::into),
            runs: runs?,
        })
    })
}

/// Whether a job's schedule is paused.
pub(crate) fn paused(conn: &mut Conn, job: &str) -> Result<bool, QueryError> {
    let found: i64 = job_pauses::table.find(job).count().get_result(conn)?;
    Ok(found > 0)
}

/// Takes the lease and begins a run.
pub(crate) fn begin(conn: &mut Conn, run: &NewJobRun, at: Timestamp) -> Result<JobBegun, QueryError> {
    dialect::write(conn, |conn| {
        if run.trigger == RunTrigger::Schedule {
            if paused(conn, run.job)? {
                return Ok(JobBegun::Paused);
            }
            let due = leases::find(conn, run.job)?.and_then(|state| state.next_due_at);
            if due.is_some_and(|due| due > at) {
                return Ok(JobBegun::NotDue);
            }
        }
        let taken = leases::take(conn, run.job, run.holder, run.lease_until, at)?;
        let Some(lease) = taken else {
            return Ok(JobBegun::Busy);
        };
        interrupt_open(conn, run.job, at)?;
        diesel::insert_into(job_runs::table)
            .values(JobRunRow::begun(run, at))
            .execute(conn)?;
        forget_old(conn, run.job)?;
        if run.trigger == RunTrigger::Manual {
            audit::note(conn, &run.actor, at, noted("job.run", run.job))?;
        }
        Ok(JobBegun::Yes(lease))
    })
}

/// Says that a run is still under way.
pub(crate) fn keep(conn: &mut Conn, job: &str, lease: Lease, until: Timestamp) -> Result<bool, QueryError> {
    leases::keep(conn, job, lease, until)
}

/// Ends a run and gives the lease back.
pub(crate) fn finish(conn: &mut Conn, run: &FinishedJobRun, at: Timestamp) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        if !leases::give_back(conn, run.job, run.lease, run.next_due_at, at)? {
            return Ok(false);
        }
        let row = job_runs::table.find(Id(run.id.uuid()));
        if run.keep {
            diesel::update(row)
                .set((
                    job_runs::ended_at.eq(Some(At(at))),
                    job_runs::outcome.eq(Some(run.outcome.as_str())),
                    job_runs::detail.eq(run.detail.as_deref()),
                ))
                .execute(conn)?;
        } else {
            diesel::delete(row).execute(conn)?;
        }
        Ok(true)
    })
}

/// Ends what a process left open before it was restarted.
pub(crate) fn clear(
    conn: &mut Conn,
    job: &str,
    holder: JournalId,
    at: Timestamp,
) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        if !leases::clear(conn, job, Whose::Of(holder))? {
            return Ok(false);
        }
        interrupt_open(conn, job, at)?;
        Ok(true)
    })
}

/// Stops a job's schedule.
pub(crate) fn pause(conn: &mut Conn, job: &str, actor: &Actor, at: Timestamp) -> Result<(), QueryError> {
    let row = JobPauseRow {
        job: job.to_owned(),
        paused_at: At(at),
        paused_by: actor.name.to_string(),
    };
    dialect::write(conn, |conn| {
        let paused = diesel::insert_into(job_pauses::table)
            .values(row)
            .on_conflict(job_pauses::job)
            .do_nothing()
            .execute(conn)?;
        if paused > 0 {
            audit::note(conn, actor, at, noted("job.pause", job))?;
        }
        Ok(())
    })
}

/// Lets a job's schedule go on.
pub(crate) fn resume(conn: &mut Conn, job: &str, actor: &Actor, at: Timestamp) -> Result<(), QueryError> {
    dialect::write(conn, |conn| {
        let resumed = diesel::delete(job_pauses::table.find(job)).execute(conn)?;
        if resumed > 0 {
            audit::note(conn, actor, at, noted("job.resume", job))?;
        }
        Ok(())
    })
}

fn noted(action: &'static str, job: &str) -> Edit {
    Edit {
        action,
        id: Some(job.to_owned()),
        name: Some(job.to_owned()),
        ..Edit::default()
    }
}

fn interrupt_open(conn: &mut Conn, job: &str, at: Timestamp) -> Result<(), QueryError> {
    let open = job_runs::table
        .filter(job_runs::job.eq(job))
        .filter(job_runs::ended_at.is_null());
    diesel::update(open)
        .set((
            job_runs::ended_at.eq(Some(At(at))),
            job_runs::outcome.eq(Some(JobOutcome::Interrupted.as_str())),
            job_runs::detail.eq(Some(INTERRUPTED)),
        ))
        .execute(conn)?;
    Ok(())
}

fn forget_old(conn: &mut Conn, job: &str) -> Result<(), QueryError> {
    let oldest_kept: Option<Id> = job_runs::table
        .filter(job_runs::job.eq(job))
        .order(job_runs::id.desc())
        .offset(i64::from(KEPT_JOB_RUNS) - 1)
        .select(job_runs::id)
        .first(conn)
        .optional()?;
    if let Some(oldest_kept) = oldest_kept {
        let older = job_runs::table
            .filter(job_runs::job.eq(job))
            .filter(job_runs::id.lt(oldest_kept));
        diesel::delete(older).execute(conn)?;
    }
    Ok(())
}
