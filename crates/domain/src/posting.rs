//! What sums need of a ledger entry, and how an attempt stands after its revisions.

use crate::{
    Amounts, BillingStatus, EventId, JournaledEntry, KeyId, LedgerEntry, MoneyError, PriceSource,
    RollupValues, Timestamp, TokenTotals, UpstreamId, UsageSource, Usd, Verdict, ZeroReason,
};

/// The part of a ledger entry that sums and queues are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The attempt.
    pub event_id: EventId,
    /// 1 for the first try of its request.
    pub attempt: u16,
    /// Which of its revisions.
    pub revision: u32,
    /// Dispatch.
    pub occurred_at: Timestamp,
    /// The key.
    pub key_id: KeyId,
    /// Its team, or empty.
    pub team: String,
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// Its name then.
    pub upstream_name: String,
    /// Its provider then.
    pub provider: String,
    /// The model the caller named.
    pub model_requested: Option<String>,
    /// The model sent.
    pub model_sent: Option<String>,
    /// The model the response says it came from.
    pub model_served: Option<String>,
    /// Whether the cost is known.
    pub verdict: Verdict,
    /// How the usage was learnt.
    pub usage_source: UsageSource,
    /// Token sums of the usage; `None` when it is not known.
    pub tokens: Option<TokenTotals>,
    /// The amounts (of an adjustment: signed deltas).
    pub amounts: Option<Amounts>,
    /// Why a billed cost is zero.
    pub zero_reason: Option<ZeroReason>,
    /// Where the price came from.
    pub price_source: Option<PriceSource>,
    /// What the provider says it cost.
    pub provider_reported_cost: Option<Usd>,
}

/// How an attempt stands: its latest revision's words, the sum of all revisions' amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The latest revision.
    pub latest: Posting,
    /// The sums; `None` while no revision knows an amount.
    pub amounts: Option<Amounts>,
}

impl Posting {
    /// Of an entry.
    pub fn of(entry: &LedgerEntry) -> Self {
        let (attempt, outcome) = (&entry.attempt, &entry.outcome);
        let name = |model: Option<&crate::ModelName>| model.map(|name| name.as_str().to_owned());
        Self {
            event_id: attempt.event_id,
            attempt: attempt.attempt,
            revision: entry.revision,
            occurred_at: attempt.occurred_at,
            key_id: attempt.key.id,
            team: attempt.key.team.as_deref().unwrap_or_default().to_owned(),
            upstream_id: attempt.upstream.id,
            upstream_name: attempt.upstream.name.to_string(),
            provider: attempt.upstream.provider.as_str().to_owned(),
            model_requested: name(attempt.model_requested.as_ref()),
            model_sent: name(attempt.model_sent.as_ref()),
            model_served: name(outcome.model_served.as_ref()),
            verdict: entry.verdict,
            usage_source: entry.usage_source,
            tokens: entry.token_totals(),
            amounts: entry.amounts,
            zero_reason: entry.zero_reason,
            price_source: entry.pricing.as_ref().map(|pricing| pricing.source),
            provider_reported_cost: entry.provider_reported_cost,
        }
    }

    /// The model served, else sent, else requested, or empty.
    pub fn model(&self) -> &str {
        let named = self.model_served.as_ref().or(self.model_sent.as_ref());
        named.or(self.model_requested.as_ref()).map_or("", String::as_str)
    }
}

impl From<&JournaledEntry> for Posting {
    fn from(journaled: &JournaledEntry) -> Self {
        Self::of(&journaled.entry)
    }
}

impl Standing {
    /// After these revisions of one attempt, in any order; `None` where there are none.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when a sum passes the exact range.
    pub fn after<'a>(revisions: impl IntoIterator<Item = &'a Posting>) -> Result<Option<Self>, MoneyError> {
        let mut standing: Option<Self> = None;
        for revision in revisions {
            match &mut standing {
                None => {
                    standing = Some(Self {
                        latest: revision.clone(),
                        amounts: revision.amounts,
                    });
                }
                Some(standing) => {
                    standing.amounts = added(standing.amounts, revision.amounts)?;
                    if revision.revision > standing.latest.revision {
                        standing.latest = revision.clone();
                    }
                }
            }
        }
        Ok(standing)
    }

    /// What the attempt adds to a sum.
    pub fn values(&self) -> RollupValues {
        let latest = &self.latest;
        let status = latest.verdict.status();
        let tokens = latest.tokens.unwrap_or_default();
        let amounts = self.amounts.unwrap_or_default();
        let count = |holds: bool| i64::from(holds);
        let unbilled = status == BillingStatus::Unbilled;
        let estimated = matches!(latest.usage_source, UsageSource::Estimated | UsageSource::Partial);
        let of_estimated = |amount: Usd| if estimated { amount } else { Usd::ZERO };
        let of_unbilled = |tokens: u64| if unbilled { signed(tokens) } else { 0 };
        RollupValues {
            requests: count(latest.attempt == 1),
            attempts: 1,
            billed: count(status == BillingStatus::Billed),
            unbilled: count(unbilled),
            no_charge: count(status == BillingStatus::NoCharge),
            estimated: count(estimated && status == BillingStatus::Billed),
            input_tokens: signed(tokens.input),
            cache_read_tokens: signed(tokens.cache_read),
            cache_write_tokens: signed(tokens.cache_write),
            output_tokens: signed(tokens.output),
            reasoning_tokens: signed(tokens.reasoning),
            unbilled_input_tokens: of_unbilled(tokens.input),
            unbilled_output_tokens: of_unbilled(tokens.output),
            list_cost: amounts.list_cost,
            cost: amounts.cost,
            charge: amounts.charge,
            estimated_list_cost: of_estimated(amounts.list_cost),
            estimated_cost: of_estimated(amounts.cost),
            estimated_charge: of_estimated(amounts.charge),
        }
    }
}

fn added(one: Option<Amounts>, other: Option<Amounts>) -> Result<Option<Amounts>, MoneyError> {
    let (Some(one), Some(other)) = (one, other) else {
        return Ok(one.or(other));
    };
    Ok(Some(Amounts {
        list_cost: one.list_cost.checked_add(other.list_cost)?,
        cost: one.cost.checked_add(other.cost)?,
        charge: one.charge.checked_add(other.charge)?,
    }))
}

/// Counts are at most 2^40 per meter, so sums of a vector always fit.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
