//! The synced catalog's rows: what serves now, what served at a version, and how a change is written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use tollgate_domain::{CardId, ModelName, PriceVersion, PricedModel, RateCard};

use super::Conn;
use crate::error::QueryError;
use crate::rows::{CardRow, CatalogRow};
use crate::schema::{catalog_models, rate_cards};
use crate::value::Digest32;

/// Rows a statement: 6 columns of each.
const ROWS: usize = 1_000;
/// Names or ids a statement.
const KEYS: usize = 1_000;

/// The catalog at a version, by name.
pub(super) fn at(conn: &mut Conn, version: i64) -> Result<Vec<PricedModel>, QueryError> {
    let rows: Vec<CatalogRow> = catalog_models::table
        .filter(catalog_models::valid_from_version.le(version))
        .filter(
            catalog_models::valid_to_version
                .is_null()
                .or(catalog_models::valid_to_version.gt(version)),
        )
        .select(CatalogRow::as_select())
        .load(conn)?;
    Ok(sorted(rows))
}

/// The catalog now, by name.
pub(super) fn now(conn: &mut Conn) -> Result<Vec<PricedModel>, QueryError> {
    let rows: Vec<CatalogRow> = catalog_models::table
        .filter(catalog_models::valid_to_version.is_null())
        .select(CatalogRow::as_select())
        .load(conn)?;
    Ok(sorted(rows))
}

/// Whether any row of the catalog began or ended after a version.
pub(super) fn moved_since(conn: &mut Conn, version: i64) -> Result<bool, QueryError> {
    let began: Option<i64> = catalog_models::table
        .select(diesel::dsl::max(catalog_models::valid_from_version))
        .first(conn)?;
    let ended: Option<i64> = catalog_models::table
        .filter(catalog_models::valid_to_version.is_not_null())
        .select(diesel::dsl::max(catalog_models::valid_to_version))
        .first(conn)?;
    Ok(began.max(ended).is_some_and(|last| last > version))
}

/// Writes a change: rows of `put` are there from this version on, those of `remove` no longer. The cards must be
/// stored.
pub(super) fn write(
    conn: &mut Conn,
    put: &[PricedModel],
    remove: &[ModelName],
    version: PriceVersion,
) -> Result<(), QueryError> {
    let names: Vec<&str> = put
        .iter()
        .map(|model| model.name.as_str())
        .chain(remove.iter().map(ModelName::as_str))
        .collect();
    for chunk in names.chunks(KEYS) {
        diesel::update(
            catalog_models::table
                .filter(catalog_models::valid_to_version.is_null())
                .filter(catalog_models::name.eq_any(chunk)),
        )
        .set(catalog_models::valid_to_version.eq(Some(version.get())))
        .execute(conn)?;
    }
    for chunk in put.chunks(ROWS) {
        let rows: Vec<CatalogRow> = chunk
            .iter()
            .map(|model| CatalogRow::new(model, version))
            .collect();
        diesel::insert_into(catalog_models::table)
            .values(rows)
            .execute(conn)?;
    }
    Ok(())
}

/// What makes one catalog of another: rows to put and names to remove.
pub(super) fn difference(from: &[PricedModel], to: &[PricedModel]) -> (Vec<PricedModel>, Vec<ModelName>) {
    let before: HashMap<&ModelName, &PricedModel> = from.iter().map(|model| (&model.name, model)).collect();
    let after: HashSet<&ModelName> = to.iter().map(|model| &model.name).collect();
    let put = to.iter().filter(|model| before.get(&model.name) != Some(model));
    let gone = from.iter().filter(|model| !after.contains(&model.name));
    (
        put.cloned().collect(),
        gone.map(|model| model.name.clone()).collect(),
    )
}

/// Stored cards by id; those that are not stored are left out.
pub(super) fn cards_of(
    conn: &mut Conn,
    ids: &[CardId],
) -> Result<BTreeMap<CardId, Arc<RateCard>>, QueryError> {
    let mut ids: Vec<Digest32> = ids.iter().map(|id| Digest32(*id.as_bytes())).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut cards = BTreeMap::new();
    for chunk in ids.chunks(KEYS) {
        let rows: Vec<CardRow> = rate_cards::table
            .filter(rate_cards::card_id.eq_any(chunk))
            .select(CardRow::as_select())
            .load(conn)?;
        for row in rows {
            let (id, card) = row.into_card()?;
            cards.insert(id, card);
        }
    }
    Ok(cards)
}

fn sorted(rows: Vec<CatalogRow>) -> Vec<PricedModel> {
    let mut models: Vec<PricedModel> = rows.into_iter().map(Into::into).collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models
}
