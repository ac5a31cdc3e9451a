//! An admin token as asked for, before it is known to be valid.

use serde::{Deserialize, Deserializer};
use tollgate_domain::ports::{AdminToken, TokenEdited};
use tollgate_domain::{AdminRole, AdminTokenId, Timestamp};

use crate::field::FieldErrors;
use crate::problem::{Problem, ProblemType};
use crate::time_text::TimeText;

const NAME_MAX: usize = 100;

/// A role as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RoleName(pub(super) AdminRole);

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let names = AdminRole::ALL.map(AdminRole::as_str).join(", ");
        let unknown = || serde::de::Error::custom(format!("{name:?} is none of {names}"));
        AdminRole::from_name(&name).map(Self).ok_or_else(unknown)
    }
}

/// Notes what is wrong with a name.
pub(super) fn check_name(errors: &mut FieldErrors, name: &str) {
    errors.text("name", name, NAME_MAX);
}

/// Notes an expiry that has passed: it would be no token.
pub(super) fn check_expiry(errors: &mut FieldErrors, expiry: Option<TimeText>, now: Timestamp) {
    if let Some(TimeText(expiry)) = expiry.filter(|expiry| expiry.0 <= now) {
        let expiry = expiry.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        errors.push(
            "expires_at",
            format!("{expiry} must lie in the future; to stop a token now, revoke it"),
        );
    }
}

/// What became of an edit, or the problem with it.
pub(super) fn edited<T>(id: AdminTokenId, edited: TokenEdited<T>) -> Result<T, Problem> {
    match edited {
        TokenEdited::Done(done) => Ok(done),
        TokenEdited::Missing => Err(Problem::not_found("admin token", id)),
        TokenEdited::Stale { revision } => Err(Problem::stale(revision)),
        TokenEdited::LastAdmin => {
            let detail = format!("no other living admin token would be left if {id} were not one for good");
            Err(Problem::new(ProblemType::LastAdmin, detail))
        }
    }
}

/// The living token of this id.
pub(super) async fn find(state: &crate::AdminState, id: AdminTokenId) -> Result<AdminToken, Problem> {
    let token = state.store.admin_token_by_id(id).await?;
    token.ok_or_else(|| Problem::not_found("admin token", id))
}
