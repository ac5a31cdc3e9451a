//! Who runs a job: one process at a time among all, told apart by a fencing number.

use diesel::prelude::*;
use tollgate_domain::ports::{JobState, Lease};
use tollgate_domain::{JournalId, Timestamp};

use super::Conn;
use crate::error::QueryError;
use crate::rows::LeaseRow;
use crate::schema::job_leases;
use crate::value::{At, Id};

/// The row of a lease that is still held by the same run.
macro_rules! held {
    ($job:expr, $lease:expr) => {
        job_leases::table
            .filter(job_leases::job.eq($job))
            .filter(job_leases::holder.eq(Some(Id($lease.holder.uuid()))))
            .filter(job_leases::fence.eq($lease.fence))
    };
}

/// Whose lease is taken away.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// That of a process that was restarted.
    Of(JournalId),
    /// Anybody's that ran out before this instant.
    RunOut(Timestamp),
}

/// What is known of a job; `None` before its first run.
pub(super) fn find(conn: &mut Conn, job: &str) -> Result<Option<JobState>, QueryError> {
    let row = job_leases::table.find(job).select(LeaseRow::as_select());
    let row: Option<LeaseRow> = row.first(conn).optional()?;
    Ok(row.map(|row| JobState {
        held: row
            .holder
            .zip(row.expires_at)
            .map(|(holder, until)| (JournalId::new(holder.0), until.0)),
        last_started_at: row.last_started_at.map(|at| at.0),
        last_finished_at: row.last_finished_at.map(|at| at.0),
        next_due_at: row.next_due_at.map(|at| at.0),
    }))
}

/// Takes the lease of a job where it is free or has run out.
pub(super) fn take(
    conn: &mut Conn,
    job: &str,
    holder: JournalId,
    until: Timestamp,
    at: Timestamp,
) -> Result<Option<Lease>, QueryError> {
    ensure_row(conn, job)?;
    let free = job_leases::holder
        .is_null()
        .or(job_leases::expires_at.le(Some(At(at))));
    let fence: Option<i64> = diesel::update(
        job_leases::table
            .filter(job_leases::job.eq(job))
            .filter(free.assume_not_null()),
    )
    .set((
        job_leases::fence.eq(job_leases::fence + 1),
        job_leases::holder.eq(Some(Id(holder.uuid()))),
        job_leases::expires_at.eq(Some(At(until))),
        job_leases::last_started_at.eq(Some(At(at))),
    ))
    .returning(job_leases::fence)
    .get_result(conn)
    .optional()?;
    Ok(fence.map(|fence| Lease { holder, fence }))
}

/// Holds on to a lease; `false` where somebody else has it.
pub(super) fn keep(conn: &mut Conn, job: &str, lease: Lease, until: Timestamp) -> Result<bool, QueryError> {
    let kept = diesel::update(held!(job, lease))
        .set(job_leases::expires_at.eq(Some(At(until))))
        .execute(conn)?;
    Ok(kept == 1)
}

/// Gives a lease back; `false` where somebody else has it.
pub(super) fn give_back(
    conn: &mut Conn,
    job: &str,
    lease: Lease,
    next_due_at: Timestamp,
    at: Timestamp,
) -> Result<bool, QueryError> {
    let given_back = diesel::update(held!(job, lease))
        .set((
            job_leases::holder.eq(None::<Id>),
            job_leases::expires_at.eq(None::<At>),
            job_leases::last_finished_at.eq(Some(At(at))),
            job_leases::next_due_at.eq(Some(At(next_due_at))),
        ))
        .execute(conn)?;
    Ok(given_back == 1)
}

/// Takes a lease away; whoever held it can write nothing any more. `false` where there was none of that kind.
pub(super) fn clear(conn: &mut Conn, job: &str, whose: Whose) -> Result<bool, QueryError> {
    let nobody = (
        job_leases::holder.eq(None::<Id>),
        job_leases::expires_at.eq(None::<At>),
        job_leases::fence.eq(job_leases::fence + 1),
    );
    let held = job_leases::table
        .filter(job_leases::job.eq(job))
        .filter(job_leases::holder.is_not_null());
    let cleared = match whose {
        Whose::Of(holder) => {
            let of_holder = held.filter(job_leases::holder.eq(Some(Id(holder.uuid()))));
            diesel::update(of_holder).set(nobody).execute(conn)?
        }
        Whose::RunOut(at) => {
            let run_out = held.filter(job_leases::expires_at.le(Some(At(at))));
            diesel::update(run_out).set(nobody).execute(conn)?
        }
    };
    Ok(cleared > 0)
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
