//! `GET /api/admin/billing/attention`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use tollgate_domain::AttentionKind;
use utoipa::IntoParams;

use super::json::{AttentionItem, AttentionKindCount, AttentionListResponse};
use super::queue::{self, Item, Place, Queue};
use crate::AdminState;
use crate::billing::estimate::Estimator;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::AttentionKindSchema;

const SNOOZED: [&str; 3] = ["exclude", "include", "only"];

/// Which part of the queue.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListAttentionParams {
    /// Only of this kind.
    #[param(value_type = Option<AttentionKindSchema>)]
    kind: Option<String>,
    /// Only what this person looks after; empty for what nobody does.
    owner: Option<String>,
    /// What is snoozed: `exclude`, `include` or `only`.
    #[param(default = "exclude", pattern = "^(exclude|include|only)$")]
    snoozed: Option<String>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// Lists what wants attention, the most money at stake first.
#[utoipa::path(
    get, path = "/api/admin/billing/attention", tag = "billing",
    params(ListAttentionParams),
    responses((status = 200, description = "A page of the queue", body = AttentionListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_attention(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<AttentionListResponse>, Problem> {
    let kind = query.take("kind", |text| {
        AttentionKind::from_name(text).ok_or_else(|| {
            format!(
                "{text:?} is none of {}",
                AttentionKind::ALL.map(AttentionKind::as_str).join(", ")
            )
        })
    });
    let owner = query.take("owner", |text| Ok(text.to_owned()));
    let snoozed = query.take("snoozed", |text| {
        let known = SNOOZED.iter().find(|name| **name == text).copied();
        known.ok_or_else(|| format!("{text:?} is none of {}", SNOOZED.join(", ")))
    });
    let listed = query.listed();
    let after: Option<Place> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let now = state.clock.now();
    let Queue { market, mut items } = queue::read(&state).await?;
    items.retain(|item| {
        let wanted = match snoozed {
            Some("include") => true,
            Some("only") => item.is_snoozed(now),
            _ => !item.is_snoozed(now),
        };
        wanted
            && owner
                .as_ref()
                .is_none_or(|owner| item.owner().unwrap_or_default() == owner)
    });
    let mut kinds: BTreeMap<AttentionKind, usize> = BTreeMap::new();
    for item in &items {
        *kinds.entry(item.row.subject.kind).or_default() += 1;
    }
    items.retain(|item| kind.is_none_or(|kind| item.row.subject.kind == kind));
    let (page, end) = cursor::page(items, Item::place, after.as_ref(), limit);
    let kinds = kinds.into_iter().map(|(kind, items)| AttentionKindCount {
        kind: kind.as_str(),
        items,
    });
    let estimator = Estimator::new(&market);
    let shown = page.into_iter().map(|item| {
        let action = item.action(&estimator);
        AttentionItem::new(item, action)
    });
    Ok(Json(AttentionListResponse {
        kinds: kinds.collect(),
        items: shown.collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
