//! What wants attention: gathered with every batch, read by day.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use diesel::upsert::excluded;
use serde_json::{Value, json};
use tollgate_domain::ports::{AttentionRow, AttentionState, Edited};
use tollgate_domain::{
    AccountingZone, Actor, AttemptChange, AttentionId, AttentionSubject, AttentionValues, JournalId, Posting,
    Standing, Timestamp, concerns,
};

use super::{Conn, audit, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{AttentionDayRow, AttentionSumRow, Edit, StateRow, UnbilledRow};
use crate::schema::{attention_days, attention_states};
use crate::sql_type::Instant;
use crate::value::At;

/// Rows a statement.
const ROWS: usize = 1_000;
const COUNTS: [&str; 6] = [
    "count",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
];
const AMOUNTS: [&str; 4] = ["list_cost", "cost", "reported_cost", "at_stake"];

/// What is added for one thing on one day.
#[derive(Debug)]
pub(super) struct Gathered {
    upstream: Option<(String, String)>,
    values: AttentionValues,
    first_at: Timestamp,
    last_at: Timestamp,
}

/// By day, writer and thing: the order of the primary key.
pub(super) type Gathering = BTreeMap<(Timestamp, JournalId, AttentionSubject), Gathered>;

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

fn upstream(posting: &Posting) -> (String, String) {
    (posting.upstream_name.clone(), posting.provider.clone())
}

/// Adds what was gathered, in key order.
pub(super) fn add(conn: &mut Conn, gathering: Gathering) -> Result<(), QueryError> {
    let mut rows: Vec<AttentionDayRow> = gathering
        .into_iter()
        .map(|((day, writer, subject), gathered)| {
            let (name, provider) = gathered.upstream.unzip();
            let seen = (gathered.first_at, gathered.last_at);
            AttentionDayRow::new((day, writer), &subject, (name, provider), &gathered.values, seen)
        })
        .collect();
    rows.sort_by(|one, other| (one.day, one.writer, &one.id).cmp(&(other.day, other.writer, &other.id)));
    for chunk in rows.chunks(ROWS) {
        macro_rules! add_up {
            ($($column:ident),+) => {
                ($(attention_days::$column.eq(attention_days::$column + excluded(attention_days::$column)),)+
                attention_days::upstream_name.eq(excluded(attention_days::upstream_name)),
                attention_days::provider.eq(excluded(attention_days::provider)),
                attention_days::first_at.eq(dialect::earlier(attention_days::first_at, excluded(attention_days::first_at))),
                attention_days::last_at.eq(dialect::later(attention_days::last_at, excluded(attention_days::last_at))),)
            };
        }
        diesel::insert_into(attention_days::table)
            .values(chunk)
            .on_conflict((attention_days::day, attention_days::writer, attention_days::id))
            .do_update()
            .set(add_up!(
                count,
                input_tokens,
                cache_read_tokens,
                cache_write_tokens,
                output_tokens,
                reasoning_tokens,
                list_cost,
                cost,
                reported_cost,
                at_stake
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Attempts whose latest revision at an instant was unbilled. The status in the first line is the partial index's.
const UNBILLED: &str = "
    SELECT
        reason, upstream_id, MAX(upstream_name) AS upstream_name, provider,
        COALESCE(model_sent, model_requested) AS model_sent, model_served,
        COUNT(*) AS count,
        CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens,
        CAST(COALESCE(SUM(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens,
        CAST(COALESCE(SUM(cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens,
        CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens,
        CAST(COALESCE(SUM(reasoning_tokens), 0) AS BIGINT) AS reasoning_tokens,
        MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at
    FROM ledger_entries e
    WHERE e.status = 'unbilled' AND e.occurred_at >= $1 AND e.occurred_at < $2 AND e.recorded_at <= $3
        AND NOT EXISTS (
            SELECT 1 FROM ledger_entries later
            WHERE later.event_id = e.event_id AND later.revision > e.revision AND later.recorded_at <= $3
        )
    GROUP BY reason, upstream_id, provider, COALESCE(model_sent, model_requested), model_served
    ORDER BY COUNT(*) DESC, reason, provider, COALESCE(model_sent, model_requested), model_served
    LIMIT $4";

/// Unbilled attempts of a range as they were at an instant.
pub(crate) fn unbilled_as_of(
    conn: &mut Conn,
    (from, until): (Timestamp, Timestamp),
    as_of: Timestamp,
    limit: u16,
) -> Result<Vec<AttentionRow>, QueryError> {
    let rows: Vec<UnbilledRow> = sql_query(UNBILLED)
        .bind::<Instant, _>(At(from))
        .bind::<Instant, _>(At(until))
        .bind::<Instant, _>(At(as_of))
        .bind::<Integer, _>(i32::from(limit))
        .load(conn)?;
    let rows: Result<_, _> = rows.into_iter().map(AttentionRow::try_from).collect();
    Ok(rows?)
}

/// Things seen on the days that began in a range.
pub(crate) fn list(
    conn: &mut Conn,
    since: Timestamp,
    until: Option<Timestamp>,
    limit: u16,
) -> Result<Vec<AttentionRow>, QueryError> {
    let counts = COUNTS.map(|column| format!("CAST(SUM(attention_days.{column}) AS BIGINT) AS {column}"));
    let amounts = AMOUNTS.map(|column| format!("{} AS {column}", dialect::money_sum(column)));
    // What a thing is about is the same on all its days; the upstream may have been renamed.
    let same = |columns: &[&str]| {
        let columns = columns
            .iter()
            .map(|column| format!("{} AS {column}", dialect::any_of(column)));
        columns.collect::<Vec<_>>().join(", ")
    };
    let query = format!(
        "SELECT id, {}, {}, {}, MIN(first_at) AS first_at, MAX(last_at) AS last_at
         FROM attention_days WHERE day >= $1{}
         GROUP BY id HAVING SUM(attention_days.count) > 0
         ORDER BY SUM(attention_days.count) DESC, id LIMIT $2",
        same(&[
            "kind",
            "upstream_id",
            "upstream_name",
            "provider",
            "model_sent",
            "model_served",
            "journal_id"
        ]),
        counts.join(", "),
        amounts.join(", "),
        until.map_or(String::new(), |until| format!(
            " AND day < {}",
            dialect::instant_literal(until)
        )),
    );
    let rows: Vec<AttentionSumRow> = sql_query(query)
        .bind::<Instant, _>(At(since))
        .bind::<Integer, _>(i32::from(limit))
        .load(conn)?;
    let rows: Result<_, _> = rows
        .into_iter()
        .map(|row| row.into_row(dialect::read_sum))
        .collect();
    Ok(rows?)
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
