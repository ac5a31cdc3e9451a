//! `GET /api/admin/billing/recent`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tollgate_domain::ports::{RecentEnd, RecentFilter, RecordedEntry};
use tollgate_domain::{
    BillingStatus, EventId, KeyId, ModelName, NoChargeReason, PriceVersion, Protocol, ProviderName,
    RequestId, Timestamp, UnbilledReason, UpstreamId,
};
use utoipa::{IntoParams, ToSchema};

use super::receipt::ReceiptEntry;
use super::receipt::examples as receipt_examples;
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_id};
use crate::problem::{Problem, QueryProblems};
use crate::schema::{BillingStatusSchema, ProtocolSchema, ReasonSchema, TimestampSchema};

/// How many entries a page looks at, at most.
const SCANNED: u32 = 2_000;
const STATUSES: [BillingStatus; 3] = [
    BillingStatus::Billed,
    BillingStatus::Unbilled,
    BillingStatus::NoCharge,
];

/// Which entries.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListRecentEntriesParams {
    /// With this billing status.
    #[param(value_type = Option<BillingStatusSchema>)]
    billing_status: Option<String>,
    /// With this reason.
    #[param(value_type = Option<ReasonSchema>)]
    reason: Option<String>,
    /// At this upstream.
    upstream_id: Option<uuid::Uuid>,
    /// Of this key.
    key_id: Option<uuid::Uuid>,
    /// Of this model as served, else sent, else requested.
    #[param(min_length = 1)]
    model: Option<String>,
    /// At upstreams of this provider.
    #[param(min_length = 1)]
    provider: Option<String>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of ledger entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecentEntryList, examples(json!({
    "items": [example()], "next_cursor": null, "scanned_to": null,
})))]
pub(super) struct RecentListResponse {
    /// The entries, by dispatch, newest first; of one attempt the latest revision first.
    items: Vec<RecentEntry>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
    /// The dispatch of the last entry that was looked at, where the page ended there before it was full: after 2,000 entries
    /// of which few match, because no index finds what several filters ask for together. Go on with `next_cursor`. Null
    /// where the page is full or the last, and on PostgreSQL, which combines indexes.
    #[schema(value_type = Option<TimestampSchema>)]
    scanned_to: Option<Timestamp>,
}

/// A ledger entry with the attempt it belongs to. The request's receipt shows the price rules that lost, too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(example))]
struct RecentEntry {
    /// The attempt.
    #[schema(value_type = Uuid)]
    event_id: EventId,
    /// The request.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// 1 for the request's first try.
    attempt: u16,
    /// Dispatch.
    #[schema(value_type = TimestampSchema)]
    occurred_at: Timestamp,
    /// The key.
    #[schema(value_type = Uuid)]
    key_id: KeyId,
    /// Its name then.
    key_name: String,
    /// Its team then.
    team: Option<String>,
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name then.
    upstream_name: String,
    /// Its provider then.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// In which wire protocol.
    #[schema(value_type = ProtocolSchema)]
    protocol: Protocol,
    /// Whether a stream was asked for.
    stream: bool,
    /// The model the caller named.
    #[schema(value_type = Option<String>)]
    model_requested: Option<ModelName>,
    /// The model sent to the upstream.
    #[schema(value_type = Option<String>)]
    model_sent: Option<ModelName>,
    /// The service tier the caller asked for, as written.
    tier_requested: Option<String>,
    /// The price version it was dispatched with.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// What the ledger says; `candidates` is null here.
    entry: ReceiptEntry,
}

/// Where a page ends.
#[derive(Serialize, Deserialize)]
struct Place {
    event: EventId,
    revision: u32,
}

