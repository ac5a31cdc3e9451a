//! Changes of what sets a price: each writes one version, and nothing but the end of a row's validity is updated.

use diesel::prelude::*;
use tollgate_domain::ports::{MultiplierGrounds, RuleBefore, RuleChange, RuleEdit, RulesChanged};
use tollgate_domain::{PriceVersion, RateCard, Timestamp, UpstreamMultipliers};

use super::{Conn, audit, audit_rules, counters, dialect, prices};
use crate::error::QueryError;
use crate::rows::{AliasRow, CardRow, MultiplierRow, OverrideRow, VersionRow};
use crate::schema::{price_aliases, price_book_versions, price_multipliers, price_overrides, rate_cards};
use crate::value::{At, Id};

/// Ends the row in force of an identity; how many there were.
macro_rules! end {
    ($conn:expr, $table:ident, $key:ident, $id:expr, $version:expr, $author:expr, $at:expr) => {
        diesel::update(
            $table::table
                .filter($table::$key.eq(Id($id.uuid())))
                .filter($table::valid_to_version.is_null()),
        )
        .set((
            $table::valid_to_version.eq(Some($version.get())),
            $table::valid_to.eq(Some(At($at))),
            $table::ended_by.eq(Some($author)),
        ))
        .execute($conn)
    };
}

/// The same for a rule that ends for good, with the reason.
macro_rules! end_for_good {
    ($conn:expr, $table:ident, $id:expr, $version:expr, $edit:expr) => {{
        diesel::update(
            $table::table
                .filter($table::id.eq(Id($id.uuid())))
                .filter($table::valid_to_version.is_null()),
        )
        .set($table::end_note.eq($edit.note.as_deref()))
        .execute($conn)?;
        end!($conn, $table, id, $id, $version, &*$edit.actor.name, $edit.at)
    }};
}

/// The version of a rule that is in force.
macro_rules! in_force {
    ($conn:expr, $table:ident, $id:expr) => {
        $table::table
            .filter($table::id.eq(Id($id.uuid())))
            .filter($table::valid_to_version.is_null())
            .select($table::valid_from_version)
            .first::<i64>($conn)
            .optional()
    };
}

/// Another rule in force for the same name and upstream.
macro_rules! rival {
    ($conn:expr, $table:ident, $name:ident, $value:expr, $upstream:expr, $id:expr) => {{
        let query = $table::table
            .filter($table::valid_to_version.is_null())
            .filter($table::$name.eq($value.as_str()))
            .filter($table::id.ne(Id($id.uuid())))
            .select($table::id)
            .into_boxed::<dialect::Backend>();
        let query = match $upstream {
            Some(upstream) => query.filter($table::upstream_id.eq(Id(upstream.uuid()))),
            None => query.filter($table::upstream_id.is_null()),
        };
        query.first::<Id>($conn).optional()
    }};
}

/// Makes all of the changes with one version, or none.
pub(crate) fn change_rules(
    conn: &mut Conn,
    changes: &[RuleChange],
    edit: &RuleEdit,
) -> Result<RulesChanged, QueryError> {
    let outcome = dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        for (index, change) in changes.iter().enumerate() {
            if let Some(refusal) = refusal(conn, index, change)? {
                return Ok(refusal);
            }
        }
        let kind = match changes.first() {
            Some(RuleChange::PutAlias { .. } | RuleChange::EndAlias { .. }) => "alias",
            _ => "override",
        };
        let version = new_version(conn, kind, &edit.actor.name, None, edit.at)?;
        let edits = audit_rules::edits(conn, changes, edit)?;
        // What ends comes first: its name and upstream are then free for what takes its place.
        for change in changes {
            apply_end(conn, change, version, edit)?;
        }
        for (index, change) in changes.iter().enumerate() {
            if let Some(by) = taken(conn, change)? {
                return Err(QueryError::RuleTaken { index, by: by.0 });
            }
            apply_put(conn, change, version, edit)?;
        }
        audit::note_all(conn, &edit.actor, edit.at, edits)?;
        Ok(RulesChanged::Done(version))
    });
    match outcome {
        Err(QueryError::RuleTaken { index, by }) => Ok(RulesChanged::Taken { index, by }),
        outcome => outcome,
    }
}

