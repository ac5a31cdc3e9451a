//! The versioned rows of the price book.

use std::sync::Arc;

use diesel::prelude::*;
use tollgate_domain::ports::{MultiplierGrounds, RuleEdit, RuleEnd, RuleSpan};
use tollgate_domain::{
    AliasId, CardId, ModelName, OverrideId, PriceAlias, PriceOverride, PriceVersion, RateCard, Timestamp,
    UpstreamId, UpstreamMultipliers,
};

use super::stored::{from_json, to_json};
use crate::error::Corrupt;
use crate::schema::{price_aliases, price_book_versions, price_multipliers, price_overrides, rate_cards};
use crate::value::{At, Digest32, Factor, Id};

/// A row of `price_book_versions`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_book_versions, treat_none_as_default_value = false)]
pub(crate) struct VersionRow {
    pub(crate) id: i64,
    pub(crate) created_at: At,
    pub(crate) author: String,
    pub(crate) change: String,
    pub(crate) release_id: Option<Id>,
}

/// A row of `rate_cards`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = rate_cards, treat_none_as_default_value = false)]
pub(crate) struct CardRow {
    pub(crate) card_id: Digest32,
    pub(crate) body: String,
}

/// The part of a row of `price_overrides` that a version of the book is made of.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_overrides, treat_none_as_default_value = false)]
pub(crate) struct OverrideRow {
    pub(crate) id: Id,
    pub(crate) valid_from_version: i64,
    pub(crate) valid_from: At,
    pub(crate) model: String,
    pub(crate) upstream_id: Option<Id>,
    pub(crate) card_id: Digest32,
    pub(crate) apply_multipliers: bool,
    pub(crate) note: Option<String>,
    pub(crate) author: String,
    pub(crate) effective_from: Option<At>,
}

/// How a version of a rule ended: version, instant, author, reason.
#[derive(Debug, Queryable)]
pub(crate) struct SpanRow {
    valid_to_version: Option<i64>,
    valid_to: Option<At>,
    ended_by: Option<String>,
    end_note: Option<String>,
}

/// The same of `price_aliases`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_aliases, treat_none_as_default_value = false)]
pub(crate) struct AliasRow {
    pub(crate) id: Id,
    pub(crate) valid_from_version: i64,
    pub(crate) valid_from: At,
    pub(crate) alias: String,
    pub(crate) target: String,
    pub(crate) upstream_id: Option<Id>,
    pub(crate) author: String,
    pub(crate) note: Option<String>,
    pub(crate) effective_from: Option<At>,
}

/// The same of `price_multipliers`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_multipliers, treat_none_as_default_value = false)]
pub(crate) struct MultiplierRow {
    pub(crate) upstream_id: Id,
    pub(crate) valid_from_version: i64,
    pub(crate) valid_from: At,
    pub(crate) input_multiplier: Factor,
    pub(crate) output_multiplier: Factor,
    pub(crate) allow_free: bool,
    pub(crate) author: String,
    pub(crate) by_model: String,
    pub(crate) note: Option<String>,
    pub(crate) effective_from: Option<At>,
}

impl CardRow {
    pub(crate) fn new(card: &RateCard) -> Result<Self, Corrupt> {
        Ok(Self {
            card_id: Digest32(*card.id().as_bytes()),
            body: to_json("rate card", card)?,
        })
    }

    /// The card; refused when its content is not what its id says.
    pub(crate) fn into_card(self) -> Result<(CardId, Arc<RateCard>), Corrupt> {
        let card: RateCard = from_json("rate card", &self.body)?;
        let id = CardId::from_bytes(self.card_id.0);
        if card.id() != id {
            return Err(Corrupt::new(
                "rate card",
                format!("its content is not that of {id}"),
            ));
        }
        Ok((id, Arc::new(card)))
    }
}

