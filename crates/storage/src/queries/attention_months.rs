//! What wants attention by months of the accounting zone: adding to them, reading them, and making them anew.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{AccountingZone, AttentionId, AttentionKind, AttentionSubject, JournalId, Timestamp};

use super::{Conn, derived, dialect};
use crate::error::{Corrupt, QueryError};
use crate::pending::Gathering;
use crate::rows::{Seen, SeenDayRow, SeenDays, SeenMonthRow, ThingRow};
use crate::schema::{attention_days, attention_months};
use crate::value::{At, Id};

/// Rows a statement: 12 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// What is added to one thing in one month.
struct Added<'g> {
    subject: &'g AttentionSubject,
    upstream: Option<&'g (String, String)>,
    days: SeenDays,
}

/// Adds what was gathered, which is by day.
pub(super) fn add(conn: &mut Conn, gathering: &Gathering, zone: AccountingZone) -> Result<(), QueryError> {
    let mut months: BTreeMap<(Timestamp, JournalId), BTreeMap<AttentionId, Added<'_>>> = BTreeMap::new();
    for ((day, writer, subject), gathered) in gathering {
        let things = months.entry((zone.month(*day).0, *writer)).or_default();
        let added = things.entry(subject.id()).or_insert_with(|| Added {
            subject,
            upstream: None,
            days: SeenDays::default(),
        });
        added.days.add(zone.day_of_month(*day), &Seen::from(gathered))?;
        added.upstream = gathered.upstream.as_ref();
    }
    for (place, things) in months {
        let mut things: Vec<(AttentionId, Added<'_>)> = things.into_iter().collect();
        for chunk in things.chunks_mut(ROWS) {
            add_to_month(conn, place, chunk)?;
        }
    }
    Ok(())
}

fn add_to_month(
    conn: &mut Conn,
    (month, writer): (Timestamp, JournalId),
    things: &mut [(AttentionId, Added<'_>)],
) -> Result<(), QueryError> {
    let ids = things.iter().map(|(id, _)| id.as_str());
    let stored: Vec<(String, Vec<u8>)> = attention_months::table
        .filter(attention_months::month.eq(At(month)))
        .filter(attention_months::writer.eq(Id(writer.uuid())))
        .filter(attention_months::id.eq_any(ids))
        .select((attention_months::id, attention_months::days))
        .load(conn)?;
    let stored: HashMap<String, Vec<u8>> = stored.into_iter().collect();
    let mut rows = Vec::with_capacity(things.len());
    for (id, added) in things {
        if let Some(bytes) = stored.get(id.as_str()) {
            added.days.add_bytes(bytes)?;
        }
        let row = SeenMonthRow::new((month, writer), (id, added.subject), added.upstream, &added.days)?;
        rows.push(row);
    }
    diesel::insert_into(attention_months::table)
        .values(rows)
        .on_conflict((
            attention_months::month,
            attention_months::writer,
            attention_months::id,
        ))
        .do_update()
        .set((
            attention_months::upstream_name.eq(excluded(attention_months::upstream_name)),
            attention_months::provider.eq(excluded(attention_months::provider)),
            attention_months::sums.eq(excluded(attention_months::sums)),
            attention_months::days.eq(excluded(attention_months::days)),
        ))
        .execute(conn)?;
    Ok(())
}

/// What things were in some months, with a column of their sums.
macro_rules! things {
    ($packed:ident, $months:expr, $kinds:ident) => {{
        let mut query = attention_months::table
            .filter($months)
            .select((
                attention_months::id,
                attention_months::kind,
                attention_months::upstream_id,
                attention_months::upstream_name,
                attention_months::provider,
                attention_months::model_sent,
                attention_months::model_served,
                attention_months::journal_id,
                attention_months::$packed,
            ))
            .into_boxed::<dialect::Backend>();
        if !$kinds.is_empty() {
            let names = $kinds.iter().map(|kind: &AttentionKind| kind.as_str());
            query = query.filter(attention_months::kind.eq_any(names));
        }
        query
    }};
}

/// Things of some kinds (none: of all) seen on the days that began from an instant on: at most `limit`, the most frequent
/// first. Of the first month its days are read, of the others what they come to.
pub(super) fn read(
    conn: &mut Conn,
    since: Timestamp,
    kinds: &[AttentionKind],
    limit: u16,
) -> Result<Vec<AttentionRow>, QueryError> {
    let zone = derived::zone(conn)?;
    let (begun, next) = zone.day(since);
    let first = if begun == since { begun } else { next };
    let (month, following) = zone.month(first);
    let mut things: HashMap<String, AttentionRow> = HashMap::new();
    let whole = if month == first { month } else { following };
    let of_months = things!(sums, attention_months::month.ge(At(whole)), kinds);
    for row in of_months.load::<ThingRow>(conn)? {
        let seen = Seen::from_bytes(&row.packed)?;
        put(&mut things, row, &seen)?;
    }
    if month != first {
        let of_month = things!(days, attention_months::month.eq(At(month)), kinds);
        let first_day = zone.day_of_month(first);
        for row in of_month.load::<ThingRow>(conn)? {
            let mut days = SeenDays::default();
            days.add_bytes(&row.packed)?;
            if let Some(seen) = days.since(first_day)? {
                put(&mut things, row, &seen)?;
            }
        }
    }
    let mut things: Vec<AttentionRow> = things.into_values().filter(|row| row.values.count > 0).collect();
    things.sort_unstable_by(|one, other| (other.values.count, &one.id).cmp(&(one.values.count, &other.id)));
    things.truncate(usize::from(limit));
    Ok(things)
}

fn put(things: &mut HashMap<String, AttentionRow>, row: ThingRow, seen: &Seen) -> Result<(), Corrupt> {
    if let Some(sum) = things.get_mut(&row.id) {
        return row.add_to(sum, seen);
    }
    let id = row.id.clone();
    things.insert(id, row.into_row(seen)?);
    Ok(())
}

/// Makes all anew from the days, month by month, for a database that has these already.
pub(super) fn fill(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(attention_months::table).execute(conn)?;
    let mut from: Option<Timestamp> = None;
    loop {
        let mut next = attention_days::table
            .order(attention_days::day)
            .select(attention_days::day)
            .into_boxed::<dialect::Backend>();
        if let Some(from) = from {
            next = next.filter(attention_days::day.ge(At(from)));
        }
        let Some(At(day)) = next.first(conn).optional()? else {
            return Ok(());
        };
        let until = zone.month(day).1;
        let rows: Vec<SeenDayRow> = attention_days::table
            .filter(attention_days::day.ge(At(day)))
            .filter(attention_days::day.lt(At(until)))
            .select(SeenDayRow::as_select())
            .load(conn)?;
        let gathering: Result<Gathering, Corrupt> = rows.into_iter().map(SeenDayRow::into_gathered).collect();
        add(conn, &gathering?, zone)?;
        from = Some(until);
    }
}
