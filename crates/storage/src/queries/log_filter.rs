//! Which request logs, as conditions.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use tollgate_domain::ports::LogFilter;
use tollgate_domain::{KeyId, RequestStatus, StatusClass, UnbilledReason, UpstreamId};

use super::dialect;
use crate::schema::request_logs;
use crate::value::{At, Id, Money};

/// One condition on a row.
pub(super) type Condition =
    Box<dyn BoxableExpression<request_logs::table, dialect::Backend, SqlType = Nullable<Bool>>>;

/// Which of a row's models a filter's model is looked for in. By their indexes one at a time: each has one of them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ModelColumn {
    /// The one the caller named.
    Requested,
    /// The one that answered.
    Served,
    /// Either, of rows that are read by another index.
    Either,
}

/// The part of a filter that an index is read by, in the order of time; the rest is checked row by row. What few requests
/// have comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    Request,
    Caller,
    Origin,
    Class,
    Status,
    Reason,
    Key,
    Owner,
    Model,
    Team,
    Upstream,
    Time,
}

/// Written exactly as the partial indexes say it, or `SQLite` does not use them.
const NO_SUCCESS: &str = "(http_status IS NULL OR http_status < 200 OR http_status > 299)";
const CLASS: &str = "(http_status / 100)";
const NOT_BILLED: &str = "status <> 'billed'";
const WITH_REASON: &str = "reasons <> ''";

/// Above every text that begins with what it is appended to.
const LAST_CHARACTER: char = '\u{10FFFF}';

impl ModelColumn {
    /// The columns to look in, each by a query of its own.
    pub(super) const fn of(driver: Driver) -> &'static [Self] {
        match driver {
            Driver::Model => &[Self::Requested, Self::Served],
            _ => &[Self::Either],
        }
    }

    /// The condition on a model, with columns as they are to be written.
    fn is(self, name: &str, written: impl Fn(&str) -> String) -> Condition {
        let requested = || equal(&written("model_requested"), name.to_owned());
        let served = || equal(&written("model_served"), name.to_owned());
        match self {
            Self::Requested => requested(),
            Self::Served => served(),
            Self::Either => Box::new(requested().or(served())),
        }
    }
}

/// All conditions of a filter.
pub(super) fn conditions(filter: &LogFilter, driver: Driver, model: ModelColumn) -> Vec<Condition> {
    let mut all = of_driver(filter, model, driver);
    all.extend(times(filter));
    all.extend(rest(filter, model, driver));
    all
}

/// All conditions of a filter, for a query that is read by another index.
pub(super) fn unindexed(filter: &LogFilter) -> Vec<Condition> {
    conditions(filter, Driver::Time, ModelColumn::Either)
}

/// Those that an index is read by, time included.
pub(super) fn driving(filter: &LogFilter, driver: Driver, model: ModelColumn) -> Vec<Condition> {
    let mut all = of_driver(filter, model, driver);
    all.extend(times(filter));
    all
}

/// Whether there are others, so that rows that are looked at may not match.
pub(super) fn has_rest(filter: &LogFilter, driver: Driver) -> bool {
    !rest(filter, ModelColumn::Either, driver).is_empty()
}

fn times(filter: &LogFilter) -> Vec<Condition> {
    let from = filter
        .from
        .map(|from| -> Condition { Box::new(request_logs::occurred_at.ge(At(from)).nullable()) });
    let until = filter
        .until
        .map(|until| -> Condition { Box::new(request_logs::occurred_at.lt(At(until)).nullable()) });
    from.into_iter().chain(until).collect()
}

fn of_driver(filter: &LogFilter, model: ModelColumn, driver: Driver) -> Vec<Condition> {
    let by_index = |column: &str| column.to_owned();
    match driver {
        Driver::Request => {
            let id = filter.request_id.map(|id| Id(id.uuid()));
            id.map(|id| -> Condition { Box::new(request_logs::request_id.eq(id).nullable()) })
                .into_iter()
                .collect()
        }
        Driver::Class => class_by_index(filter.class),
        Driver::Reason => vec![words(WITH_REASON)],
        Driver::Status => {
            let mut all = vec![words(NOT_BILLED)];
            all.extend(member(filter, model, driver, by_index));
            all
        }
        _ => member(filter, model, driver, by_index).into_iter().collect(),
    }
}

fn rest(filter: &LogFilter, model: ModelColumn, driver: Driver) -> Vec<Condition> {
    let not_by_index = |column: &str| format!("{}{column}", dialect::NOT_BY_INDEX);
    let mut all: Vec<Condition> = Driver::MEMBERS
        .into_iter()
        .filter(|other| *other != driver)
        .filter_map(|other| member(filter, model, other, not_by_index))
        .collect();
    if driver != Driver::Class {
        all.extend(class(filter.class));
    }
    if let Some(id) = filter.request_id.filter(|_| driver != Driver::Request) {
        all.push(Box::new(request_logs::request_id.eq(Id(id.uuid())).nullable()));
    }
    if let Some(protocol) = filter.protocol {
        all.push(Box::new(request_logs::protocol.eq(protocol.as_str()).nullable()));
    }
    if let Some(stream) = filter.stream {
        all.push(Box::new(request_logs::stream.eq(stream).nullable()));
    }
    if let Some(reason) = &filter.reason {
        let mut known = UnbilledReason::ALL.into_iter().map(UnbilledReason::as_str);
        // A name nobody knows has no wildcard's meaning.
        let pattern = known
            .find(|known| known == reason)
            .map_or_else(|| ",".to_owned(), |reason| format!("%,{reason},%"));
        all.push(Box::new(request_logs::reasons.like(pattern).nullable()));
    }
    all.extend(thresholds(filter));
    all
}

