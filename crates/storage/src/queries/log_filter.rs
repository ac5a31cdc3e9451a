//! Which request logs, as conditions.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use tollgate_domain::UnbilledReason;
use tollgate_domain::ports::LogFilter;

use super::dialect;
use crate::schema::request_logs;
use crate::value::{At, Id, Money};

/// One condition on a row.
pub(super) type Condition =
    Box<dyn BoxableExpression<request_logs::table, dialect::Backend, SqlType = Nullable<Bool>>>;

/// Which of a row's models a filter's model is looked for in. One at a time: an index has one of them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ModelColumn {
    /// The one the caller named.
    Requested,
    /// The one that answered.
    Served,
}

/// Written exactly as the partial index says it, or `SQLite` does not use that.
const WITH_ERROR: &str = "(error_origin IS NOT NULL OR http_status >= 400)";
const WITH_REASON: &str = "reasons <> ''";

/// Above every text that begins with what it is appended to.
const LAST_CHARACTER: char = '\u{10FFFF}';

impl ModelColumn {
    /// The columns to look in, each by a query of its own.
    pub(super) const fn of(filter: &LogFilter) -> &'static [Self] {
        match filter.model {
            Some(_) => &[Self::Requested, Self::Served],
            None => &[Self::Requested],
        }
    }
}

/// All conditions of a filter.
pub(super) fn conditions(filter: &LogFilter, model: ModelColumn) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    if let Some(from) = filter.from {
        all.push(Box::new(request_logs::occurred_at.ge(At(from)).nullable()));
    }
    if let Some(until) = filter.until {
        all.push(Box::new(request_logs::occurred_at.lt(At(until)).nullable()));
    }
    if let Some(id) = filter.request_id {
        all.push(Box::new(request_logs::request_id.eq(Id(id.uuid())).nullable()));
    }
    whose(&mut all, filter);
    asked(&mut all, filter, model);
    ended(&mut all, filter);
    billed(&mut all, filter);
    all
}

fn whose(all: &mut Vec<Condition>, filter: &LogFilter) {
    if let Some(key) = filter.key_id {
        all.push(Box::new(request_logs::key_id.eq(Id(key.uuid())).nullable()));
    }
    if let Some(team) = &filter.team {
        all.push(Box::new(request_logs::key_team.eq(team.clone())));
    }
    if let Some(owner) = &filter.owner {
        all.push(Box::new(request_logs::key_owner.eq(owner.clone())));
    }
    if let Some(prefix) = &filter.caller_request_id {
        let (least, below) = dialect::PREFIX_OPERATORS;
        let end = format!("{prefix}{LAST_CHARACTER}");
        all.push(Box::new(
            sql::<Nullable<Bool>>(&format!("(caller_request_id {least} "))
                .bind::<Text, _>(prefix.clone())
                .sql(&format!(" AND caller_request_id {below} "))
                .bind::<Text, _>(end)
                .sql(")"),
        ));
    }
}

fn asked(all: &mut Vec<Condition>, filter: &LogFilter, column: ModelColumn) {
    if let Some(upstream) = filter.upstream_id {
        all.push(Box::new(request_logs::upstream_id.eq(Id(upstream.uuid()))));
    }
    if let Some(protocol) = filter.protocol {
        all.push(Box::new(request_logs::protocol.eq(protocol.as_str()).nullable()));
    }
    if let Some(stream) = filter.stream {
        all.push(Box::new(request_logs::stream.eq(stream).nullable()));
    }
    if let Some(model) = filter.model.clone() {
        all.push(match column {
            ModelColumn::Requested => Box::new(request_logs::model_requested.eq(model)),
            ModelColumn::Served => Box::new(request_logs::model_served.eq(model)),
        });
    }
}

fn ended(all: &mut Vec<Condition>, filter: &LogFilter) {
    if let Some(class) = filter.class {
        match class.first_status().map(i32::from) {
            Some(first) => {
                if first >= 400 {
                    all.push(Box::new(sql::<Nullable<Bool>>(WITH_ERROR)));
                }
                all.push(Box::new(request_logs::http_status.ge(first)));
                all.push(Box::new(request_logs::http_status.lt(first + 100)));
            }
            None => all.push(Box::new(request_logs::http_status.is_null().nullable())),
        }
    }
    if let Some(origin) = filter.origin {
        all.push(Box::new(sql::<Nullable<Bool>>(WITH_ERROR)));
        all.push(Box::new(request_logs::error_origin.eq(origin.as_str())));
    }
    let micros = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    if let Some(least) = filter.min_ttft_us {
        all.push(Box::new(request_logs::ttft_us.ge(micros(least))));
    }
    if let Some(most) = filter.max_ttft_us {
        all.push(Box::new(request_logs::ttft_us.le(micros(most))));
    }
    if let Some(least) = filter.min_duration_us {
        all.push(Box::new(request_logs::duration_us.ge(micros(least))));
    }
    if let Some(most) = filter.max_duration_us {
        all.push(Box::new(request_logs::duration_us.le(micros(most))));
    }
}

fn billed(all: &mut Vec<Condition>, filter: &LogFilter) {
    if let Some(status) = filter.status {
        all.push(Box::new(request_logs::status.eq(status.as_str()).nullable()));
    }
    if let Some(reason) = &filter.reason {
        let mut known = UnbilledReason::ALL.into_iter().map(UnbilledReason::as_str);
        // A name nobody knows has no wildcard's meaning.
        let pattern = known
            .find(|known| known == reason)
            .map_or_else(|| ",".to_owned(), |reason| format!("%,{reason},%"));
        all.push(Box::new(sql::<Nullable<Bool>>(WITH_REASON)));
        all.push(Box::new(request_logs::reasons.like(pattern).nullable()));
    }
    if let Some(least) = filter.min_cost {
        all.push(Box::new(request_logs::cost.ge(Money(least))));
    }
    if let Some(most) = filter.max_cost {
        all.push(Box::new(request_logs::cost.le(Money(most))));
    }
}
