//! Where `PostgreSQL` differs.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use tollgate_domain::{JournalId, Timestamp, Usd};

use super::{Conn, partitions};
use crate::error::{Corrupt, QueryError};
use crate::rows::RequestLogRow;
use crate::schema::{config_version, request_logs};
use crate::sql_type::Instant;
use crate::value::Id;

pub(super) type Backend = diesel::pg::Pg;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations-pg");

/// The advisory lock of migrations, partitions and the first admin token: "tollgate".
const INSTALLATION_LOCK: i64 = 0x746f_6c6c_6761_7465;
/// Held by who adds up what waits.
const SUMS_LOCK: i64 = 0x746f_6c6c_7375_6d73;

#[derive(QueryableByName)]
struct Present {
    #[diesel(sql_type = Bool)]
    present: bool,
}

/// A transaction that writes.
pub(super) fn write<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    conn.transaction(work)
}

/// A transaction whose reads all see one state.
pub(super) fn snapshot<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    conn.transaction(|conn| {
        conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        work(conn)
    })
}

/// Runs migrations one starter at a time.
pub(super) fn migrating<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    let lock = |conn: &mut Conn, function: &str| {
        let statement = format!("SELECT {function}($1)");
        sql_query(statement)
            .bind::<BigInt, _>(INSTALLATION_LOCK)
            .execute(conn)
    };
    lock(conn, "pg_advisory_lock")?;
    let done = work(conn);
    // Where this fails the connection is gone, and the lock with it.
    let unlocked = lock(conn, "pg_advisory_unlock");
    let done = done?;
    unlocked?;
    Ok(done)
}

/// Until the transaction ends, nobody else sets up the installation.
pub(super) fn lock_installation(conn: &mut Conn) -> Result<(), QueryError> {
    advisory_lock(conn, INSTALLATION_LOCK)
}

/// Until the transaction ends, nobody else writes this journal's entries.
pub(super) fn lock_journal(conn: &mut Conn, journal: JournalId) -> Result<(), QueryError> {
    let (_, random) = journal.uuid().as_u64_pair();
    advisory_lock(conn, random.cast_signed())
}

/// Until the transaction ends, nobody else changes configuration or prices.
pub(super) fn lock_config(conn: &mut Conn) -> Result<(), QueryError> {
    let row = config_version::table.select(config_version::config).for_update();
    row.first::<i64>(conn)?;
    Ok(())
}

/// The stored logs among these, locked in one order.
pub(super) fn lock_logs(conn: &mut Conn, ids: &[Id]) -> Result<Vec<RequestLogRow>, QueryError> {
    let rows = request_logs::table
        .filter(request_logs::request_id.eq_any(ids))
        .order(request_logs::request_id)
        .for_update()
        .select(RequestLogRow::as_select())
        .load(conn)?;
    Ok(rows)
}

/// SQL for the exact sum of an amount, as text for [`read_sum`].
pub(super) fn money_sum(column: &str) -> String {
    format!("CAST(COALESCE(SUM({column}), 0) AS TEXT)")
}

/// Reads what [`money_sum`] made.
pub(super) fn read_sum(text: &str) -> Result<Usd, Corrupt> {
    text.parse().map_err(Corrupt::of("sum"))
}

/// The query for the server's version.
pub(super) const VERSION: &str = "SELECT current_setting('server_version') AS version";
diesel::define_sql_function! {
    /// The earlier of two instants.
    #[sql_name = "LEAST"]
    fn earlier(one: Instant, other: Instant) -> Instant;
}

diesel::define_sql_function! {
    /// The later of two instants.
    #[sql_name = "GREATEST"]
    fn later(one: Instant, other: Instant) -> Instant;
}

/// Columns with one value throughout each group: to be selected, and to group by beside.
pub(super) fn same_in_group(columns: &[&str]) -> (String, String) {
    let columns = columns.join(", ");
    (columns.clone(), format!(", {columns}"))
}

