//! One attempt of a receipt.

use std::collections::BTreeMap;

use serde::Serialize;
use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{
    AttemptContext, BillBy, BillingStatus, EventId, KeyId, KeyRef, ModelName, PriceVersion, Protocol,
    ProviderName, ReportedCostPolicy, Timestamp, UpstreamId, UpstreamRef, Usd, Verdict,
};
use utoipa::ToSchema;

use super::books::Books;
use super::entry::ReceiptEntry;
use super::examples;
use super::sums::Sums;
use crate::problem::Problem;
use crate::schema::{
    BillBySchema, BillingStatusSchema, ProtocolSchema, ReasonSchema, ReportedCostSchema, TimestampSchema,
    UsdSchema,
};

/// One try at one upstream, with its entries: the usage row and each later adjustment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::attempt))]
pub(super) struct ReceiptAttempt {
    /// The attempt.
    #[schema(value_type = Uuid)]
    event_id: EventId,
    /// 1 for the first try.
    attempt: u16,
    /// Dispatch.
    #[schema(value_type = TimestampSchema)]
    occurred_at: Timestamp,
    /// Who asked.
    key: ReceiptKey,
    /// Who was asked.
    upstream: ReceiptUpstream,
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
    /// What the caller says of itself.
    caller: ReceiptCaller,
    /// The price version it was dispatched with.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// Its latest revision's.
    #[schema(value_type = BillingStatusSchema)]
    billing_status: BillingStatus,
    /// Why it is unbilled or free.
    #[schema(value_type = Option<ReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say.
    detail: Option<String>,
    /// Over its revisions, at card rates; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// Over its revisions, what the upstream charges us; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// Over its revisions, what the key's owner pays; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Its ledger entries, by revision.
    entries: Vec<ReceiptEntry>,
    #[serde(skip)]
    verdict: Verdict,
}

/// The key as it was at admission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::key))]
struct ReceiptKey {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: KeyId,
    /// Its name.
    name: String,
    /// Its owner.
    owner: Option<String>,
    /// Its team.
    team: Option<String>,
    /// Its tags.
    tags: Vec<String>,
}

/// The upstream as it was at dispatch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::upstream))]
struct ReceiptUpstream {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: UpstreamId,
    /// Its name.
    name: String,
    /// Its provider.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// The billed account.
    account_label: Option<String>,
    /// Which credential was used.
    credential_fingerprint: Option<String>,
    /// Which name is billed.
    #[schema(value_type = BillBySchema)]
    bill_by: BillBy,
    /// Whether the provider's own cost figure may become the bill.
    #[schema(value_type = ReportedCostSchema)]
    reported_cost: ReportedCostPolicy,
}

/// What the caller says of itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::caller))]
struct ReceiptCaller {
    /// Its own request id.
    request_id: Option<String>,
    /// Its idempotency key.
    idempotency_key: Option<String>,
    /// How often its SDK says it has retried.
    sdk_retry_count: Option<u32>,
    /// The end user it names.
    end_user: Option<String>,
    /// Allowed request metadata.
    metadata: BTreeMap<String, String>,
}

/// Groups a request's entries by attempt, in the order they were tried.
pub(super) fn group(entries: Vec<RecordedEntry>, books: &Books) -> Result<Vec<ReceiptAttempt>, Problem> {
    let mut attempts: BTreeMap<(u16, EventId), Vec<RecordedEntry>> = BTreeMap::new();
    for entry in entries {
        let context = &entry.journaled.entry.attempt;
        let place = (context.attempt, context.event_id);
        attempts.entry(place).or_default().push(entry);
    }
    let attempts = attempts
        .into_values()
        .map(|entries| ReceiptAttempt::of(entries, books));
    attempts.filter_map(Result::transpose).collect()
}

impl ReceiptAttempt {
    /// Its latest revision's.
    pub(super) fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Nothing without entries.
    fn of(mut entries: Vec<RecordedEntry>, books: &Books) -> Result<Option<Self>, Problem> {
        entries.sort_by_key(|entry| entry.journaled.entry.revision);
        let sums = Sums::of(entries.iter().map(|entry| &entry.journaled.entry))?;
        let Some(latest) = entries.last().map(|entry| entry.journaled.entry.clone()) else {
            return Ok(None);
        };
        let context: &AttemptContext = &latest.attempt;
        Ok(Some(Self {
            event_id: context.event_id,
            attempt: context.attempt,
            occurred_at: context.occurred_at,
            key: (&*context.key).into(),
            upstream: (&*context.upstream).into(),
            protocol: context.protocol,
            stream: context.stream,
            model_requested: context.model_requested.clone(),
            model_sent: context.model_sent.clone(),
            tier_requested: context.tier_requested.clone(),
            caller: (&*context.caller).into(),
            price_version: context.price_version,
            billing_status: latest.verdict.status(),
            reason: latest.verdict.reason(),
            detail: latest.detail.clone(),
            list_cost: sums.list_cost(),
            cost: sums.cost(),
            charge: sums.charge(),
            entries: entries.into_iter().map(|entry| books.entry(entry)).collect(),
            verdict: latest.verdict,
        }))
    }
}

impl From<&KeyRef> for ReceiptKey {
    fn from(key: &KeyRef) -> Self {
        Self {
            id: key.id,
            name: key.name.to_string(),
            owner: key.owner.as_deref().map(ToOwned::to_owned),
            team: key.team.as_deref().map(ToOwned::to_owned),
            tags: key.tags.to_vec(),
        }
    }
}

impl From<&UpstreamRef> for ReceiptUpstream {
    fn from(upstream: &UpstreamRef) -> Self {
        Self {
            id: upstream.id,
            name: upstream.name.to_string(),
            provider: upstream.provider.clone(),
            account_label: upstream.account_label.as_deref().map(ToOwned::to_owned),
            credential_fingerprint: upstream.credential_fingerprint.as_deref().map(ToOwned::to_owned),
            bill_by: upstream.bill_by,
            reported_cost: upstream.reported_cost,
        }
    }
}

impl From<&tollgate_domain::CallerRef> for ReceiptCaller {
    fn from(caller: &tollgate_domain::CallerRef) -> Self {
        Self {
            request_id: caller.request_id.clone(),
            idempotency_key: caller.idempotency_key.clone(),
            sdk_retry_count: caller.sdk_retry_count,
            end_user: caller.end_user.clone(),
            metadata: caller.metadata.clone(),
        }
    }
}
