//! Changes of price rules, for the audit log.

use diesel::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::ports::{RuleBefore, RuleChange, RuleEdit};
use tollgate_domain::{AliasId, OverrideId, PriceAlias, PriceOverride, Timestamp};

use super::Conn;
use crate::error::QueryError;
use crate::rows::{AliasRow, CardRow, Edit, OverrideRow, state};
use crate::schema::{price_aliases, price_overrides, rate_cards};
use crate::value::Id;

/// What the changes do. To be asked before they are made: it reads what is in force.
pub(super) fn edits(
    conn: &mut Conn,
    changes: &[RuleChange],
    edit: &RuleEdit,
) -> Result<Vec<Edit>, QueryError> {
    changes
        .iter()
        .map(|change| of_change(conn, change, edit))
        .collect()
}

fn of_change(conn: &mut Conn, change: &RuleChange, edit: &RuleEdit) -> Result<Edit, QueryError> {
    Ok(match change {
        RuleChange::PutOverride {
            price,
            effective_from,
            before,
        } => {
            let mut after = state(price)?;
            note_effective_from(&mut after, *effective_from);
            Edit {
                action: put(*before, "override.create", "override.update"),
                id: Some(price.id.to_string()),
                name: Some(price.model.as_str().to_owned()),
                before: find_override(conn, price.id)?.as_ref().map(state).transpose()?,
                after: Some(after),
            }
        }
        RuleChange::EndOverride { id, .. } => {
            let before = find_override(conn, *id)?;
            Edit {
                action: "override.delete",
                id: Some(id.to_string()),
                name: before.as_ref().map(|price| price.model.as_str().to_owned()),
                before: before.as_ref().map(state).transpose()?,
                after: ended(edit),
            }
        }
        RuleChange::PutAlias {
            alias,
            effective_from,
            before,
        } => {
            let mut after = state(alias)?;
            note_effective_from(&mut after, *effective_from);
            Edit {
                action: put(*before, "alias.create", "alias.update"),
                id: Some(alias.id.to_string()),
                name: Some(alias.alias.as_str().to_owned()),
                before: find_alias(conn, alias.id)?.as_ref().map(state).transpose()?,
                after: Some(after),
            }
        }
        RuleChange::EndAlias { id, .. } => {
            let before = find_alias(conn, *id)?;
            Edit {
                action: "alias.delete",
                id: Some(id.to_string()),
                name: before.as_ref().map(|alias| alias.alias.as_str().to_owned()),
                before: before.as_ref().map(state).transpose()?,
                after: ended(edit),
            }
        }
    })
}

fn note_effective_from(after: &mut Value, effective_from: Option<Timestamp>) {
    if let (Some(since), Value::Object(fields)) = (effective_from, after) {
        fields.insert("effective_from".to_owned(), json!(since));
    }
}

fn put(before: RuleBefore, create: &'static str, update: &'static str) -> &'static str {
    match before {
        RuleBefore::Nothing => create,
        RuleBefore::Any | RuleBefore::Version(_) => update,
    }
}

/// Nothing is left but the reason.
fn ended(edit: &RuleEdit) -> Option<Value> {
    edit.note.as_ref().map(|note| json!({ "note": note }))
}

fn find_override(conn: &mut Conn, id: OverrideId) -> Result<Option<PriceOverride>, QueryError> {
    let found: Option<(OverrideRow, CardRow)> = price_overrides::table
        .inner_join(rate_cards::table.on(rate_cards::card_id.eq(price_overrides::card_id)))
        .filter(price_overrides::id.eq(Id(id.uuid())))
        .filter(price_overrides::valid_to_version.is_null())
        .select((OverrideRow::as_select(), CardRow::as_select()))
        .first(conn)
        .optional()?;
    let Some((row, card)) = found else {
        return Ok(None);
    };
    let (_, card) = card.into_card()?;
    Ok(Some(row.into_override(card)))
}

fn find_alias(conn: &mut Conn, id: AliasId) -> Result<Option<PriceAlias>, QueryError> {
    let found: Option<AliasRow> = price_aliases::table
        .filter(price_aliases::id.eq(Id(id.uuid())))
        .filter(price_aliases::valid_to_version.is_null())
        .select(AliasRow::as_select())
        .first(conn)
        .optional()?;
    Ok(found.map(Into::into))
}
