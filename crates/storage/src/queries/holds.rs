//! Held prices, and the operator's decisions on them.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::json;
use tollgate_domain::ports::Decided;
use tollgate_domain::{
    Actor, CardId, HeldPrice, HoldState, ModelName, NewHold, PriceVersion, PricedModel, ReleaseId, Timestamp,
};

use super::{Conn, audit, catalog, dialect, price_changes, releases};
use crate::error::{Corrupt, QueryError};
use crate::rows::{Edit, HoldRow};
use crate::schema::{price_holds, price_releases};
use crate::value::{At, Digest32, Id};

/// Models a statement.
const KEYS: usize = 1_000;

/// Prices in a state.
pub(crate) fn in_state(conn: &mut Conn, state: HoldState) -> Result<Vec<HeldPrice>, QueryError> {
    let rows: Vec<HoldRow> = price_holds::table
        .filter(price_holds::state.eq(state.as_str()))
        .select(HoldRow::as_select())
        .load(conn)?;
    read(rows)
}

/// All prices a release held.
pub(super) fn of_release(conn: &mut Conn, release: ReleaseId) -> Result<Vec<HeldPrice>, QueryError> {
    let rows: Vec<HoldRow> = price_holds::table
        .filter(price_holds::release_id.eq(Id(release.uuid())))
        .select(HoldRow::as_select())
        .load(conn)?;
    read(rows)
}

/// Puts held prices in force or refuses them.
pub(crate) fn decide(
    conn: &mut Conn,
    id: ReleaseId,
    models: Option<&[ModelName]>,
    accept: bool,
    actor: &Actor,
    at: Timestamp,
) -> Result<Decided, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(release) = releases::find_row(conn, id)? else {
            return Ok(Decided::Missing);
        };
        let mut open = of_release(conn, id)?;
        open.retain(|held| held.state == HoldState::Held);
        if open.is_empty() {
            return Ok(Decided::NothingHeld);
        }
        if let Some(models) = models {
            let held: HashSet<&ModelName> = open.iter().map(|held| &held.hold.model).collect();
            let missing: Vec<ModelName> = models
                .iter()
                .filter(|name| !held.contains(name))
                .cloned()
                .collect();
            if !missing.is_empty() {
                return Ok(Decided::NotHeld(missing));
            }
            let wanted: HashSet<&ModelName> = models.iter().collect();
            open.retain(|held| wanted.contains(&held.hold.model));
        }
        let mut version = None;
        if accept {
            // What was never in force becomes the release in force; a later one stays it.
            let first = release.version.is_none();
            let carrier = first.then_some(Id(id.uuid()));
            let made = price_changes::new_version(conn, "accept", &actor.name, carrier, at)?;
            put_in_force(conn, &open, made)?;
            if first {
                diesel::update(price_releases::table.find(Id(id.uuid())))
                    .set(price_releases::version.eq(Some(made.get())))
                    .execute(conn)?;
            }
            version = Some(made);
        }
        let state = if accept {
            HoldState::Accepted
        } else {
            HoldState::Rejected
        };
        let names: Vec<ModelName> = open.iter().map(|held| held.hold.model.clone()).collect();
        mark(conn, id, &names, state, &actor.name, version, at)?;
        let edit = Edit {
            action: if accept {
                "price_release.accept"
            } else {
                "price_release.reject"
            },
            id: Some(id.to_string()),
            after: Some(json!({"models": names, "price_version": version})),
            ..Edit::default()
        };
        audit::note(conn, actor, at, edit)?;
        Ok(Decided::Done {
            version,
            models: names,
        })
    })
}

