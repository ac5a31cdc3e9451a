//! Going back to an earlier release, and letting go of models the map does not have any more.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use serde_json::json;
use tollgate_domain::ports::{Activated, LetGo, StaleModel};
use tollgate_domain::{
    Actor, HoldReason, ModelName, NewHold, PriceVersion, PricedModel, ReleaseId, Timestamp,
};

use super::{Conn, audit, catalog, dialect, holds, price_changes, releases};
use crate::error::{Corrupt, QueryError};
use crate::rows::{CatalogRow, Edit};
use crate::schema::{catalog_models, price_book_versions};
use crate::value::{At, Id};

/// Makes an earlier release current: the catalog as it last stood under it.
pub(crate) fn activate(
    conn: &mut Conn,
    id: ReleaseId,
    actor: &Actor,
    at: Timestamp,
) -> Result<Activated, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        if releases::find_row(conn, id)?.is_none() {
            return Ok(Activated::Missing);
        }
        let release = Id(id.uuid());
        let last: Option<i64> = price_book_versions::table
            .filter(price_book_versions::release_id.eq(release))
            .select(diesel::dsl::max(price_book_versions::id))
            .first(conn)?;
        let (Some(last), Some((_, current))) = (last, releases::current(conn)?) else {
            return Ok(Activated::NeverInForce);
        };
        if current.id == release {
            return Ok(Activated::Already);
        }
        let (from, to) = (catalog::now(conn)?, catalog::at(conn, last)?);
        let (put, remove) = catalog::difference(&from, &to);
        let version = price_changes::new_version(conn, "activate", &actor.name, Some(release), at)?;
        catalog::write(conn, &put, &remove, version)?;
        let before: HashMap<&ModelName, &PricedModel> =
            from.iter().map(|model| (&model.name, model)).collect();
        let replaced: Vec<NewHold> = put
            .iter()
            .filter_map(|model| Some((model, *before.get(&model.name)?)))
            .filter(|(model, was)| model.card_id != was.card_id)
            .map(|(model, was)| replaced(model, was))
            .collect();
        holds::refuse(conn, current.id, &replaced, &actor.name, version, at)?;
        holds::forgive(conn, put.iter().map(|model| (&model.name, model.card_id)))?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let added = put
            .iter()
            .filter(|model| !before.contains_key(&model.name))
            .count();
        let (changed, added, removed) = (count(put.len() - added), count(added), count(remove.len()));
        let edit = Edit {
            action: "price_release.activate",
            id: Some(id.to_string()),
            before: Some(json!({"release_id": current.id.0})),
            after: Some(json!({
                "release_id": release.0, "price_version": version, "changed": changed, "added": added, "removed": removed,
            })),
            ..Edit::default()
        };
        audit::note(conn, actor, at, edit)?;
        Ok(Activated::Done {
            version,
            changed,
            added,
            removed,
        })
    })
}

/// Models gone from the map, by name.
pub(crate) fn stale(
    conn: &mut Conn,
    after: Option<&ModelName>,
    limit: u16,
) -> Result<Vec<StaleModel>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut rows = stale_rows(conn)?;
        rows.retain(|row| after.is_none_or(|after| row.name.as_str() > after.as_str()));
        rows.truncate(usize::from(limit));
        let versions: Vec<i64> = rows.iter().map(|row| row.valid_from_version).collect();
        let times: Vec<(i64, At)> = price_book_versions::table
            .filter(price_book_versions::id.eq_any(versions))
            .select((price_book_versions::id, price_book_versions::created_at))
            .load(conn)?;
        let times: BTreeMap<i64, At> = times.into_iter().collect();
        let models: Vec<(i64, PricedModel)> = rows
            .into_iter()
            .map(|row| (row.valid_from_version, row.into()))
            .collect();
        let ids: Vec<_> = models.iter().map(|(_, model)| model.card_id).collect();
        let cards = catalog::cards_of(conn, &ids)?;
        let stale = models.into_iter().map(|(version, model)| {
            let missing = |what: &str| Corrupt::new("stale model", format!("its {what} is missing"));
            Ok(StaleModel {
                card: cards
                    .get(&model.card_id)
                    .cloned()
                    .ok_or_else(|| missing("card"))?,
                since: times.get(&version).ok_or_else(|| missing("version"))?.0,
                since_version: PriceVersion::new(version),
                model,
            })
        });
        Ok(stale.collect::<Result<_, Corrupt>>()?)
    })
}

/// Takes stale models out of the catalog.
pub(crate) fn let_go(
    conn: &mut Conn,
    models: Option<&[ModelName]>,
    actor: &Actor,
    at: Timestamp,
) -> Result<LetGo, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let all: Vec<ModelName> = stale_rows(conn)?
            .into_iter()
            .map(|row| ModelName::new(row.name))
            .collect();
        let stale: HashSet<&ModelName> = all.iter().collect();
        let chosen = match models {
            None => all.clone(),
            Some(models) => {
                let wrong: Vec<ModelName> = models
                    .iter()
                    .filter(|name| !stale.contains(name))
                    .cloned()
                    .collect();
                if !wrong.is_empty() {
                    return Ok(LetGo::NotStale(wrong));
                }
                let mut chosen = models.to_vec();
                chosen.sort();
                chosen.dedup();
                chosen
            }
        };
        if chosen.is_empty() {
            return Ok(LetGo::Nothing);
        }
        let version = price_changes::new_version(conn, "let_go", &actor.name, None, at)?;
        catalog::write(conn, &[], &chosen, version)?;
        let edit = Edit {
            action: "stale_price.remove",
            after: Some(json!({"models": chosen, "price_version": version})),
            ..Edit::default()
        };
        audit::note(conn, actor, at, edit)?;
        Ok(LetGo::Done {
            version,
            models: chosen,
        })
    })
}

fn replaced(now: &PricedModel, was: &PricedModel) -> NewHold {
    NewHold {
        model: was.name.clone(),
        card_id: Some(was.card_id),
        provider: was.provider.clone(),
        mode: was.mode.clone(),
        limits: was.limits,
        current_card_id: Some(now.card_id),
        reason: HoldReason::Release,
        detail: "replaced when an earlier release was made current".to_owned(),
    }
}

fn stale_rows(conn: &mut Conn) -> Result<Vec<CatalogRow>, QueryError> {
    let mut rows: Vec<CatalogRow> = catalog_models::table
        .filter(catalog_models::valid_to_version.is_null())
        .filter(catalog_models::stale.eq(true))
        .select(CatalogRow::as_select())
        .load(conn)?;
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rows)
}
