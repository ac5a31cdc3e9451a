//! Changes of what sets a price: each writes one version, and nothing but the end of a row's validity is updated.

use diesel::prelude::*;
use tollgate_domain::{
    AliasId, OverrideId, PriceAlias, PriceOverride, PriceVersion, RateCard, Timestamp, UpstreamMultipliers,
};

use super::{Conn, counters, dialect, prices};
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

pub(crate) fn put_override(
    conn: &mut Conn,
    price: &PriceOverride,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    dialect::write(conn, |conn| {
        let version = new_version(conn, "override", &price.author, None, at)?;
        put_cards(conn, [price.card.as_ref()])?;
        end!(conn, price_overrides, id, price.id, version, &price.author, at)?;
        diesel::insert_into(price_overrides::table)
            .values(OverrideRow::new(price, version, at))
            .execute(conn)?;
        Ok(version)
    })
}

pub(crate) fn end_override(
    conn: &mut Conn,
    id: OverrideId,
    author: &str,
    at: Timestamp,
) -> Result<Option<PriceVersion>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let in_force: i64 = price_overrides::table
            .filter(price_overrides::id.eq(Id(id.uuid())))
            .filter(price_overrides::valid_to_version.is_null())
            .count()
            .get_result(conn)?;
        if in_force == 0 {
            return Ok(None);
        }
        let version = new_version(conn, "override", author, None, at)?;
        end!(conn, price_overrides, id, id, version, author, at)?;
        Ok(Some(version))
    })
}

pub(crate) fn put_alias(
    conn: &mut Conn,
    alias: &PriceAlias,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    dialect::write(conn, |conn| {
        let version = new_version(conn, "alias", &alias.author, None, at)?;
        end!(conn, price_aliases, id, alias.id, version, &alias.author, at)?;
        diesel::insert_into(price_aliases::table)
            .values(AliasRow::new(alias, version, at))
            .execute(conn)?;
        Ok(version)
    })
}

pub(crate) fn end_alias(
    conn: &mut Conn,
    id: AliasId,
    author: &str,
    at: Timestamp,
) -> Result<Option<PriceVersion>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let in_force: i64 = price_aliases::table
            .filter(price_aliases::id.eq(Id(id.uuid())))
            .filter(price_aliases::valid_to_version.is_null())
            .count()
            .get_result(conn)?;
        if in_force == 0 {
            return Ok(None);
        }
        let version = new_version(conn, "alias", author, None, at)?;
        end!(conn, price_aliases, id, id, version, author, at)?;
        Ok(Some(version))
    })
}

/// Inside the transaction that changes the upstream.
pub(super) fn put_multipliers(
    conn: &mut Conn,
    multipliers: &UpstreamMultipliers,
    author: &str,
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
        .values(MultiplierRow::new(multipliers, version, author, at))
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
