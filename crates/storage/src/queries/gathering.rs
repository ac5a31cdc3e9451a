//! What wants attention, gathered with every batch: by days, and by months.

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{
    AccountingZone, AttemptChange, AttentionSubject, AttentionValues, JournalId, Posting, Standing,
    Timestamp, concerns,
};

use super::{Conn, attention_months, dialect};
use crate::error::{Corrupt, QueryError};
use crate::pending::{Gathered, Gathering};
use crate::rows::SeenRow;
use crate::schema::attention_days;
use crate::sum_columns::{added_up, with_columns};

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

/// Adds what was gathered to its days and to their months.
pub(super) fn add(conn: &mut Conn, gathering: &Gathering, zone: AccountingZone) -> Result<(), QueryError> {
    let mut rows: Vec<SeenRow> = gathering
        .iter()
        .map(|((day, writer, subject), gathered)| SeenRow::new((*day, *writer), subject, gathered))
        .collect();
    // In key order.
    rows.sort_by(|one, other| (one.day, one.writer, &one.id).cmp(&(other.day, other.writer, &other.id)));
    for chunk in rows.chunks(ROWS) {
        diesel::insert_into(attention_days::table)
            .values(chunk)
            .on_conflict((attention_days::day, attention_days::writer, attention_days::id))
            .do_update()
            .set((
                with_columns!(attention added_up! attention_days:),
                attention_days::upstream_name.eq(excluded(attention_days::upstream_name)),
                attention_days::provider.eq(excluded(attention_days::provider)),
                attention_days::first_at.eq(dialect::earlier(
                    attention_days::first_at,
                    excluded(attention_days::first_at),
                )),
                attention_days::last_at.eq(dialect::later(
                    attention_days::last_at,
                    excluded(attention_days::last_at),
                )),
            ))
            .execute(conn)?;
    }
    attention_months::add(conn, gathering, zone)
}
