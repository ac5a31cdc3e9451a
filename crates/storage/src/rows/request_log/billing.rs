//! What a request cost: over the latest revision of each attempt, amounts over all revisions.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_domain::{BillingStatus, RequestStatus, Usd, Verdict, request_status};

use super::RequestLogRow;
use crate::error::Corrupt;
use crate::rows::BillingRow;
use crate::value::{Id, Money};

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