/// Lists ledger entries with everything their amounts are made of, newest first.
#[utoipa::path(
    get, path = "/api/admin/billing/recent", tag = "billing",
    params(ListRecentEntriesParams),
    responses((status = 200, description = "A page of entries", body = RecentListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_recent_entries(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<RecentListResponse>, Problem> {
    let filter = read_filter(&mut query);
    let listed = query.listed();
    let after: Option<Place> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let after = after.map(|place| (place.event, place.revision));
    // One more than asked for tells whether another page follows.
    let found = state
        .store
        .recent_entries(filter, after, limit + 1, SCANNED)
        .await?;
    let mut entries = found.entries;
    let more = entries.len() > usize::from(limit);
    entries.truncate(usize::from(limit));
    let last = entries.last().filter(|_| more).map(Place::of);
    let looked_to = found.looked_to.filter(|_| !more);
    let end = last.or_else(|| looked_to.map(Into::into));
    Ok(Json(RecentListResponse {
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
        items: entries.into_iter().map(Into::into).collect(),
        scanned_to: looked_to.map(|end| end.occurred_at),
    }))
}

impl Place {
    fn of(recorded: &RecordedEntry) -> Self {
        let entry = &recorded.journaled.entry;
        Self {
            event: entry.attempt.event_id,
            revision: entry.revision,
        }
    }
}

impl From<RecentEnd> for Place {
    fn from(end: RecentEnd) -> Self {
        Self {
            event: end.event_id,
            revision: end.revision,
        }
    }
}

fn read_filter(query: &mut QueryReader) -> RecentFilter {
    RecentFilter {
        status: query.take("billing_status", |text| {
            let found = STATUSES.into_iter().find(|status| status.as_str() == text);
            found.ok_or_else(|| one_of(text, &STATUSES.map(BillingStatus::as_str)))
        }),
        reason: query.take("reason", |text| {
            let unbilled = UnbilledReason::ALL.map(UnbilledReason::as_str);
            let names: Vec<&str> = unbilled
                .into_iter()
                .chain(NoChargeReason::ALL.map(NoChargeReason::as_str))
                .collect();
            let known = names.contains(&text).then(|| text.to_owned());
            known.ok_or_else(|| one_of(text, &names))
        }),
        upstream_id: query.take("upstream_id", parse_id).map(UpstreamId::new),
        key_id: query.take("key_id", parse_id).map(KeyId::new),
        model: query.take_text("model"),
        provider: query.take_text("provider"),
    }
}

fn one_of(text: &str, names: &[&str]) -> String {
    format!("{text:?} is none of {}", names.join(", "))
}

impl From<RecordedEntry> for RecentEntry {
    fn from(recorded: RecordedEntry) -> Self {
        let attempt = std::sync::Arc::clone(&recorded.journaled.entry.attempt);
        Self {
            event_id: attempt.event_id,
            request_id: attempt.request_id,
            attempt: attempt.attempt,
            occurred_at: attempt.occurred_at,
            key_id: attempt.key.id,
            key_name: attempt.key.name.to_string(),
            team: attempt.key.team.as_deref().map(ToOwned::to_owned),
            upstream_id: attempt.upstream.id,
            upstream_name: attempt.upstream.name.to_string(),
            provider: attempt.upstream.provider.clone(),
            protocol: attempt.protocol,
            stream: attempt.stream,
            model_requested: attempt.model_requested.clone(),
            model_sent: attempt.model_sent.clone(),
            tier_requested: attempt.tier_requested.clone(),
            price_version: attempt.price_version,
            entry: ReceiptEntry::of(recorded, None),
        }
    }
}

fn example() -> serde_json::Value {
    json!({
        "event_id": "0198f0a0-0000-7000-8000-000000000005",
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "attempt": 1,
        "occurred_at": "2026-11-05T08:00:00Z",
        "key_id": "0198f0a0-0000-7000-8000-000000000002",
        "key_name": "search-backend",
        "team": "search",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "provider": "openai",
        "protocol": "openai_chat",
        "stream": true,
        "model_requested": "gpt-5-mini",
        "model_sent": "gpt-5-mini",
        "tier_requested": null,
        "price_version": 12,
        "entry": receipt_examples::entry(),
    })
}
