//! Ledger entries, newest first.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use tollgate_domain::ports::{RecentFilter, RecordedEntry};
use tollgate_domain::{BillingStatus, EventId};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::LedgerEntryRow;
use crate::schema::ledger_entries;
use crate::value::Id;

/// As the index on it says it.
const MODEL: &str = "COALESCE(model_served, model_sent, model_requested)";

/// By attempt and revision, newest first, after the given one.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &RecentFilter,
    after: Option<(EventId, u32)>,
    limit: u16,
) -> Result<Vec<RecordedEntry>, QueryError> {
    let mut query = ledger_entries::table
        .order((ledger_entries::event_id.desc(), ledger_entries::revision.desc()))
        .limit(i64::from(limit))
        .select(LedgerEntryRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some(status) = filter.status {
        query = query.filter(ledger_entries::status.eq(status.as_str()));
    }
    if let Some(reason) = &filter.reason {
        // The partial index's own words.
        query = query.filter(sql::<Bool>("reason IS NOT NULL"));
        query = query.filter(ledger_entries::reason.eq(reason.clone()));
    } else if filter
        .status
        .is_some_and(|status| status != BillingStatus::Billed)
    {
        query = query.filter(sql::<Bool>("status <> 'billed'"));
    }
    if let Some(upstream) = filter.upstream_id {
        query = query.filter(ledger_entries::upstream_id.eq(Id(upstream.uuid())));
    }
    if let Some(key) = filter.key_id {
        query = query.filter(ledger_entries::key_id.eq(Id(key.uuid())));
    }
    if let Some(provider) = &filter.provider {
        // A key or an upstream has fewer entries; its index knows the provider.
        let has_rarer = filter.key_id.is_some() || filter.upstream_id.is_some();
        let column = if has_rarer { dialect::NOT_BY_INDEX } else { "" };
        let provider = sql::<Bool>(&format!("{column}provider = ")).bind::<Text, _>(provider.clone());
        query = query.filter(provider);
    }
    if let Some(model) = &filter.model {
        query = query.filter(sql::<Nullable<Text>>(MODEL).eq(model.clone()));
    }
    if let Some((event, revision)) = after {
        let (event, revision) = (Id(event.uuid()), i32::try_from(revision).unwrap_or(i32::MAX));
        let same_event = ledger_entries::event_id
            .eq(event)
            .and(ledger_entries::revision.lt(revision));
        query = query
            .filter(ledger_entries::event_id.le(event))
            .filter(ledger_entries::event_id.lt(event).or(same_event));
    }
    let rows: Vec<LedgerEntryRow> = query.load(conn)?;
    let entries: Result<_, _> = rows.into_iter().map(LedgerEntryRow::into_recorded).collect();
    Ok(entries?)
}
