//! The price book at a version.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use tollgate_domain::{CardId, PriceBookData, PriceVersion, RateCard, ReleaseId, UpstreamMultipliers};

use super::{Conn, catalog, counters, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{AliasRow, CardRow, MultiplierRow, OverrideRow, VersionRow};
use crate::schema::{
    catalog_models, price_aliases, price_book_versions, price_multipliers, price_overrides, rate_cards,
};

/// Rows of a versioned table that were in force at a version.
macro_rules! in_force {
    ($conn:expr, $table:ident, $row:ty, $version:expr) => {
        $table::table
            .filter($table::valid_from_version.le($version))
            .filter(
                $table::valid_to_version
                    .is_null()
                    .or($table::valid_to_version.gt($version)),
            )
            .select(<$row>::as_select())
            .load::<$row>($conn)
    };
}

/// The book at a version, or the current one.
pub(crate) fn book(
    conn: &mut Conn,
    version: Option<PriceVersion>,
) -> Result<Option<PriceBookData>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let version = match version {
            Some(version) => Some(version),
            None => counters::versions(conn)?.prices,
        };
        let Some(row) = version
            .map(|version| version_row(conn, version))
            .transpose()?
            .flatten()
        else {
            return Ok(None);
        };
        build(conn, &row).map(Some)
    })
}

/// The row of a version.
pub(super) fn version_row(conn: &mut Conn, version: PriceVersion) -> Result<Option<VersionRow>, QueryError> {
    let row = price_book_versions::table
        .find(version.get())
        .select(VersionRow::as_select());
    Ok(row.first(conn).optional()?)
}

fn build(conn: &mut Conn, version: &VersionRow) -> Result<PriceBookData, QueryError> {
    let overrides: Vec<OverrideRow> = in_force!(conn, price_overrides, OverrideRow, version.id)?;
    let aliases: Vec<AliasRow> = in_force!(conn, price_aliases, AliasRow, version.id)?;
    let multipliers: Vec<MultiplierRow> = in_force!(conn, price_multipliers, MultiplierRow, version.id)?;
    let models = catalog::at(conn, version.id)?;
    let cards = cards_of_catalog(conn, version.id)?;
    let mut override_cards = cards_of_overrides(conn, version.id)?;
    let mut overrides = overrides
        .into_iter()
        .map(|row| {
            let id = CardId::from_bytes(row.card_id.0);
            let card = override_cards.get_mut(&id).map(|card| Arc::clone(card));
            let card = card.ok_or_else(|| Corrupt::new("override", format!("its card {id} is missing")))?;
            Ok(row.into_override(card))
        })
        .collect::<Result<Vec<_>, Corrupt>>()?;
    overrides.sort_by_key(|price| price.id);
    let mut aliases: Vec<_> = aliases.into_iter().map(Into::into).collect();
    aliases.sort_by_key(|alias: &tollgate_domain::PriceAlias| alias.id);
    let multipliers = multipliers.into_iter().map(UpstreamMultipliers::try_from);
    let mut multipliers = multipliers.collect::<Result<Vec<_>, Corrupt>>()?;
    multipliers.sort_by_key(|row| row.upstream_id);
    Ok(PriceBookData {
        version: PriceVersion::new(version.id),
        created_at: version.created_at.0,
        release_id: version.release_id.map(|id| ReleaseId::new(id.0)),
        models,
        cards: cards.into_values().collect(),
        overrides,
        aliases,
        multipliers,
    })
}

type Cards = BTreeMap<CardId, Arc<RateCard>>;

fn cards_of_catalog(conn: &mut Conn, version: i64) -> Result<Cards, QueryError> {
    let used = catalog_models::table
        .filter(catalog_models::valid_from_version.le(version))
        .filter(
            catalog_models::valid_to_version
                .is_null()
                .or(catalog_models::valid_to_version.gt(version)),
        )
        .select(catalog_models::card_id);
    let cards: Vec<CardRow> = rate_cards::table
        .filter(rate_cards::card_id.eq_any(used))
        .select(CardRow::as_select())
        .load(conn)?;
    Ok(by_id(cards)?)
}

fn cards_of_overrides(conn: &mut Conn, version: i64) -> Result<Cards, QueryError> {
    let used = price_overrides::table
        .filter(price_overrides::valid_from_version.le(version))
        .filter(
            price_overrides::valid_to_version
                .is_null()
                .or(price_overrides::valid_to_version.gt(version)),
        )
        .select(price_overrides::card_id);
    let cards: Vec<CardRow> = rate_cards::table
        .filter(rate_cards::card_id.eq_any(used))
        .select(CardRow::as_select())
        .load(conn)?;
    Ok(by_id(cards)?)
}

fn by_id(rows: Vec<CardRow>) -> Result<Cards, Corrupt> {
    rows.into_iter().map(CardRow::into_card).collect()
}
