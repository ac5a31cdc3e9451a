//! What happened: from the finished request, or, until that is known, from an attempt.

use tollgate_domain::{LedgerEntry, RequestLog, RequestStatus};

use super::super::stored::{model_text, text, to_json};
use super::RequestLogRow;
use crate::error::Corrupt;
use crate::value::{At, Id};

impl RequestLogRow {
    /// The least that an attempt tells of its request.
    pub(crate) fn of_attempt(entry: &LedgerEntry) -> Self {
        let attempt = &entry.attempt;
        Self {
            request_id: Id(attempt.request_id.uuid()),
            occurred_at: At(attempt.occurred_at),
            ended_at: None,
            key_id: Id(attempt.key.id.uuid()),
            key_name: attempt.key.name.to_string(),
            key_owner: text(attempt.key.owner.as_ref()),
            key_team: text(attempt.key.team.as_ref()),
            upstream_id: Some(Id(attempt.upstream.id.uuid())),
            upstream_name: Some(attempt.upstream.name.to_string()),
            protocol: attempt.protocol.as_str().to_owned(),
            path: None,
            stream: attempt.stream,
            model_requested: model_text(attempt.model_requested.as_ref()),
            http_status: None,
            error_origin: None,
            error: None,
            attempts: 0,
            ttft_us: None,
            duration_us: None,
            caller_request_id: attempt.caller.request_id.clone(),
            status: RequestStatus::NoCharge.as_str().to_owned(),
            reason: None,
            reasons: String::new(),
            detail: None,
            list_cost: None,
            cost: None,
            charge: None,
            model_served: None,
            finish_reason: None,
            input_tokens: None,
            cache_read_tokens: None,
            cache_write_tokens: None,
            output_tokens: None,
            reasoning_tokens: None,
            changed_at: None,
            routing: None,
        }
    }

    /// A finished request, not yet billed.
    pub(crate) fn of_request(log: &RequestLog) -> Result<Self, Corrupt> {
        let upstream = log.upstream.as_ref();
        let routing = (!log.routing.is_empty()).then(|| to_json("routing decision", &log.routing));
        Ok(Self {
            request_id: Id(log.request_id.uuid()),
            occurred_at: At(log.occurred_at),
            ended_at: Some(At(log.ended_at)),
            key_id: Id(log.key.id.uuid()),
            key_name: log.key.name.to_string(),
            key_owner: text(log.key.owner.as_ref()),
            key_team: text(log.key.team.as_ref()),
            upstream_id: upstream.map(|(id, _)| Id(id.uuid())),
            upstream_name: upstream.map(|(_, name)| name.to_string()),
            protocol: log.protocol.as_str().to_owned(),
            path: Some(log.path.clone()),
            stream: log.stream,
            model_requested: model_text(log.model_requested.as_ref()),
            http_status: Some(i32::from(log.http_status)),
            error_origin: log.error_origin.map(|origin| origin.as_str().to_owned()),
            error: log.error.clone(),
            attempts: i32::from(log.attempts),
            ttft_us: log
                .ttft_us
                .map(|micros| i64::try_from(micros).unwrap_or(i64::MAX)),
            duration_us: Some(i64::try_from(log.duration_us).unwrap_or(i64::MAX)),
            caller_request_id: log.caller.request_id.clone(),
            status: RequestStatus::NoCharge.as_str().to_owned(),
            reason: None,
            reasons: String::new(),
            detail: None,
            list_cost: None,
            cost: None,
            charge: None,
            model_served: None,
            finish_reason: None,
            input_tokens: None,
            cache_read_tokens: None,
            cache_write_tokens: None,
            output_tokens: None,
            reasoning_tokens: None,
            changed_at: None,
            routing: routing.transpose()?,
        })
    }

    /// Whether the end of the request is known.
    pub(crate) fn is_finished(&self) -> bool {
        self.ended_at.is_some()
    }
}
