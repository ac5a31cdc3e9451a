use async_trait::async_trait;
use tollgate_domain::ports::{
    ChangeCursor, CostCursor, CostOrder, ExportFilter, ExportStore, LogCursor, LogFilter, LogRow, LogStore,
    PrunedLogs, RecordedEntry, Stats, StatsBy, StatsFilter, StatsGroup, StatsStore, StoreError, TimeOrder,
};
use tollgate_domain::{EventId, RequestId, Timestamp};

use super::FakeStore;

/// How request logs were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedLogs {
    pub(crate) filter: LogFilter,
    pub(crate) after: Option<LogCursor>,
    pub(crate) limit: u16,
}

/// How a page of the ledger was asked for.
pub(crate) type AskedExport = (ExportFilter, Option<(EventId, u32)>, u16);

#[async_trait]
impl LogStore for FakeStore {
    async fn request_logs(
        &self,
        filter: LogFilter,
        order: TimeOrder,
        after: Option<LogCursor>,
        last: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        let mut shelves = self.open()?;
        let mut rows = shelves.logs.clone();
        let place = |row: &LogRow| LogCursor {
            occurred_at: row.occurred_at,
            request_id: row.request_id,
        };
        rows.sort_by_key(place);
        if order == TimeOrder::NewestFirst {
            rows.reverse();
        }
        rows.retain(|row| {
            after.is_none_or(|end| match order {
                TimeOrder::NewestFirst => place(row) < end,
                TimeOrder::OldestFirst => place(row) > end,
            }) && last.is_none_or(|last| match order {
                TimeOrder::NewestFirst => place(row) >= last,
                TimeOrder::OldestFirst => place(row) <= last,
            })
        });
        rows.truncate(usize::from(limit));
        shelves.asked_logs.push(AskedLogs { filter, after, limit });
        Ok(rows)
    }

    async fn log_scan_end(
        &self,
        _: LogFilter,
        _: TimeOrder,
        _: Option<LogCursor>,
        depth: u32,
    ) -> Result<Option<LogCursor>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_depths.push(depth);
        Ok(shelves.scan_end)
    }

    async fn log_floor(&self, _: LogFilter, depth: u32) -> Result<Option<LogCursor>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_depths.push(depth);
        Ok(shelves.floor)
    }

    async fn request_logs_by_cost(
        &self,
        filter: LogFilter,
        order: CostOrder,
        floor: Option<LogCursor>,
        after: Option<CostCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        let mut shelves = self.open()?;
        let mut rows = shelves.logs.clone();
        let place = |row: &LogRow| (row.cost, row.request_id);
        rows.retain(|row| {
            row.cost.is_some() && floor.is_none_or(|floor| row.occurred_at > floor.occurred_at)
        });
        rows.sort_by_key(place);
        if order == CostOrder::CostliestFirst {
            rows.reverse();
        }
        rows.retain(|row| {
            let end = after.map(|after| (Some(after.cost), after.request_id));
            end.is_none_or(|end| match order {
                CostOrder::CostliestFirst => place(row) < end,
                CostOrder::CheapestFirst => place(row) > end,
            })
        });
        rows.truncate(usize::from(limit));
        shelves.asked_logs.push(AskedLogs {
            filter,
            after: floor,
            limit,
        });
        Ok(rows)
    }

    async fn changed_request_logs(
        &self,
        _: LogFilter,
        after: ChangeCursor,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        let mut rows = self.open()?.logs.clone();
        rows.retain(|row| {
            row.changed_at
                .is_some_and(|at| (at, row.request_id) > (after.changed_at, after.request_id))
        });
        rows.sort_by_key(|row| (row.changed_at, row.request_id));
        rows.truncate(usize::from(limit));
        Ok(rows)
    }

    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError> {
        Ok(self.open()?.logs.iter().find(|row| row.request_id == id).cloned())
    }

    async fn prune_request_logs(&self, _: Timestamp, _: u32) -> Result<PrunedLogs, StoreError> {
        unreachable!("the admin API prunes nothing")
    }
}

#[async_trait]
impl StatsStore for FakeStore {
    async fn stats(&self, filter: StatsFilter, by: StatsBy, limit: u16) -> Result<Stats, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_stats = Some((filter, by));
        let mut groups = shelves.stats.clone();
        let mut total = StatsGroup::default();
        for group in &groups {
            for (class, count) in &group.requests {
                *total.requests.entry(class.clone()).or_default() += count;
            }
            for (bin, count) in &group.histogram {
                *total.histogram.entry(*bin).or_default() += count;
            }
            total.values = total.values.checked_add(group.values).unwrap();
            total.extras.add(&group.extras).unwrap();
        }
        let busy = |group: &StatsGroup| (group.values.attempts, group.request_count());
        groups.sort_by_key(|group| std::cmp::Reverse(busy(group)));
        let members = groups.len();
        groups.truncate(usize::from(limit));
        Ok(Stats {
            groups,
            total,
            members,
        })
    }
}

#[async_trait]
impl ExportStore for FakeStore {
    async fn export_entries(
        &self,
        filter: ExportFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_exports.push((filter, after, limit));
        let place = |entry: &RecordedEntry| {
            let entry = &entry.journaled.entry;
            (entry.attempt.event_id, entry.revision)
        };
        let mut entries = shelves.entries.clone();
        entries.sort_by_key(place);
        entries.retain(|entry| after.is_none_or(|after| place(entry) > after));
        entries.truncate(usize::from(limit));
        Ok(entries)
    }
}
