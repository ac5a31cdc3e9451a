//! Monthly partitions of the ledger and the request logs.

use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use tollgate_domain::Timestamp;
use uuid::Uuid;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

/// Partitioned tables and their keys.
pub(super) const TABLES: [(&str, &str); 2] = [("ledger_entries", "event_id"), ("request_logs", "request_id")];
/// How many months ahead of the current one there are partitions.
const AHEAD: u32 = 3;

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Instant)]
    now: At,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The given instant, or the server's now.
pub(super) fn or_now(conn: &mut Conn, at: Option<Timestamp>) -> Result<Timestamp, QueryError> {
    match at {
        Some(at) => Ok(at),
        None => Ok(sql_query("SELECT now() AS now").get_result::<Now>(conn)?.now.0),
    }
}

/// Makes a table's partitions from the month before `at` to three months after it, where they are missing. A
/// month whose rows are in the default partition already is left there: `default_in_use` tells of it.
pub(super) fn ensure(
    conn: &mut Conn,
    (table, key): (&str, &str),
    at: Timestamp,
) -> Result<Vec<String>, QueryError> {
    let mut made = Vec::new();
    for (first, next) in months_around(at) {
        let name = format!("{table}_{:04}_{:02}", first.year(), first.month());
        let (from, until) = (lowest_id(first), lowest_id(next));
        if dialect::table_exists(conn, &name)? || default_holds(conn, table, key, from, until)? {
            continue;
        }
        let statement =
            format!("CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{from}') TO ('{until}')");
        sql_query(statement).execute(conn)?;
        made.push(name);
    }
    Ok(made)
}

/// The tables whose default partition holds rows.
pub(super) fn default_in_use(conn: &mut Conn) -> Result<Vec<String>, QueryError> {
    let mut used = Vec::new();
    for (table, _) in TABLES {
        let statement = format!("SELECT EXISTS (SELECT 1 FROM {table}_default) AS found");
        if sql_query(statement).get_result::<Found>(conn)?.found {
            used.push(table.to_owned());
        }
    }
    Ok(used)
}

/// A table's monthly partitions whose month was over a day before an instant. The day is for rows that are filed by an
/// id a little older than themselves.
pub(super) fn ended_before(
    conn: &mut Conn,
    table: &str,
    before: Timestamp,
) -> Result<Vec<String>, QueryError> {
    let partitions: Vec<Named> = sql_query(
        "SELECT CAST(c.relname AS TEXT) AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass($1) ORDER BY c.relname",
    )
    .bind::<Text, _>(table)
    .load(conn)?;
    let names = partitions.into_iter().map(|partition| partition.name);
    Ok(names
        .filter(|name| end_of(table, name).is_some_and(|end| end + TimeDelta::days(1) <= before))
        .collect())
}

/// Drops a partition that [`ended_before`] named. Readers and writers wait while it happens; where they hold it up, it
/// gives up by the connection's lock timeout.
pub(super) fn drop_one(conn: &mut Conn, name: &str) -> Result<(), QueryError> {
    sql_query(format!("DROP TABLE {name}")).execute(conn)?;
    Ok(())
}

/// The first instant after a partition's month, by its name; `None` where it is no month's.
fn end_of(table: &str, name: &str) -> Option<Timestamp> {
    let (year, month) = name.strip_prefix(table)?.strip_prefix('_')?.split_once('_')?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    let next = first.checked_add_months(Months::new(1))?;
    Some(next.and_time(NaiveTime::MIN).and_utc())
}

fn default_holds(
    conn: &mut Conn,
    table: &str,
    key: &str,
    from: Uuid,
    until: Uuid,
) -> Result<bool, QueryError> {
    let statement =
        format!("SELECT EXISTS (SELECT 1 FROM {table}_default WHERE {key} >= $1 AND {key} < $2) AS found");
    let found: Found = sql_query(statement)
        .bind::<UniqueId, _>(Id(from))
        .bind::<UniqueId, _>(Id(until))
        .get_result(conn)?;
    Ok(found.found)
}

/// First days of the months to have, each with the first day of the next.
fn months_around(at: Timestamp) -> Vec<(NaiveDate, NaiveDate)> {
    let this = at.date_naive().with_day(1);
    let first = this.and_then(|this| this.checked_sub_months(Months::new(1)));
    let month = |ahead| first.and_then(|first| first.checked_add_months(Months::new(ahead)));
    (0..=AHEAD + 1)
        .filter_map(|ahead| Some((month(ahead)?, month(ahead + 1)?)))
        .collect()
}

/// The lowest `UUIDv7` of a day: its first 48 bits are milliseconds since 1970.
fn lowest_id(day: NaiveDate) -> Uuid {
    let millis = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    Uuid::from_u128(u128::from(millis.unsigned_abs()) << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_months_without_gaps_even_over_a_new_year() {
        let months = months_around("2026-12-31T23:59:59Z".parse().unwrap());
        let firsts: Vec<_> = months.iter().map(|(first, _)| first.to_string()).collect();
        assert_eq!(
            firsts,
            [
                "2026-11-01",
                "2026-12-01",
                "2027-01-01",
                "2027-02-01",
                "2027-03-01"
            ]
        );
        assert!(months.windows(2).all(|pair| pair[0].1 == pair[1].0));
    }

    #[test]
    fn a_partition_ends_with_its_month() {
        let end = |name| end_of("request_logs", name).map(|end| end.to_string());
        assert_eq!(
            end("request_logs_2026_12").as_deref(),
            Some("2027-01-01 00:00:00 UTC")
        );
        for other in [
            "request_logs_default",
            "ledger_entries_2026_12",
            "request_logs_2026_13",
            "request_logs",
        ] {
            assert_eq!(end(other), None, "{other}");
        }
    }

    #[test]
    fn bounds_are_the_ids_of_the_months_first_millisecond() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let bound = lowest_id(day);
        assert_eq!(&bound.as_bytes()[..6], &1_796_083_200_000_u64.to_be_bytes()[2..]);
        assert_eq!(&bound.as_bytes()[6..], [0; 10]);
    }
}