/// Notes prices as refused under a release, whatever was noted of them there before.
pub(super) fn refuse(
    conn: &mut Conn,
    release: Id,
    refused: &[NewHold],
    author: &str,
    version: PriceVersion,
    at: Timestamp,
) -> Result<(), QueryError> {
    let names: Vec<&str> = refused.iter().map(|hold| hold.model.as_str()).collect();
    for chunk in names.chunks(KEYS) {
        diesel::delete(
            price_holds::table
                .filter(price_holds::release_id.eq(release))
                .filter(price_holds::model.eq_any(chunk)),
        )
        .execute(conn)?;
    }
    for chunk in refused.chunks(KEYS) {
        let rows: Vec<HoldRow> = chunk
            .iter()
            .map(|hold| HoldRow {
                state: HoldState::Rejected.as_str().to_owned(),
                decided_at: Some(At(at)),
                decided_by: Some(author.to_owned()),
                decided_version: Some(version.get()),
                ..HoldRow::new(release, hold)
            })
            .collect();
        diesel::insert_into(price_holds::table)
            .values(rows)
            .execute(conn)?;
    }
    Ok(())
}

/// A price that is in force now was refused before: it counts as refused no longer.
pub(super) fn forgive<'a>(
    conn: &mut Conn,
    prices: impl IntoIterator<Item = (&'a ModelName, CardId)>,
) -> Result<(), QueryError> {
    let rejected: Vec<(String, Option<Digest32>)> = price_holds::table
        .filter(price_holds::state.eq(HoldState::Rejected.as_str()))
        .select((price_holds::model, price_holds::card_id))
        .load(conn)?;
    let rejected: HashSet<(String, Option<Digest32>)> = rejected.into_iter().collect();
    for (model, card) in prices {
        let key = (model.as_str().to_owned(), Some(Digest32(*card.as_bytes())));
        if rejected.contains(&key) {
            diesel::update(
                price_holds::table
                    .filter(price_holds::state.eq(HoldState::Rejected.as_str()))
                    .filter(price_holds::model.eq(&key.0))
                    .filter(price_holds::card_id.eq(key.1)),
            )
            .set(price_holds::state.eq(HoldState::Superseded.as_str()))
            .execute(conn)?;
        }
    }
    Ok(())
}

fn put_in_force(conn: &mut Conn, holds: &[HeldPrice], version: PriceVersion) -> Result<(), QueryError> {
    let now = catalog::now(conn)?;
    let mut put = Vec::with_capacity(holds.len());
    for held in holds {
        let hold = &held.hold;
        let existing = now
            .binary_search_by(|model| model.name.cmp(&hold.model))
            .ok()
            .and_then(|at| now.get(at));
        match (hold.card_id, existing) {
            (Some(card_id), _) => put.push(PricedModel {
                name: hold.model.clone(),
                card_id,
                provider: hold.provider.clone(),
                mode: hold.mode.clone(),
                stale: false,
                limits: hold.limits,
            }),
            (None, Some(model)) => put.push(PricedModel {
                stale: true,
                ..model.clone()
            }),
            // Gone from the map and let go meanwhile.
            (None, None) => {}
        }
    }
    catalog::write(conn, &put, &[], version)?;
    forgive(conn, put.iter().map(|model| (&model.name, model.card_id)))
}

fn mark(
    conn: &mut Conn,
    release: ReleaseId,
    models: &[ModelName],
    state: HoldState,
    author: &str,
    version: Option<PriceVersion>,
    at: Timestamp,
) -> Result<(), QueryError> {
    let names: Vec<&str> = models.iter().map(ModelName::as_str).collect();
    for chunk in names.chunks(KEYS) {
        diesel::update(
            price_holds::table
                .filter(price_holds::release_id.eq(Id(release.uuid())))
                .filter(price_holds::model.eq_any(chunk)),
        )
        .set((
            price_holds::state.eq(state.as_str()),
            price_holds::decided_at.eq(Some(At(at))),
            price_holds::decided_by.eq(Some(author)),
            price_holds::decided_version.eq(version.map(PriceVersion::get)),
        ))
        .execute(conn)?;
    }
    Ok(())
}

fn read(rows: Vec<HoldRow>) -> Result<Vec<HeldPrice>, QueryError> {
    let mut held: Vec<HeldPrice> = rows
        .into_iter()
        .map(HoldRow::into_held)
        .collect::<Result<_, Corrupt>>()?;
    held.sort_by(|a, b| a.hold.model.cmp(&b.hold.model));
    Ok(held)
}
