//! The versions of overrides, aliases and multipliers.

use std::collections::BTreeMap;

use diesel::prelude::*;
use tollgate_domain::ports::{AliasVersion, MultiplierVersion, OverrideVersion};
use tollgate_domain::{AliasId, CardId, OverrideId, UpstreamId};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{AliasRow, CardRow, MultiplierRow, OverrideRow, SpanRow};
use crate::schema::{price_aliases, price_multipliers, price_overrides, rate_cards};
use crate::value::Id;

/// Card ids a statement.
const IDS: usize = 1_000;

/// All versions of one override, latest first, or those of all overrides that are in force.
pub(crate) fn overrides(conn: &mut Conn, id: Option<OverrideId>) -> Result<Vec<OverrideVersion>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut query = price_overrides::table
            .select((
                OverrideRow::as_select(),
                (
                    price_overrides::valid_to_version,
                    price_overrides::valid_to,
                    price_overrides::ended_by,
                    price_overrides::end_note,
                ),
            ))
            .into_boxed::<dialect::Backend>();
        query = match id {
            Some(id) => query
                .filter(price_overrides::id.eq(Id(id.uuid())))
                .order(price_overrides::valid_from_version.desc()),
            None => query
                .filter(price_overrides::valid_to_version.is_null())
                .order((price_overrides::model, price_overrides::id)),
        };
        let rows: Vec<(OverrideRow, SpanRow)> = query.load(conn)?;
        let mut ids: Vec<_> = rows.iter().map(|(row, _)| row.card_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut cards = BTreeMap::new();
        for chunk in ids.chunks(IDS) {
            let found: Vec<CardRow> = rate_cards::table
                .filter(rate_cards::card_id.eq_any(chunk))
                .select(CardRow::as_select())
                .load(conn)?;
            for card in found {
                let (id, card) = card.into_card()?;
                cards.insert(id, card);
            }
        }
        let versions = rows.into_iter().map(|(row, span)| {
            let id = CardId::from_bytes(row.card_id.0);
            let card = cards.get(&id).cloned();
            let card = card.ok_or_else(|| Corrupt::new("override", format!("its card {id} is missing")))?;
            let (version, since) = (row.valid_from_version, row.valid_from);
            Ok(OverrideVersion {
                effective_from: row.effective_from.map(|at| at.0),
                price: row.into_override(card),
                span: span.into_span(version, since),
            })
        });
        versions.collect()
    })
}

/// All versions of one alias, latest first, or those of all aliases that are in force.
pub(crate) fn aliases(conn: &mut Conn, id: Option<AliasId>) -> Result<Vec<AliasVersion>, QueryError> {
    let mut query = price_aliases::table
        .select((
            AliasRow::as_select(),
            (
                price_aliases::valid_to_version,
                price_aliases::valid_to,
                price_aliases::ended_by,
                price_aliases::end_note,
            ),
        ))
        .into_boxed::<dialect::Backend>();
    query = match id {
        Some(id) => query
            .filter(price_aliases::id.eq(Id(id.uuid())))
            .order(price_aliases::valid_from_version.desc()),
        None => query
            .filter(price_aliases::valid_to_version.is_null())
            .order((price_aliases::alias, price_aliases::id)),
    };
    let rows: Vec<(AliasRow, SpanRow)> = query.load(conn)?;
    let versions = rows.into_iter().map(|(row, span)| {
        let (version, since) = (row.valid_from_version, row.valid_from);
        AliasVersion {
            effective_from: row.effective_from.map(|at| at.0),
            alias: row.into(),
            span: span.into_span(version, since),
        }
    });
    Ok(versions.collect())
}

/// All versions of an upstream's multipliers, latest first.
pub(crate) fn multipliers(
    conn: &mut Conn,
    upstream: UpstreamId,
) -> Result<Vec<MultiplierVersion>, QueryError> {
    let rows: Vec<(MultiplierRow, SpanRow)> = price_multipliers::table
        .filter(price_multipliers::upstream_id.eq(Id(upstream.uuid())))
        .order(price_multipliers::valid_from_version.desc())
        .select((
            MultiplierRow::as_select(),
            (
                price_multipliers::valid_to_version,
                price_multipliers::valid_to,
                price_multipliers::ended_by,
                None::<String>.into_sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>(),
            ),
        ))
        .load(conn)?;
    let versions = rows.into_iter().map(|(row, span)| {
        let (author, note) = (row.author.clone(), row.note.clone());
        let effective_from = row.effective_from.map(|at| at.0);
        let span = span.into_span(row.valid_from_version, row.valid_from);
        Ok(MultiplierVersion {
            multipliers: row.try_into()?,
            author,
            note,
            effective_from,
            span,
        })
    });
    versions.collect()
}
