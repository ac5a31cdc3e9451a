//! What wants attention, gathered with every batch: by days, and by weeks.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::upsert::excluded;
use tollgate_domain::{
    AccountingZone, AttemptChange, AttentionSubject, AttentionValues, JournalId, Posting, Standing,
    Timestamp, concerns,
};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::pending::{Gathered, Gathering};
use crate::rows::{AttentionSumRow, SeenRow};
use crate::schema::{attention_days, attention_weeks};
use crate::sum_columns::{added_up, with_columns};
use crate::value::At;

/// Rows a statement.
const ROWS: usize = 1_000;
/// Gathers what attempts change.
pub(super) fn gather(
    changes: &[AttemptChange],
    zone: AccountingZone,
    gathering: &mut Gathering,
) -> Result<(), Corrupt> {
    for change in changes {
        if let Some(before) = &change.before {
            take(gathering, change.writer, before, zone, AttentionValues::negated)?;
        }
        if let Some(after) = &change.after {
            take(gathering, change.writer, after, zone, |values| values)?;
        }
    }
    gathering.retain(|_, gathered| gathered.values != AttentionValues::default());
    Ok(())
}

fn take(
    gathering: &mut Gathering,
    writer: JournalId,
    standing: &Standing,
    zone: AccountingZone,
    sign: impl Fn(AttentionValues) -> AttentionValues,
) -> Result<(), Corrupt> {
    for concern in concerns(standing) {
        let upstream = Some(upstream(&standing.latest));
        let key = (zone.day(concern.at).0, writer, concern.subject);
        put(gathering, key, upstream, sign(concern.values), concern.at)?;
    }
    Ok(())
}

/// Adds to what is gathered.
pub(super) fn put(
    gathering: &mut Gathering,
    key: (Timestamp, JournalId, AttentionSubject),
    upstream: Option<(String, String)>,
    values: AttentionValues,
    at: Timestamp,
) -> Result<(), Corrupt> {
    let gathered = gathering.entry(key).or_insert_with(|| Gathered {
        upstream: None,
        values: AttentionValues::default(),
        first_at: at,
        last_at: at,
    });
    gathered.values = gathered
        .values
        .checked_add(values)
        .map_err(Corrupt::of("attention"))?;
    gathered.upstream = upstream;
    gathered.first_at = gathered.first_at.min(at);
    gathered.last_at = gathered.last_at.max(at);
    Ok(())
}

/// Adds what was gathered later.
pub(super) fn merge(gathering: &mut Gathering, later: Gathering) -> Result<(), Corrupt> {
    for (key, gathered) in later {
        let Gathered {
            upstream,
            values,
            first_at,
            last_at,
        } = gathered;
        put(gathering, key.clone(), upstream, values, first_at)?;
        if let Some(sum) = gathering.get_mut(&key) {
            sum.last_at = sum.last_at.max(last_at);
        }
    }
    Ok(())
}

fn upstream(posting: &Posting) -> (String, String) {
    (posting.upstream_name.clone(), posting.provider.clone())
}

/// Adds to the rows of one of the two tables, in key order.
macro_rules! insert {
    ($conn:ident, $gathering:expr, $table:ident) => {
        let mut rows: Vec<SeenRow> = $gathering
            .iter()
            .map(|((day, writer, subject), gathered)| SeenRow::new((*day, *writer), subject, gathered))
            .collect();
        rows.sort_by(|one, other| {
            (one.day, one.writer, &one.id).cmp(&(other.day, other.writer, &other.id))
        });
        for chunk in rows.chunks(ROWS) {
            diesel::insert_into($table::table)
                .values(chunk)
                .on_conflict(($table::day, $table::writer, $table::id))
                .do_update()
                .set((
                    with_columns!(attention added_up! $table:),
                    $table::upstream_name.eq(excluded($table::upstream_name)),
                    $table::provider.eq(excluded($table::provider)),
                    $table::first_at.eq(dialect::earlier($table::first_at, excluded($table::first_at))),
                    $table::last_at.eq(dialect::later($table::last_at, excluded($table::last_at))),
                ))
                .execute($conn)?;
        }
    };
}

/// Adds what was gathered to its days and to their weeks.
pub(super) fn add(conn: &mut Conn, gathering: &Gathering, zone: AccountingZone) -> Result<(), QueryError> {
    insert!(conn, gathering, attention_days);
    let mut weeks = Gathering::new();
    for ((day, writer, subject), gathered) in gathering {
        let key = (zone.week(*day).0, *writer, subject.clone());
        merge(&mut weeks, Gathering::from([(key, gathered.clone())]))?;
    }
    insert!(conn, weeks, attention_weeks);
    Ok(())
}

/// Adds all weeks up anew from the days, for a database that has these already.
pub(super) fn fill_weeks(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(attention_weeks::table).execute(conn)?;
    let days: Vec<At> = attention_days::table
        .select(attention_days::day)
        .distinct()
        .order(attention_days::day)
        .load(conn)?;
    let mut weeks: Vec<(Timestamp, Timestamp)> = days.iter().map(|day| zone.week(day.0)).collect();
    weeks.dedup();
    let same = [
        "kind",
        "upstream_id",
        "upstream_name",
        "provider",
        "model_sent",
        "model_served",
        "journal_id",
    ];
    let any: Vec<String> = same.iter().map(|column| dialect::any_of(column)).collect();
    let summed: Vec<&str> = AttentionSumRow::COUNTS
        .into_iter()
        .chain(AttentionSumRow::AMOUNTS)
        .collect();
    let sums: Vec<String> = summed
        .iter()
        .map(|column| format!("SUM(attention_days.{column})"))
        .collect();
    for (from, until) in weeks {
        let (from, until) = (dialect::instant_literal(from), dialect::instant_literal(until));
        let statement = format!(
            "INSERT INTO attention_weeks (day, writer, id, {}, {}, first_at, last_at)
             SELECT {from}, writer, id, {}, {}, MIN(first_at), MAX(last_at) FROM attention_days
             WHERE day >= {from} AND day < {until} GROUP BY writer, id",
            same.join(", "),
            summed.join(", "),
            any.join(", "),
            sums.join(", "),
        );
        sql_query(statement).execute(conn)?;
    }
    Ok(())
}
