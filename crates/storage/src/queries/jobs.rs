//! Background jobs: leases, runs, pauses.

use diesel::prelude::*;
use tollgate_domain::ports::{
    FinishedJobRun, JobBegun, JobOutcome, JobRecord, JobRun, JobState, KEPT_JOB_RUNS, Lease, NewJobRun,
};
use tollgate_domain::{Actor, JournalId, RunTrigger, Timestamp};

use super::{Conn, audit, dialect};
use crate::error::QueryError;
use crate::rows::{Edit, JobPauseRow, JobRunRow, LeaseRow};
use crate::schema::{job_leases, job_pauses, job_runs};
use crate::value::{At, Id};

const INTERRUPTED: &str = "the process that ran it went away before it ended";

/// A job as all replicas see it.
pub(crate) fn record(conn: &mut Conn, job: &str, runs: u16) -> Result<JobRecord, QueryError> {
    dialect::snapshot(conn, |conn| {
        let lease = lease(conn, job)?;
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
            state: lease.as_ref().map_or_else(JobState::default, state),
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
        ensure_row(conn, run.job)?;
        if run.trigger == RunTrigger::Schedule {
            if paused(conn, run.job)? {
                return Ok(JobBegun::Paused);
            }
            let due = lease(conn, run.job)?.and_then(|row| row.next_due_at);
            if due.is_some_and(|due| due.0 > at) {
                return Ok(JobBegun::NotDue);
            }
        }
        let free = job_leases::holder
            .is_null()
            .or(job_leases::expires_at.le(Some(At(at))));
        let taken: Option<i64> = diesel::update(
            job_leases::table
                .filter(job_leases::job.eq(run.job))
                .filter(free.assume_not_null()),
        )
        .set((
            job_leases::fence.eq(job_leases::fence + 1),
            job_leases::holder.eq(Some(Id(run.holder.uuid()))),
            job_leases::expires_at.eq(Some(At(run.lease_until))),
            job_leases::last_started_at.eq(Some(At(at))),
        ))
        .returning(job_leases::fence)
        .get_result(conn)
        .optional()?;
        let Some(fence) = taken else {
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
        Ok(JobBegun::Yes(Lease {
            holder: run.holder,
            fence,
        }))
    })
}

/// Says that a run is still under way.
pub(crate) fn keep(conn: &mut Conn, job: &str, lease: Lease, until: Timestamp) -> Result<bool, QueryError> {
    let kept = diesel::update(
        job_leases::table
            .filter(job_leases::job.eq(job))
            .filter(job_leases::holder.eq(Some(Id(lease.holder.uuid()))))
            .filter(job_leases::fence.eq(lease.fence)),
    )
    .set(job_leases::expires_at.eq(Some(At(until))))
    .execute(conn)?;
    Ok(kept == 1)
}

/// Ends a run and gives the lease back.
pub(crate) fn finish(conn: &mut Conn, run: &FinishedJobRun, at: Timestamp) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        let given_back = diesel::update(
            job_leases::table
                .filter(job_leases::job.eq(run.job))
                .filter(job_leases::holder.eq(Some(Id(run.lease.holder.uuid()))))
                .filter(job_leases::fence.eq(run.lease.fence)),
        )
        .set((
            job_leases::holder.eq(None::<Id>),
            job_leases::expires_at.eq(None::<At>),
            job_leases::last_finished_at.eq(Some(At(at))),
            job_leases::next_due_at.eq(Some(At(run.next_due_at))),
        ))
        .execute(conn)?;
        if given_back == 0 {
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
        let cleared = diesel::update(
            job_leases::table
                .filter(job_leases::job.eq(job))
                .filter(job_leases::holder.eq(Some(Id(holder.uuid())))),
        )
        .set((
            job_leases::holder.eq(None::<Id>),
            job_leases::expires_at.eq(None::<At>),
            job_leases::fence.eq(job_leases::fence + 1),
        ))
        .execute(conn)?;
        if cleared == 0 {
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

fn lease(conn: &mut Conn, job: &str) -> Result<Option<LeaseRow>, QueryError> {
    let row = job_leases::table.find(job).select(LeaseRow::as_select());
    Ok(row.first(conn).optional()?)
}

fn state(row: &LeaseRow) -> JobState {
    JobState {
        held: row
            .holder
            .zip(row.expires_at)
            .map(|(holder, until)| (JournalId::new(holder.0), until.0)),
        last_started_at: row.last_started_at.map(|at| at.0),
        last_finished_at: row.last_finished_at.map(|at| at.0),
        next_due_at: row.next_due_at.map(|at| at.0),
    }
}

fn ensure_row(conn: &mut Conn, job: &str) -> Result<(), QueryError> {
    let row = LeaseRow {
        job: job.to_owned(),
        fence: 0,
        holder: None,
        expires_at: None,
        last_started_at: None,
        last_finished_at: None,
        next_due_at: None,
    };
    diesel::insert_into(job_leases::table)
        .values(row)
        .on_conflict(job_leases::job)
        .do_nothing()
        .execute(conn)?;
    Ok(())
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
