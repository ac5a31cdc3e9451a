//! Request logs.

use async_trait::async_trait;
use tollgate_domain::ports::{
    ChangeCursor, CostCursor, CostOrder, LogCursor, LogFilter, LogRow, LogStore, PrunedLogs, StoreError,
    TimeOrder,
};
use tollgate_domain::{RequestId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl LogStore for Database {
    async fn request_logs(
        &self,
        filter: LogFilter,
        order: TimeOrder,
        after: Option<LogCursor>,
        last: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        let range = (after, last);
        run!(
            self.backend,
            reading,
            "listing request logs",
            log_reads::list(&filter, order, range, limit)
        )
    }

    async fn log_scan_end(
        &self,
        filter: LogFilter,
        order: TimeOrder,
        after: Option<LogCursor>,
        depth: u32,
    ) -> Result<Option<LogCursor>, StoreError> {
        run!(
            self.backend,
            reading,
            "bounding request logs",
            log_reads::scan_end(&filter, order, after, depth)
        )
    }

    async fn log_floor(&self, filter: LogFilter, depth: u32) -> Result<Option<LogCursor>, StoreError> {
        run!(
            self.backend,
            reading,
            "bounding request logs",
            log_reads::floor(&filter, depth)
        )
    }

    async fn request_logs_by_cost(
        &self,
        filter: LogFilter,
        order: CostOrder,
        floor: Option<LogCursor>,
        after: Option<CostCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing request logs by cost",
            log_reads::by_cost(&filter, order, floor, after, limit)
        )
    }

    async fn changed_request_logs(
        &self,
        filter: LogFilter,
        after: ChangeCursor,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "following request logs",
            log_reads::changed(&filter, after, limit)
        )
    }

    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading a request log",
            log_reads::find(id)
        )
    }

    async fn prune_request_logs(&self, before: Timestamp, limit: u32) -> Result<PrunedLogs, StoreError> {
        run!(
            self.backend,
            writing,
            "pruning request logs",
            log_reads::prune(before, limit)
        )
    }
}