impl OverrideRow {
    pub(crate) fn new(
        price: &PriceOverride,
        effective_from: Option<Timestamp>,
        version: PriceVersion,
        edit: &RuleEdit,
    ) -> Self {
        Self {
            id: Id(price.id.uuid()),
            valid_from_version: version.get(),
            valid_from: At(edit.at),
            model: price.model.as_str().to_owned(),
            upstream_id: price.upstream_id.map(|id| Id(id.uuid())),
            card_id: Digest32(*price.card.id().as_bytes()),
            apply_multipliers: price.apply_multipliers,
            note: price.note.clone(),
            author: edit.actor.name.to_string(),
            effective_from: effective_from.map(At),
        }
    }

    pub(crate) fn into_override(self, card: Arc<RateCard>) -> PriceOverride {
        PriceOverride {
            id: OverrideId::new(self.id.0),
            model: ModelName::new(self.model),
            upstream_id: self.upstream_id.map(|id| UpstreamId::new(id.0)),
            card,
            apply_multipliers: self.apply_multipliers,
            note: self.note,
            author: self.author,
        }
    }
}

impl AliasRow {
    pub(crate) fn new(
        alias: &PriceAlias,
        effective_from: Option<Timestamp>,
        version: PriceVersion,
        edit: &RuleEdit,
    ) -> Self {
        Self {
            id: Id(alias.id.uuid()),
            valid_from_version: version.get(),
            valid_from: At(edit.at),
            alias: alias.alias.as_str().to_owned(),
            target: alias.target.as_str().to_owned(),
            upstream_id: alias.upstream_id.map(|id| Id(id.uuid())),
            author: edit.actor.name.to_string(),
            note: alias.note.clone(),
            effective_from: effective_from.map(At),
        }
    }
}

impl From<AliasRow> for PriceAlias {
    fn from(row: AliasRow) -> Self {
        Self {
            id: AliasId::new(row.id.0),
            alias: ModelName::new(row.alias),
            target: ModelName::new(row.target),
            upstream_id: row.upstream_id.map(|id| UpstreamId::new(id.0)),
            note: row.note,
            author: row.author,
        }
    }
}

impl SpanRow {
    /// The span of a version that came into force with `version` at `since`.
    pub(crate) fn into_span(self, version: i64, since: At) -> RuleSpan {
        let ended = match (self.valid_to_version, self.valid_to) {
            (Some(version), Some(at)) => Some(RuleEnd {
                version: PriceVersion::new(version),
                at: at.0,
                by: self.ended_by.unwrap_or_default(),
                note: self.end_note,
            }),
            _ => None,
        };
        RuleSpan {
            version: PriceVersion::new(version),
            since: since.0,
            ended,
        }
    }
}

impl MultiplierRow {
    pub(crate) fn new(
        multipliers: &UpstreamMultipliers,
        version: PriceVersion,
        author: &str,
        grounds: &MultiplierGrounds,
        at: Timestamp,
    ) -> Result<Self, Corrupt> {
        Ok(Self {
            upstream_id: Id(multipliers.upstream_id.uuid()),
            valid_from_version: version.get(),
            valid_from: At(at),
            input_multiplier: Factor(multipliers.input),
            output_multiplier: Factor(multipliers.output),
            allow_free: multipliers.allow_free,
            author: author.to_owned(),
            by_model: to_json("multipliers by model", &multipliers.by_model)?,
            note: grounds.note.clone(),
            effective_from: grounds.effective_from.map(At),
        })
    }
}

impl TryFrom<MultiplierRow> for UpstreamMultipliers {
    type Error = Corrupt;

    fn try_from(row: MultiplierRow) -> Result<Self, Corrupt> {
        Ok(Self {
            upstream_id: UpstreamId::new(row.upstream_id.0),
            input: row.input_multiplier.0,
            output: row.output_multiplier.0,
            allow_free: row.allow_free,
            by_model: from_json("multipliers by model", &row.by_model)?,
        })
    }
}
