//! Held prices and job leases.

use diesel::prelude::*;
use tollgate_domain::{
    CardId, HeldPrice, HoldReason, HoldState, ModelName, NewHold, ProviderName, ReleaseId,
};

use super::release::limits;
use super::stored::named;
use crate::error::Corrupt;
use crate::schema::{job_leases, price_holds};
use crate::value::{At, Digest32, Id};

/// A row of `price_holds`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_holds, treat_none_as_default_value = false)]
pub(crate) struct HoldRow {
    pub(crate) release_id: Id,
    pub(crate) model: String,
    pub(crate) card_id: Option<Digest32>,
    pub(crate) provider: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) max_input_tokens: Option<i64>,
    pub(crate) max_output_tokens: Option<i64>,
    pub(crate) current_card_id: Option<Digest32>,
    pub(crate) reason: String,
    pub(crate) detail: String,
    pub(crate) state: String,
    pub(crate) decided_at: Option<At>,
    pub(crate) decided_by: Option<String>,
    pub(crate) decided_version: Option<i64>,
}

/// A row of `job_leases`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_leases, treat_none_as_default_value = false)]
pub(crate) struct LeaseRow {
    pub(crate) job: String,
    pub(crate) fence: i64,
    pub(crate) holder: Option<Id>,
    pub(crate) expires_at: Option<At>,
    pub(crate) last_started_at: Option<At>,
    pub(crate) last_finished_at: Option<At>,
    pub(crate) next_due_at: Option<At>,
}

impl HoldRow {
    pub(crate) fn new(release: Id, hold: &NewHold) -> Self {
        let digest = |id: CardId| Digest32(*id.as_bytes());
        Self {
            release_id: release,
            model: hold.model.as_str().to_owned(),
            card_id: hold.card_id.map(digest),
            provider: hold.provider.as_ref().map(|name| name.as_str().to_owned()),
            mode: hold.mode.clone(),
            max_input_tokens: hold.limits.max_input_tokens.map(i64::from),
            max_output_tokens: hold.limits.max_output_tokens.map(i64::from),
            current_card_id: hold.current_card_id.map(digest),
            reason: hold.reason.as_str().to_owned(),
            detail: hold.detail.clone(),
            state: HoldState::Held.as_str().to_owned(),
            decided_at: None,
            decided_by: None,
            decided_version: None,
        }
    }

    pub(crate) fn into_held(self) -> Result<HeldPrice, Corrupt> {
        let card = |digest: Digest32| CardId::from_bytes(digest.0);
        Ok(HeldPrice {
            release_id: ReleaseId::new(self.release_id.0),
            hold: NewHold {
                model: ModelName::new(self.model),
                card_id: self.card_id.map(card),
                provider: self.provider.map(ProviderName::new),
                mode: self.mode,
                limits: limits(self.max_input_tokens, self.max_output_tokens),
                current_card_id: self.current_card_id.map(card),
                reason: named("hold reason", &self.reason, HoldReason::ALL, HoldReason::as_str)?,
                detail: self.detail,
            },
            state: named("hold state", &self.state, HoldState::ALL, HoldState::as_str)?,
            decided_at: self.decided_at.map(|at| at.0),
            decided_by: self.decided_by,
        })
    }
}