/// Why a change cannot start from what is in force.
fn refusal(conn: &mut Conn, index: usize, change: &RuleChange) -> Result<Option<RulesChanged>, QueryError> {
    let (found, before) = match change {
        RuleChange::PutOverride { price, before, .. } => {
            (in_force!(conn, price_overrides, price.id)?, before)
        }
        RuleChange::EndOverride { id, before } => (in_force!(conn, price_overrides, id)?, before),
        RuleChange::PutAlias { alias, before, .. } => (in_force!(conn, price_aliases, alias.id)?, before),
        RuleChange::EndAlias { id, before } => (in_force!(conn, price_aliases, id)?, before),
    };
    Ok(match (found.map(PriceVersion::new), before) {
        (None, RuleBefore::Nothing) | (Some(_), RuleBefore::Any) => None,
        (Some(found), RuleBefore::Version(expected)) if found == *expected => None,
        (None, _) => Some(RulesChanged::Missing { index }),
        (Some(version), _) => Some(RulesChanged::Stale { index, version }),
    })
}

fn taken(conn: &mut Conn, change: &RuleChange) -> Result<Option<Id>, QueryError> {
    Ok(match change {
        RuleChange::PutOverride { price, .. } => rival!(
            conn,
            price_overrides,
            model,
            price.model,
            price.upstream_id,
            price.id
        )?,
        RuleChange::PutAlias { alias, .. } => rival!(
            conn,
            price_aliases,
            alias,
            alias.alias,
            alias.upstream_id,
            alias.id
        )?,
        RuleChange::EndOverride { .. } | RuleChange::EndAlias { .. } => None,
    })
}

fn apply_end(
    conn: &mut Conn,
    change: &RuleChange,
    version: PriceVersion,
    edit: &RuleEdit,
) -> Result<(), QueryError> {
    match change {
        RuleChange::PutOverride { price, .. } => end!(
            conn,
            price_overrides,
            id,
            price.id,
            version,
            &*edit.actor.name,
            edit.at
        )?,
        RuleChange::PutAlias { alias, .. } => end!(
            conn,
            price_aliases,
            id,
            alias.id,
            version,
            &*edit.actor.name,
            edit.at
        )?,
        RuleChange::EndOverride { id, .. } => end_for_good!(conn, price_overrides, id, version, edit)?,
        RuleChange::EndAlias { id, .. } => end_for_good!(conn, price_aliases, id, version, edit)?,
    };
    Ok(())
}

fn apply_put(
    conn: &mut Conn,
    change: &RuleChange,
    version: PriceVersion,
    edit: &RuleEdit,
) -> Result<(), QueryError> {
    match change {
        RuleChange::PutOverride {
            price,
            effective_from,
            ..
        } => {
            put_cards(conn, [price.card.as_ref()])?;
            let row = OverrideRow::new(price, *effective_from, version, edit);
            diesel::insert_into(price_overrides::table)
                .values(row)
                .execute(conn)?;
        }
        RuleChange::PutAlias {
            alias,
            effective_from,
            ..
        } => {
            let row = AliasRow::new(alias, *effective_from, version, edit);
            diesel::insert_into(price_aliases::table)
                .values(row)
                .execute(conn)?;
        }
        RuleChange::EndOverride { .. } | RuleChange::EndAlias { .. } => {}
    }
    Ok(())
}

/// Inside the transaction that changes the upstream.
pub(super) fn put_multipliers(
    conn: &mut Conn,
    multipliers: &UpstreamMultipliers,
    author: &str,
    grounds: &MultiplierGrounds,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    let version = new_version(conn, "multipliers", author, None, at)?;
    let upstream = multipliers.upstream_id;
    end!(
        conn,
        price_multipliers,
        upstream_id,
        upstream,
        version,
        author,
        at
    )?;
    diesel::insert_into(price_multipliers::table)
        .values(MultiplierRow::new(multipliers, version, author, grounds, at)?)
        .execute(conn)?;
    Ok(version)
}

/// Writes the next version's row, with the release given or that of the version before.
pub(super) fn new_version(
    conn: &mut Conn,
    change: &str,
    author: &str,
    release: Option<Id>,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    let version = counters::next_prices(conn)?;
    let release_id = match release {
        Some(release) => Some(release),
        None => prices::version_row(conn, PriceVersion::new(version.get() - 1))?
            .and_then(|before| before.release_id),
    };
    let row = VersionRow {
        id: version.get(),
        created_at: At(at),
        author: author.to_owned(),
        change: change.to_owned(),
        release_id,
    };
    diesel::insert_into(price_book_versions::table)
        .values(row)
        .execute(conn)?;
    Ok(version)
}

/// Stores cards that are not there yet.
pub(super) fn put_cards<'a>(
    conn: &mut Conn,
    cards: impl IntoIterator<Item = &'a RateCard>,
) -> Result<(), QueryError> {
    const ROWS: usize = 1_000;
    let rows: Result<Vec<CardRow>, _> = cards.into_iter().map(CardRow::new).collect();
    for chunk in rows?.chunks(ROWS) {
        diesel::insert_into(rate_cards::table)
            .values(chunk)
            .on_conflict(rate_cards::card_id)
            .do_nothing()
            .execute(conn)?;
    }
    Ok(())
}
