//! Where `SQLite` differs.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use tollgate_domain::{JournalId, Timestamp, Usd};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::RequestLogRow;
use crate::schema::request_logs;
use crate::sql_type::Instant;
use crate::value::Id;

pub(super) type Backend = diesel::sqlite::Sqlite;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations-sqlite");

/// Sums are taken of quotient and remainder apart: `SUM` of whole values ends at 9.2 million USD.
const SPLIT: i64 = 1_000_000;

#[derive(QueryableByName)]
struct Present {
    #[diesel(sql_type = Bool)]
    present: bool,
}

/// A transaction that writes. It takes the write lock first: one that begins reading and then wants to write
/// fails where another wrote meanwhile.
pub(super) fn write<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    conn.immediate_transaction(work)
}

/// A transaction whose reads all see one state.
pub(super) fn snapshot<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    conn.transaction(work)
}

/// Runs migrations one starter at a time.
pub(super) fn migrating<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    conn.exclusive_transaction(work)
}

/// A writing transaction is alone anyway.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn lock_installation(_: &mut Conn) -> Result<(), QueryError> {
    Ok(())
}

/// A writing transaction is alone anyway.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn lock_journal(_: &mut Conn, _: JournalId) -> Result<(), QueryError> {
    Ok(())
}

/// A writing transaction is alone anyway.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn lock_config(_: &mut Conn) -> Result<(), QueryError> {
    Ok(())
}

/// The stored logs among these.
pub(super) fn lock_logs(conn: &mut Conn, ids: &[Id]) -> Result<Vec<RequestLogRow>, QueryError> {
    let rows = request_logs::table
        .filter(request_logs::request_id.eq_any(ids))
        .select(RequestLogRow::as_select())
        .load(conn)?;
    Ok(rows)
}

/// SQL for the exact sum of an amount, as text for [`read_sum`].
pub(super) fn money_sum(column: &str) -> String {
    format!("COALESCE(SUM({column} / {SPLIT}), 0) || ' ' || COALESCE(SUM({column} % {SPLIT}), 0)")
}

/// Reads what [`money_sum`] made.
pub(super) fn read_sum(text: &str) -> Result<Usd, Corrupt> {
    let parts = text.split_once(' ').and_then(|(quotients, remainders)| {
        let (quotients, remainders): (i128, i128) = (quotients.parse().ok()?, remainders.parse().ok()?);
        quotients.checked_mul(i128::from(SPLIT))?.checked_add(remainders)
    });
    parts
        .map(Usd::from_pico)
        .ok_or_else(|| Corrupt::new("sum", format!("{text:?} is not a pair of integers")))
}

/// The query for the library's version.
pub(super) const VERSION: &str = "SELECT sqlite_version() AS version";

/// SQL after a table's name for the index to read it by: without statistics a range of time looks as good.
pub(super) fn indexed_by(index: &str) -> String {
    format!(" INDEXED BY {index}")
}

/// SQL for a sum of nothing, as text for [`read_sum`].
pub(super) const NO_SUM: &str = "'0 0'";

/// SQL for a condition on a column that an index is not to be chosen by. Without statistics one equality is as good as
/// another here.
pub(super) const NOT_BY_INDEX: &str = "+";

/// SQL for a bound value, by its number. A number after a dollar sign would be a name here, and looked for among all.
pub(super) fn parameter(number: usize) -> String {
    format!("?{number}")
}

/// Whether several indexes are read for one condition each, and what they have in common is looked at alone.
pub(super) const COMBINES_INDEXES: bool = false;

/// SQL for an id.
pub(super) fn id_literal(id: uuid::Uuid) -> String {
    format!("X'{}'", id.simple())
}

diesel::define_sql_function! {
    /// The earlier of two instants.
    #[sql_name = "MIN"]
    fn earlier(one: Instant, other: Instant) -> Instant;
}

diesel::define_sql_function! {
    /// The later of two instants.
    #[sql_name = "MAX"]
    fn later(one: Instant, other: Instant) -> Instant;
}

/// Columns with one value throughout each group: to be selected, and to group by beside. Here a column that stands alone
/// is any of the group's.
pub(super) fn same_in_group(columns: &[&str]) -> (String, String) {
    let selected: Vec<String> = columns
        .iter()
        .map(|column| format!("{column} AS {column}"))
        .collect();
    (selected.join(", "), String::new())
}

/// SQL for an id as text.
pub(super) fn id_text(column: &str) -> String {
    format!("LOWER(HEX({column}))")
}

/// SQL for an instant.
pub(super) fn instant_literal(at: Timestamp) -> String {
    at.timestamp_micros().to_string()
}

/// A writing transaction is alone anyway.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn lock_sums(_: &mut Conn) -> Result<(), QueryError> {
    Ok(())
}

/// A writing transaction is alone anyway.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn lock_ledger(_: &mut Conn) -> Result<(), QueryError> {
    Ok(())
}

/// Whether there is such a table.
pub(super) fn table_exists(conn: &mut Conn, name: &str) -> Result<bool, QueryError> {
    let query = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1) AS present";
    let found: Present = sql_query(query).bind::<Text, _>(name).get_result(conn)?;
    Ok(found.present)
}

/// There are no partitions.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn ensure_partitions(_: &mut Conn, _: Option<Timestamp>) -> Result<Vec<String>, QueryError> {
    Ok(Vec::new())
}

/// At least, and below: texts are compared by their bytes anyway.
pub(super) const PREFIX_OPERATORS: (&str, &str) = (">=", "<");

/// The order of the index on callers' request ids.
pub(super) const BY_CALLER: &str = "caller_request_id";
/// Orders of request logs by time that no index is read for.
pub(super) const NEWEST_FIRST_BY_NO_INDEX: &str = "+occurred_at DESC, request_id DESC";
/// The other way around.
pub(super) const OLDEST_FIRST_BY_NO_INDEX: &str = "+occurred_at, request_id";

/// There are no partitions.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn drop_log_partitions(_: &mut Conn, _: Timestamp) -> Result<Vec<String>, QueryError> {
    Ok(Vec::new())
}

/// There are no partitions.
#[expect(clippy::unnecessary_wraps, reason = "the other database's can fail")]
pub(super) fn default_partitions_in_use(_: &mut Conn) -> Result<Vec<String>, QueryError> {
    Ok(Vec::new())
}
