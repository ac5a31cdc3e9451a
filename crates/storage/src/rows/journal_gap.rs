//! Gap notes.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tollgate_domain::ports::{GapStretch, JournalGap, JournalGaps};
use tollgate_domain::{JournalId, Timestamp};

use super::stored::number;
use crate::error::Corrupt;
use crate::schema::journal_gaps;
use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

/// A row of `journal_gaps`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal_gaps, treat_none_as_default_value = false)]
pub(crate) struct GapRow {
    journal_id: Id,
    position: i64,
    first_at: At,
    last_at: At,
    attempts: i64,
    recorded_at: At,
}

/// The sums of a journal's gap notes.
#[derive(Debug, QueryableByName)]
pub(crate) struct GapTotalsRow {
    #[diesel(sql_type = UniqueId)]
    journal_id: Id,
    #[diesel(sql_type = BigInt)]
    last_position: i64,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = Instant)]
    first_at: At,
    #[diesel(sql_type = Instant)]
    last_at: At,
}

impl GapRow {
    pub(crate) fn new(gap: &JournalGap, recorded_at: Timestamp) -> Result<Self, Corrupt> {
        Ok(Self {
            journal_id: Id(gap.journal_id.uuid()),
            position: number("journal position", gap.position)?,
            first_at: At(gap.stretch.from),
            last_at: At(gap.stretch.until),
            attempts: number("attempts", gap.stretch.attempts)?,
            recorded_at: At(recorded_at),
        })
    }
}

impl TryFrom<GapRow> for JournalGap {
    type Error = Corrupt;

    fn try_from(row: GapRow) -> Result<Self, Corrupt> {
        Ok(Self {
            journal_id: JournalId::new(row.journal_id.0),
            position: number("journal position", row.position)?,
            stretch: stretch(row.attempts, row.first_at, row.last_at)?,
        })
    }
}

impl TryFrom<GapTotalsRow> for JournalGaps {
    type Error = Corrupt;

    fn try_from(row: GapTotalsRow) -> Result<Self, Corrupt> {
        Ok(Self {
            journal_id: JournalId::new(row.journal_id.0),
            last_position: number("journal position", row.last_position)?,
            total: stretch(row.attempts, row.first_at, row.last_at)?,
        })
    }
}

fn stretch(attempts: i64, from: At, until: At) -> Result<GapStretch, Corrupt> {
    Ok(GapStretch {
        attempts: number("attempts", attempts)?,
        from: from.0,
        until: until.0,
    })
}
