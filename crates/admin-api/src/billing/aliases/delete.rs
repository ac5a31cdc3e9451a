//! `DELETE /api/admin/billing/aliases/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::AliasId;
use tollgate_domain::ports::{AliasVersion, RuleBefore, RuleChange, RuleEdit, RulesChanged};
use utoipa::IntoParams;

use super::draft::living;
use crate::AdminState;
use crate::auth::Author;
use crate::billing::effect::{Proposal, current_book, guard, rate_changes, upstreams};
use crate::etag::{EDIT_TRIES, IfMatch};
use crate::extract::{PathId, QueryReader, parse_bool};
use crate::problem::{DeleteRuleProblems, Problem};

/// How it is removed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct DeleteAliasParams {
    /// The reason; kept in the history.
    #[param(min_length = 1)]
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
    let mut version = 0;
    for _ in 0..EDIT_TRIES {
        let current = living(&state, id).await?;
        version = current.span.version.get();
        if !if_match.allows(version) {
            break;
        }
        check(&state, &current, confirm).await?;
        let change = RuleChange::EndAlias {
            id,
            before: RuleBefore::Version(current.span.version),
        };
        let edit = RuleEdit {
            actor: author.0.clone(),
            at: state.clock.now(),
            note: note.clone(),
        };
        match state.store.change_rules(vec![change], edit).await? {
            RulesChanged::Done(_) => {
                state.runtime.refresh().await;
                return Ok(StatusCode::NO_CONTENT);
            }
            RulesChanged::Stale { version: now, .. } => version = now.get(),
            RulesChanged::Missing { .. } | RulesChanged::Taken { .. } => {
                return Err(Problem::not_found("alias", id));
            }
        }
    }
    Err(Problem::stale(version))
}

async fn check(state: &AdminState, version: &AliasVersion, confirmed: bool) -> Result<(), Problem> {
    let alias = &version.alias;
    let book = current_book(state).await;
    let after = (*book)
        .clone()
        .without_price_alias(alias.upstream_id, &alias.alias);
    let names = vec![alias.alias.clone()];
    let living = upstreams(state).await?;
    let concerned = living
        .values()
        .filter(|upstream| alias.upstream_id.is_none_or(|id| id == upstream.id));
    let everywhere = alias.upstream_id.is_none();
    let now = state.clock.now();
    let proposal = Proposal {
        before: &book,
        after: &after,
        breaches: rate_changes(
            (&book, &after),
            &names,
            concerned,
            everywhere,
            now,
            state.guard_factor,
        ),
        names,
        upstream_id: alias.upstream_id,
        confirmed,
    };
    guard(state, proposal).await
}
