//! Which ledger entries, as conditions.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::sql_types::{Bool, Nullable, Text};
use tollgate_domain::BillingStatus;
use tollgate_domain::ports::RecentFilter;

use super::dialect;
use crate::schema::ledger_entries;

/// One condition on a row.
pub(super) type Condition =
    Box<dyn BoxableExpression<ledger_entries::table, dialect::Backend, SqlType = Nullable<Bool>>>;

/// The part of a filter that an index is read by, newest first; the rest is checked row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    Reason,
    NotBilled,
    Key,
    Model,
    Upstream,
    Provider,
    All,
}

/// As the index on it says it.
const MODEL: &str = "COALESCE(model_served, model_sent, model_requested)";
/// Written exactly as the partial indexes say it, or `SQLite` does not use them.
const WITH_REASON: &str = "reason IS NOT NULL";
const NOT_BILLED: &str = "status <> 'billed'";

/// The indexes that a filter can be read by; never none.
pub(super) fn drivers(filter: &RecentFilter) -> Vec<Driver> {
    let mut found: Vec<Driver> = Driver::MEMBERS
        .into_iter()
        .filter(|driver| member(filter, *driver, "").is_some())
        .collect();
    let status = filter.status;
    // What has a reason is not billed anyway.
    if filter.reason.is_none() && status.is_some_and(|status| status != BillingStatus::Billed) {
        found.push(Driver::NotBilled);
    }
    if found.is_empty() {
        found.push(Driver::All);
    }
    found
}

/// The conditions that an index is read by.
pub(super) fn driving(filter: &RecentFilter, driver: Driver) -> Vec<Condition> {
    let partial = match driver {
        Driver::Reason => Some(words(WITH_REASON)),
        Driver::NotBilled => Some(words(NOT_BILLED)),
        _ => None,
    };
    partial.into_iter().chain(member(filter, driver, "")).collect()
}

/// The others.
pub(super) fn rest(filter: &RecentFilter, driver: Driver) -> Vec<Condition> {
    let mut rest: Vec<Condition> = Driver::MEMBERS
        .into_iter()
        .filter(|other| *other != driver)
        .filter_map(|other| member(filter, other, dialect::NOT_BY_INDEX))
        .collect();
    if let Some(status) = filter.status {
        let column = format!("{}status", dialect::NOT_BY_INDEX);
        rest.push(equal(&column, status.as_str().to_owned()));
    }
    rest
}

/// Whether there are others, so that rows that are looked at may not match.
pub(super) fn has_rest(filter: &RecentFilter, driver: Driver) -> bool {
    !rest(filter, driver).is_empty()
}

/// The condition on what one dimension of a filter names; `sign` is written before its column.
fn member(filter: &RecentFilter, driver: Driver, sign: &str) -> Option<Condition> {
    let text = |column: &str, value: &Option<String>| {
        let value = value.clone()?;
        Some(equal(&format!("{sign}{column}"), value))
    };
    let id = |column: &str, id| words(&format!("({sign}{column} = {})", dialect::id_literal(id)));
    match driver {
        Driver::Reason => text("reason", &filter.reason),
        Driver::Key => filter.key_id.map(|key| id("key_id", key.uuid())),
        Driver::Model => text(MODEL, &filter.model),
        Driver::Upstream => filter
            .upstream_id
            .map(|upstream| id("upstream_id", upstream.uuid())),
        Driver::Provider => text("provider", &filter.provider),
        Driver::NotBilled | Driver::All => None,
    }
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
    const MEMBERS: [Self; 5] = [
        Self::Reason,
        Self::Key,
        Self::Model,
        Self::Upstream,
        Self::Provider,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_index_answers_has_no_rest() {
        let model = RecentFilter {
            model: Some("m".to_owned()),
            ..RecentFilter::default()
        };
        assert_eq!(drivers(&model), [Driver::Model]);
        assert!(!has_rest(&model, Driver::Model));
        assert_eq!(drivers(&RecentFilter::default()), [Driver::All]);
        assert!(!has_rest(&RecentFilter::default(), Driver::All));
    }

    #[test]
    fn a_status_is_checked_row_by_row() {
        let status = |status| RecentFilter {
            status: Some(status),
            ..RecentFilter::default()
        };
        assert_eq!(drivers(&status(BillingStatus::Billed)), [Driver::All]);
        assert_eq!(drivers(&status(BillingStatus::NoCharge)), [Driver::NotBilled]);
        for (status, driver) in [
            (status(BillingStatus::Billed), Driver::All),
            (status(BillingStatus::NoCharge), Driver::NotBilled),
        ] {
            assert!(has_rest(&status, driver));
        }
        let with_reason = RecentFilter {
            reason: Some("interrupted".to_owned()),
            ..status(BillingStatus::Unbilled)
        };
        assert_eq!(drivers(&with_reason), [Driver::Reason]);
    }
}
