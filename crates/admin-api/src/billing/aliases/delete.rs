//! `DELETE /api/admin/billing/aliases/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::AliasId;
use tollgate_domain::ports::RuleBefore;
use utoipa::IntoParams;

use super::draft::living;
use crate::AdminState;
use crate::auth::Author;
use crate::billing::rule_change::{Outcome, Planned, Step, check_note};
use crate::etag::{EDIT_TRIES, IfMatch};
use crate::extract::{PathId, QueryReader, parse_bool};
use crate::field::FieldErrors;
use crate::problem::{DeleteRuleProblems, Problem};

/// How it is removed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct DeleteAliasParams {
    /// The reason; kept in the history.
    #[param(min_length = 1, max_length = 500)]
    note: Option<String>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[param(default = false)]
    confirm: Option<bool>,
}

/// Removes an alias; its history stays. A name that would be left without any price needs `confirm`.
#[utoipa::path(
    delete, path = "/api/admin/billing/aliases/{id}", tag = "price rules",
    params(
        ("id" = Uuid, Path, description = "The alias"),
        DeleteAliasParams,
        ("If-Match" = Option<String>, Header, description = "The ETag of the version to remove; without it, the one in force"),
    ),
    responses((status = 204, description = "It is no longer in force"), DeleteRuleProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn delete_alias(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<AliasId>,
    if_match: IfMatch,
    mut query: QueryReader,
) -> Result<StatusCode, Problem> {
    let note = query.take_text("note");
    let confirm = query.take("confirm", parse_bool).unwrap_or(false);
    query.finish()?;
    let mut errors = FieldErrors::default();
    check_note(note.as_ref(), &mut errors);
    errors.into_result().map_err(Problem::invalid)?;
    let mut version = 0;
    for _ in 0..EDIT_TRIES {
        let current = living(&state, id).await?;
        version = current.span.version.get();
        if !if_match.allows(version) {
            break;
        }
        let steps = [Step::EndAlias {
            alias: current.alias,
            before: RuleBefore::Version(current.span.version),
        }];
        let plan = Planned::new(&state, &steps).await?;
        match plan
            .put_in_force(&state, &author.0, note.clone(), confirm)
            .await?
        {
            Outcome::Done(_) => return Ok(StatusCode::NO_CONTENT),
            Outcome::Stale(now) => version = now,
            Outcome::Missing { .. } => return Err(Problem::not_found("alias", id)),
        }
    }
    Err(Problem::stale(version))
}
