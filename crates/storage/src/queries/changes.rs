//! What a release changed and held, model by model.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use tollgate_domain::ports::ModelChange;
use tollgate_domain::{CardId, HeldPrice, HoldState, ModelName, PricedModel, RateCard, ReleaseId};

use super::{Conn, catalog, dialect, holds, releases};
use crate::error::{Corrupt, QueryError};
use crate::rows::CatalogRow;
use crate::schema::catalog_models;

type Models = BTreeMap<ModelName, PricedModel>;
type Cards = BTreeMap<CardId, Arc<RateCard>>;

/// Changes by model, after the given one; `None` if there is no such release.
pub(crate) fn of_release(
    conn: &mut Conn,
    id: ReleaseId,
    after: Option<&ModelName>,
    limit: u16,
) -> Result<Option<Vec<ModelChange>>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let Some(release) = releases::find_row(conn, id)? else {
            return Ok(None);
        };
        let held: BTreeMap<ModelName, HeldPrice> = holds::of_release(conn, id)?
            .into_iter()
            .map(|held| (held.hold.model.clone(), held))
            .collect();
        let (mut before, mut now) = (Models::new(), Models::new());
        // What was accepted later is a version of its own and shown as a held price.
        if let Some(version) = release.version {
            before = by_name(
                catalog_models::table
                    .filter(catalog_models::valid_to_version.eq(Some(version)))
                    .select(CatalogRow::as_select())
                    .load(conn)?,
            );
            now = by_name(
                catalog_models::table
                    .filter(catalog_models::valid_from_version.eq(version))
                    .select(CatalogRow::as_select())
                    .load(conn)?,
            );
        }
        let names: BTreeSet<&ModelName> = before.keys().chain(now.keys()).chain(held.keys()).collect();
        let page: Vec<&ModelName> = names
            .into_iter()
            .filter(|name| after.is_none_or(|after| *name > after))
            .take(usize::from(limit))
            .collect();
        let wanted: Vec<CardId> = page
            .iter()
            .flat_map(|name| {
                let proposal = held.get(*name).map(|waiting| &waiting.hold);
                [
                    before.get(*name).map(|model| model.card_id),
                    now.get(*name).map(|model| model.card_id),
                    proposal.and_then(|proposal| proposal.card_id),
                    proposal.and_then(|proposal| proposal.current_card_id),
                ]
            })
            .flatten()
            .collect();
        let cards = catalog::cards_of(conn, &wanted)?;
        let changes: Result<Vec<ModelChange>, Corrupt> = page
            .into_iter()
            .map(|name| match held.get(name) {
                Some(held) => of_hold(held, &cards),
                None => Ok(ModelChange {
                    model: name.clone(),
                    before: with_card(before.get(name), &cards)?,
                    after: with_card(now.get(name), &cards)?,
                    held: None,
                }),
            })
            .collect();
        Ok(Some(changes?))
    })
}

/// What prices of these models that wait for a decision would change.
pub(crate) fn held(conn: &mut Conn, models: &[ModelName]) -> Result<Vec<ModelChange>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let wanted: HashSet<&ModelName> = models.iter().collect();
        let mut held = holds::in_state(conn, HoldState::Held)?;
        held.retain(|held| wanted.contains(&held.hold.model));
        let ids = held
            .iter()
            .flat_map(|held| [held.hold.card_id, held.hold.current_card_id]);
        let cards = catalog::cards_of(conn, &ids.flatten().collect::<Vec<_>>())?;
        let changes: Result<Vec<ModelChange>, Corrupt> =
            held.iter().map(|held| of_hold(held, &cards)).collect();
        Ok(changes?)
    })
}

/// A held price as the change it would be.
fn of_hold(held: &HeldPrice, cards: &Cards) -> Result<ModelChange, Corrupt> {
    let proposal = &held.hold;
    let row = |card_id: CardId, stale: bool| PricedModel {
        name: proposal.model.clone(),
        card_id,
        provider: proposal.provider.clone(),
        mode: proposal.mode.clone(),
        stale,
        limits: proposal.limits,
    };
    let before = proposal.current_card_id.map(|id| row(id, false));
    let after = match proposal.card_id {
        Some(id) => Some(row(id, false)),
        None => proposal.current_card_id.map(|id| row(id, true)),
    };
    Ok(ModelChange {
        model: proposal.model.clone(),
        before: with_card(before.as_ref(), cards)?,
        after: with_card(after.as_ref(), cards)?,
        held: Some(held.clone()),
    })
}

fn with_card(
    model: Option<&PricedModel>,
    cards: &Cards,
) -> Result<Option<(PricedModel, Arc<RateCard>)>, Corrupt> {
    let Some(model) = model else {
        return Ok(None);
    };
    let card = cards.get(&model.card_id);
    let card = card.ok_or_else(|| Corrupt::new("catalog", format!("card {} is missing", model.card_id)))?;
    Ok(Some((model.clone(), Arc::clone(card))))
}

fn by_name(rows: Vec<CatalogRow>) -> Models {
    rows.into_iter()
        .map(|row| (ModelName::new(row.name.as_str()), row.into()))
        .collect()
}