/// SQL for an id as text.
pub(super) fn id_text(column: &str) -> String {
    format!("CAST({column} AS TEXT)")
}

/// SQL after a table's name for the index to read it by. Here statistics choose.
pub(super) const fn indexed_by(_: &str) -> String {
    String::new()
}

/// SQL for a sum of nothing, as text for [`read_sum`].
pub(super) const NO_SUM: &str = "'0'";

/// SQL for a condition on a column that an index is not to be chosen by. Here statistics choose.
pub(super) const NOT_BY_INDEX: &str = "";

/// SQL for a bound value, by its number.
pub(super) fn parameter(number: usize) -> String {
    format!("${number}")
}

/// Whether several indexes are read for one condition each, and what they have in common is looked at alone.
pub(super) const COMBINES_INDEXES: bool = true;

/// SQL for an id.
pub(super) fn id_literal(id: uuid::Uuid) -> String {
    format!("'{id}'::uuid")
}

/// SQL for an instant.
pub(super) fn instant_literal(at: Timestamp) -> String {
    format!("'{}'::timestamptz", at.to_rfc3339())
}

/// Until the transaction ends, nobody else adds up what waits.
pub(super) fn lock_sums(conn: &mut Conn) -> Result<(), QueryError> {
    advisory_lock(conn, SUMS_LOCK)
}

/// Until the transaction ends, nobody else writes to the ledger; who does so already is waited for.
pub(super) fn lock_ledger(conn: &mut Conn) -> Result<(), QueryError> {
    conn.batch_execute("LOCK TABLE ledger_entries IN EXCLUSIVE MODE")?;
    Ok(())
}

/// Whether there is such a table.
pub(super) fn table_exists(conn: &mut Conn, name: &str) -> Result<bool, QueryError> {
    let found: Present = sql_query("SELECT to_regclass($1) IS NOT NULL AS present")
        .bind::<Text, _>(name)
        .get_result(conn)?;
    Ok(found.present)
}

/// Makes the partitions of the months around `at` (`None`: the server's now); the names of those made.
pub(super) fn ensure_partitions(conn: &mut Conn, at: Option<Timestamp>) -> Result<Vec<String>, QueryError> {
    let at = partitions::or_now(conn, at)?;
    let mut made = Vec::new();
    // Each in a transaction of its own: writers lock the two in either order.
    for table in partitions::TABLES {
        made.extend(write(conn, |conn| {
            lock_installation(conn)?;
            partitions::ensure(conn, table, at)
        })?);
    }
    Ok(made)
}

/// At least, and below, in the order of an index that serves prefixes whatever the collation.
pub(super) const PREFIX_OPERATORS: (&str, &str) = ("~>=~", "~<~");

/// The order of the index on callers' request ids.
pub(super) const BY_CALLER: &str = "caller_request_id USING ~<~";
/// Orders of request logs by time that no index is read for.
pub(super) const NEWEST_FIRST_BY_NO_INDEX: &str = "(occurred_at + INTERVAL '0') DESC, request_id DESC";
/// The other way around.
pub(super) const OLDEST_FIRST_BY_NO_INDEX: &str = "(occurred_at + INTERVAL '0'), request_id";

/// Drops the partitions of request logs that hold nothing but what is older; their names.
pub(super) fn drop_log_partitions(conn: &mut Conn, before: Timestamp) -> Result<Vec<String>, QueryError> {
    let mut dropped = Vec::new();
    for name in partitions::ended_before(conn, "request_logs", before)? {
        write(conn, |conn| {
            lock_installation(conn)?;
            partitions::drop_one(conn, &name)
        })?;
        dropped.push(name);
    }
    Ok(dropped)
}

/// The tables whose default partition holds rows.
pub(super) fn default_partitions_in_use(conn: &mut Conn) -> Result<Vec<String>, QueryError> {
    partitions::default_in_use(conn)
}

fn advisory_lock(conn: &mut Conn, key: i64) -> Result<(), QueryError> {
    sql_query("SELECT pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(key)
        .execute(conn)?;
    Ok(())
}