/// The condition on what one dimension of a filter names, on the column as it is to be written.
fn member(
    filter: &LogFilter,
    model: ModelColumn,
    driver: Driver,
    written: impl Fn(&str) -> String,
) -> Option<Condition> {
    let text = |column: &str, value: String| equal(&written(column), value);
    let id = |column: &str, id| words(&format!("({} = {})", written(column), dialect::id_literal(id)));
    match driver {
        Driver::Caller => filter.caller_request_id.as_ref().map(|prefix| {
            let (least, below) = dialect::PREFIX_OPERATORS;
            let column = written("caller_request_id");
            let condition = sql::<Nullable<Bool>>(&format!("({column} {least} "))
                .bind::<Text, _>(prefix.clone())
                .sql(&format!(" AND {column} {below} "))
                .bind::<Text, _>(format!("{prefix}{LAST_CHARACTER}"))
                .sql(")");
            Box::new(condition) as Condition
        }),
        Driver::Origin => filter
            .origin
            .map(|origin| text("error_origin", origin.as_str().to_owned())),
        Driver::Status => filter
            .status
            .map(|status| text("status", status.as_str().to_owned())),
        Driver::Key => filter.key_id.map(|key| id("key_id", KeyId::uuid(key))),
        Driver::Owner => filter.owner.clone().map(|owner| text("key_owner", owner)),
        Driver::Model => filter.model.as_ref().map(|name| model.is(name, &written)),
        Driver::Team => filter.team.clone().map(|team| text("key_team", team)),
        Driver::Upstream => filter
            .upstream_id
            .map(|upstream| id("upstream_id", UpstreamId::uuid(upstream))),
        Driver::Request | Driver::Class | Driver::Reason | Driver::Time => None,
    }
}

/// A class of status other than 2xx, in the words of the index on it.
fn class_by_index(class: Option<StatusClass>) -> Vec<Condition> {
    let Some(class) = class else {
        return Vec::new();
    };
    let of_class = match class.first_status() {
        Some(first) => words(&format!("({CLASS} = {})", first / 100)),
        None => words(&format!("({CLASS} IS NULL)")),
    };
    vec![words(NO_SUCCESS), of_class]
}

fn class(class: Option<StatusClass>) -> Vec<Condition> {
    let Some(class) = class else {
        return Vec::new();
    };
    match class.first_status().map(i32::from) {
        Some(first) => vec![
            Box::new(request_logs::http_status.ge(first)),
            Box::new(request_logs::http_status.lt(first + 100)),
        ],
        None => vec![Box::new(request_logs::http_status.is_null().nullable())],
    }
}

fn thresholds(filter: &LogFilter) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
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
    if let Some(least) = filter.min_cost {
        all.push(Box::new(request_logs::cost.ge(Money(least))));
    }
    if let Some(most) = filter.max_cost {
        all.push(Box::new(request_logs::cost.le(Money(most))));
    }
    all
}

fn words(sql_text: &str) -> Condition {
    Box::new(sql::<Nullable<Bool>>(sql_text))
}

fn equal(column: &str, value: String) -> Condition {
    Box::new(
        sql::<Nullable<Bool>>(&format!("({column} = "))
            .bind::<Text, _>(value)
            .sql(")"),
    )
}

impl Driver {
    /// Those that name one value of a column.
    const MEMBERS: [Self; 8] = [
        Self::Caller,
        Self::Origin,
        Self::Status,
        Self::Key,
        Self::Owner,
        Self::Model,
        Self::Team,
        Self::Upstream,
    ];

    /// The one for a filter; what a caller's request id begins with may be what many have in common.
    pub(super) fn of(filter: &LogFilter, caller_is_common: bool) -> Self {
        let choices = [
            (filter.request_id.is_some(), Self::Request),
            (
                filter.caller_request_id.is_some() && !caller_is_common,
                Self::Caller,
            ),
            (filter.origin.is_some(), Self::Origin),
            (
                filter.class.is_some_and(|class| class != StatusClass::Success),
                Self::Class,
            ),
            (
                filter
                    .status
                    .is_some_and(|status| status != RequestStatus::Billed),
                Self::Status,
            ),
            (filter.reason.is_some(), Self::Reason),
            (filter.key_id.is_some(), Self::Key),
            (filter.owner.is_some(), Self::Owner),
            (filter.model.is_some(), Self::Model),
            (filter.team.is_some(), Self::Team),
            (filter.upstream_id.is_some(), Self::Upstream),
        ];
        let found = choices.into_iter().find(|(is_asked, _)| *is_asked);
        found.map_or(Self::Time, |(_, driver)| driver)
    }
}
