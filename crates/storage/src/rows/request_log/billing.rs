//! What a request cost: over the latest revision of each attempt, amounts over all revisions.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_domain::{
    BillingStatus, JournalId, JournaledEntry, KeyId, RequestStatus, RollupKey, Timestamp, UpstreamId, Usd,
    Verdict, quarter_start, request_status,
};

use super::RequestLogRow;
use crate::error::Corrupt;
use crate::rows::{BillingRow, RequestRollupKey};
use crate::value::{At, Id, Money};

impl RequestLogRow {
    /// Recomputes the billing columns from all ledger rows of the request.
    pub(crate) fn bill(&mut self, rows: &[BillingRow]) -> Result<(), Corrupt> {
        let mut latest: BTreeMap<Id, &BillingRow> = BTreeMap::new();
        for row in rows {
            let known = latest.entry(row.event_id).or_insert(row);
            if row.revision > known.revision {
                *known = row;
            }
        }
        let mut verdicts = Vec::with_capacity(latest.len());
        let mut unbilled: Vec<&BillingRow> = Vec::new();
        for row in latest.values() {
            let verdict = Verdict::from_parts(&row.status, row.reason.as_deref())
                .map_err(Corrupt::of("billing status"))?;
            verdicts.push(verdict);
            if verdict.status() == BillingStatus::Unbilled {
                unbilled.push(row);
            }
        }
        let last = unbilled.iter().max_by_key(|row| (row.attempt, row.event_id));
        request_status(verdicts).as_str().clone_into(&mut self.status);
        self.reason = last.and_then(|row| row.reason.clone());
        self.detail = last.and_then(|row| row.detail.clone());
        let reasons: BTreeSet<&str> = unbilled.iter().filter_map(|row| row.reason.as_deref()).collect();
        self.reasons = listed(&reasons);
        self.list_cost = sum(rows.iter().filter_map(|row| row.list_cost))?;
        self.cost = sum(rows.iter().filter_map(|row| row.cost))?;
        self.charge = sum(rows.iter().filter_map(|row| row.charge))?;
        self.measure(&latest.values().copied());
        // The items of a batch share the attempt that sent it.
        let sent: BTreeSet<i32> = latest.values().map(|row| row.attempt).collect();
        let sent = i32::try_from(sent.len()).unwrap_or(i32::MAX);
        self.attempts = self.attempts.max(sent);
        Ok(())
    }

    /// What it costs is still to come: it is not free until then.
    pub(crate) fn await_usage(&mut self) {
        let status = if self.status == RequestStatus::Billed.as_str() {
            RequestStatus::PartlyBilled
        } else {
            RequestStatus::Unbilled
        };
        status.as_str().clone_into(&mut self.status);
        self.detail = Some("its usage comes later and is not settled yet".to_owned());
    }
}

impl RequestLogRow {
    /// Tokens over the latest revisions, and who served the last attempt.
    fn measure<'a>(&mut self, latest: &(impl Iterator<Item = &'a BillingRow> + Clone)) {
        let last = latest.clone().max_by_key(|row| (row.attempt, row.event_id));
        self.model_served = last.and_then(|row| row.model_served.clone().or_else(|| row.model_sent.clone()));
        let sum =
            |of: fn(&BillingRow) -> Option<i64>| latest.clone().filter_map(of).reduce(i64::saturating_add);
        self.input_tokens = sum(|row| row.input_tokens);
        self.cache_read_tokens = sum(|row| row.cache_read_tokens);
        self.cache_write_tokens = sum(|row| row.cache_write_tokens);
        self.output_tokens = sum(|row| row.output_tokens);
        self.reasoning_tokens = sum(|row| row.reasoning_tokens);
    }

    /// How the last attempt ended: as one of these entries says where it is among them, else as was known before.
    pub(crate) fn note_end(&mut self, rows: &[BillingRow], fresh: &[&JournaledEntry], before: Option<&Self>) {
        let last = rows.iter().max_by_key(|row| (row.attempt, row.event_id));
        let told = last.and_then(|row| {
            let mut fresh = fresh.iter().map(|entry| &entry.entry);
            fresh.find(|entry| entry.revision == 0 && entry.attempt.event_id.uuid() == row.event_id.0)
        });
        self.finish_reason = match told {
            Some(entry) => entry.outcome.finish_reason.clone(),
            None => before.and_then(|before| before.finish_reason.clone()),
        };
    }

    /// Notes when a finished row came to say what it says; what changed nothing does not count.
    pub(crate) fn note_change(&mut self, before: Option<&Self>, at: Timestamp) {
        if !self.is_finished() {
            return;
        }
        self.changed_at = before.and_then(|before| before.changed_at);
        if before != Some(self) {
            self.changed_at = Some(At(at));
        }
    }

    /// The row of sums a finished request counts in.
    pub(crate) fn rollup_key(&self, writer: JournalId) -> RequestRollupKey {
        let model = self.model_served.as_ref().or(self.model_requested.as_ref());
        RequestRollupKey {
            key: RollupKey {
                bucket: quarter_start(self.occurred_at.0),
                writer,
                key_id: KeyId::new(self.key_id.0),
                team: self.key_team.clone().unwrap_or_default(),
                upstream_id: self
                    .upstream_id
                    .map_or(UpstreamId::NONE, |id| UpstreamId::new(id.0)),
                model: model.cloned().unwrap_or_default(),
            },
            error_origin: self.error_origin.clone().unwrap_or_default(),
            status_class: self.http_status.unwrap_or(0) / 100,
        }
    }
}

/// Each between commas, so that `,x,` finds exactly `x`.
fn listed(reasons: &BTreeSet<&str>) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let joined: Vec<&str> = reasons.iter().copied().collect();
    format!(",{},", joined.join(","))
}

/// `None` when nothing is known.
fn sum(amounts: impl Iterator<Item = Money>) -> Result<Option<Money>, Corrupt> {
    let mut sum: Option<Usd> = None;
    for Money(amount) in amounts {
        let so_far = sum.unwrap_or(Usd::ZERO).checked_add(amount);
        sum = Some(so_far.map_err(Corrupt::of("request cost"))?);
    }
    Ok(sum.map(Money))
}
