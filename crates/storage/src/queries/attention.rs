//! What wants attention, and what people say of it.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use serde_json::{Value, json};
use tollgate_domain::ports::{AttentionRow, AttentionState, Edited};
use tollgate_domain::{Actor, AttentionId, AttentionKind, Timestamp};

use super::{Conn, attention_months, audit, dialect};
use crate::error::QueryError;
use crate::rows::{AttentionSumRow, Edit, StateRow};
use crate::schema::{attention_days, attention_states};
use crate::sql_type::Instant;
use crate::value::At;

/// Things of some kinds (none: of all) seen on the days that began in a range. Whole months are read as such where the
/// range has no end.
pub(crate) fn list(
    conn: &mut Conn,
    (since, until): (Timestamp, Option<Timestamp>),
    kinds: &[AttentionKind],
    limit: u16,
) -> Result<Vec<AttentionRow>, QueryError> {
    match until {
        None => dialect::snapshot(conn, |conn| attention_months::read(conn, since, kinds, limit)),
        Some(until) => of_days(conn, (since, until), kinds, limit),
    }
}

/// From the days.
fn of_days(
    conn: &mut Conn,
    (since, until): (Timestamp, Timestamp),
    kinds: &[AttentionKind],
    limit: u16,
) -> Result<Vec<AttentionRow>, QueryError> {
    let counts =
        AttentionSumRow::COUNTS.map(|column| format!("CAST(SUM(seen.{column}) AS BIGINT) AS {column}"));
    let amounts =
        AttentionSumRow::AMOUNTS.map(|column| format!("{} AS {column}", dialect::money_sum(column)));
    // What a thing is about is the same on all its days; the upstream may have been renamed.
    let (same, beside) = dialect::same_in_group(&[
        "kind",
        "upstream_id",
        "provider",
        "model_sent",
        "model_served",
        "journal_id",
    ]);
    let query = format!(
        "SELECT id, {same}, MAX(upstream_name) AS upstream_name, {}, {},
            MIN(first_at) AS first_at, MAX(last_at) AS last_at
         FROM attention_days AS seen WHERE day >= $1 AND day < $2{}
         GROUP BY id{beside} HAVING SUM(seen.count) > 0
         ORDER BY SUM(seen.count) DESC, id LIMIT $3",
        counts.join(", "),
        amounts.join(", "),
        among(kinds),
    );
    let rows: Vec<AttentionSumRow> = sql_query(query)
        .bind::<Instant, _>(At(since))
        .bind::<Instant, _>(At(until))
        .bind::<Integer, _>(i32::from(limit))
        .load(conn)?;
    let rows: Result<_, _> = rows
        .into_iter()
        .map(|row| row.into_row(dialect::read_sum))
        .collect();
    Ok(rows?)
}

/// The condition on kinds.
fn among(kinds: &[AttentionKind]) -> String {
    if kinds.is_empty() {
        return String::new();
    }
    let names: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    format!(" AND kind IN ({})", names.join(", "))
}

/// Whether a thing was ever seen.
pub(crate) fn seen(conn: &mut Conn, id: &AttentionId) -> Result<bool, QueryError> {
    let found = attention_days::table.filter(attention_days::id.eq(id.as_str()));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// What people say of all things.
pub(crate) fn states(conn: &mut Conn) -> Result<Vec<AttentionState>, QueryError> {
    let rows: Vec<StateRow> = attention_states::table
        .order(attention_states::id)
        .select(StateRow::as_select())
        .load(conn)?;
    let states: Result<_, _> = rows.into_iter().map(AttentionState::try_from).collect();
    Ok(states?)
}

/// What people say of one.
pub(crate) fn state(conn: &mut Conn, id: &AttentionId) -> Result<Option<AttentionState>, QueryError> {
    let row = attention_states::table
        .find(id.as_str())
        .select(StateRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(AttentionState::try_from).transpose()?)
}

/// Replaces what is said of one, and notes it.
pub(crate) fn set_state(
    conn: &mut Conn,
    said: AttentionState,
    expected: Option<i64>,
    actor: &Actor,
) -> Result<Edited<AttentionState>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let before = state(conn, &said.id)?;
        let revision = before.as_ref().map_or(0, |before| before.revision);
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        let said = AttentionState {
            revision: revision + 1,
            ..said
        };
        let row = StateRow::from(&said);
        diesel::insert_into(attention_states::table)
            .values(&row)
            .on_conflict(attention_states::id)
            .do_update()
            .set(&row)
            .execute(conn)?;
        let edit = Edit {
            action: "attention.update",
            id: Some(said.id.to_string()),
            name: None,
            before: before.as_ref().map(shown),
            after: Some(shown(&said)),
        };
        audit::note(conn, actor, said.updated_at, edit)?;
        Ok(Edited::Done(said))
    })
}

fn shown(state: &AttentionState) -> Value {
    json!({
        "owner": state.owner,
        "snoozed_until": state.snoozed_until,
        "note": state.note,
        "revision": state.revision,
    })
}
