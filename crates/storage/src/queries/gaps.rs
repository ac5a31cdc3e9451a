//! Attempts that could not be recorded.

use diesel::prelude::*;
use diesel::sql_query;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{JournalGap, JournalGaps, StoredGaps};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{GapRow, GapTotalsRow};
use crate::schema::journal_gaps;

/// Rows a statement.
const ROWS: usize = 1_000;
/// How many of the latest notes are read.
const LATEST: i64 = 1_000;

const TOTALS: &str = "
    SELECT journal_id, MAX(position) AS last_position, CAST(SUM(attempts) AS BIGINT) AS attempts,
        MIN(first_at) AS first_at, MAX(last_at) AS last_at
    FROM journal_gaps GROUP BY journal_id ORDER BY journal_id";

/// Inserts what is new.
pub(super) fn insert(conn: &mut Conn, gaps: &[JournalGap], at: Timestamp) -> Result<(), QueryError> {
    for chunk in gaps.chunks(ROWS) {
        let rows: Result<Vec<_>, _> = chunk.iter().map(|gap| GapRow::new(gap, at)).collect();
        diesel::insert_into(journal_gaps::table)
            .values(rows?)
            .on_conflict((
                journal_gaps::journal_id,
                journal_gaps::position,
                journal_gaps::first_at,
            ))
            .do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

/// The sums of every journal and the latest notes of all, of one state.
pub(crate) fn stored(conn: &mut Conn) -> Result<StoredGaps, QueryError> {
    dialect::snapshot(conn, |conn| {
        let totals: Vec<GapTotalsRow> = sql_query(TOTALS).load(conn)?;
        let latest: Vec<GapRow> = journal_gaps::table
            .order((journal_gaps::last_at.desc(), journal_gaps::position.desc()))
            .limit(LATEST)
            .select(GapRow::as_select())
            .load(conn)?;
        let journals: Result<Vec<_>, _> = totals.into_iter().map(JournalGaps::try_from).collect();
        let latest: Result<Vec<_>, _> = latest.into_iter().map(JournalGap::try_from).collect();
        Ok(StoredGaps {
            journals: journals?,
            latest: latest?,
        })
    })
}
