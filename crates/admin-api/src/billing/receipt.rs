//! `GET /api/admin/billing/requests/{id}/receipt`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{RequestId, RequestStatus, Usd, request_status};
use utoipa::ToSchema;

mod attempt;
mod books;
mod entry;
pub(super) mod examples;
mod formula;
mod line;
mod sums;

pub(super) use entry::{ReceiptEntry, ReceiptPricing};
pub(super) use formula::of_lines as formula_of_lines;
pub(super) use line::ReceiptLine;

use attempt::ReceiptAttempt;
use books::Books;
use sums::Sums;

use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};
use crate::schema::{CURRENCY, CurrencySchema, RequestStatusSchema, UsdSchema};

/// The itemised bill of a request: every attempt, every ledger entry, every factor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receipt, examples(examples::receipt))]
pub(super) struct ReceiptResponse {
    /// The request.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// Over its attempts.
    #[schema(value_type = RequestStatusSchema)]
    billing_status: RequestStatus,
    /// At card rates, all multipliers 1; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstreams charge us; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What the key's owner pays; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// The attempts that were sent, in order.
    attempts: Vec<ReceiptAttempt>,
}

/// Shows why a request cost exactly what it cost. An entry that is still in the journal is not on it yet.
#[utoipa::path(
    get, path = "/api/admin/billing/requests/{id}/receipt", tag = "billing",
    params(("id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The receipt", body = ReceiptResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_receipt(
    State(state): State<AdminState>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<ReceiptResponse>, Problem> {
    // In this order: the log arrives with the last entry or after it, so what is logged has its entries.
    let is_logged = state.store.request_log(id).await?.is_some();
    let entries = state.store.entries_of_request(id).await?;
    if entries.is_empty() && !is_logged {
        return Err(Problem::not_found("receipt of the request", id));
    }
    let books = Books::of(&state, &entries).await?;
    Ok(Json(ReceiptResponse::of(id, entries, &books)?))
}

impl ReceiptResponse {
    fn of(request_id: RequestId, entries: Vec<RecordedEntry>, books: &Books) -> Result<Self, Problem> {
        let sums = Sums::of(entries.iter().map(|entry| &entry.journaled.entry))?;
        let attempts = attempt::group(entries, books)?;
        Ok(Self {
            request_id,
            billing_status: request_status(attempts.iter().map(ReceiptAttempt::verdict)),
            list_cost: sums.list_cost(),
            cost: sums.cost(),
            charge: sums.charge(),
            currency: CURRENCY,
            attempts,
        })
    }
}
