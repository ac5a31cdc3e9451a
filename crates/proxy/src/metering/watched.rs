//! The part of an answer's metering that concerns deferred operations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tollgate_domain::DeferredOperation;
use tollgate_ledger::AttemptEnd;

use super::Metering;
use crate::outcome::{BodyEnd, outcome};

impl Metering {
    /// Reads along. As soon as a stream names the response it tells of, the attempt is handed over: whatever becomes of
    /// this stream, the response goes on.
    pub(super) fn read_along(&mut self, bytes: &[u8]) {
        let Some(watch) = &mut self.watch else { return };
        if catch_unwind(AssertUnwindSafe(|| watch.push(bytes))).is_err() {
            tracing::error!("reading along failed on an answer; it is looked at again later");
            self.watch = None;
            return;
        }
        if watch.is_stream() && self.attempt.is_some() {
            self.operation = self.hand_over();
        }
    }

    /// Ends the attempt where its usage comes later.
    fn hand_over(&mut self) -> Option<Arc<DeferredOperation>> {
        let made = self.watch.as_ref()?.made()?;
        if tokio::runtime::Handle::try_current().is_err() {
            return None;
        }
        let (watch, attempt) = (self.watch.as_ref()?, self.attempt.take()?);
        let (operation, work) = watch.hand_over(attempt, made);
        self.followup = watch.desk().spawn(work);
        self.deferred = true;
        Some(operation)
    }

    /// What is left to do for deferred operations at the end of an answer.
    pub(super) fn end_watch(&mut self, end: BodyEnd) {
        if self.watch.is_none() || end != BodyEnd::Ended {
            // What broke off may be read in part: it is looked at again.
            self.watch = None;
            return;
        }
        if self.attempt.is_some() && self.hand_over().is_some() {
            self.watch = None;
            return;
        }
        let Some(watch) = self.watch.take() else { return };
        let desk = Arc::clone(watch.desk());
        if let Some((work, waits)) = watch.finish() {
            let task = desk.spawn(work);
            self.followup = task.filter(|_| waits);
        }
    }

    /// The end of a stream whose attempt was handed over: its terminal event settles the operation. Anything else leaves
    /// it to whoever sees the response end.
    pub(super) fn end_stream(&mut self, operation: Arc<DeferredOperation>, end: BodyEnd) {
        let reading = self.reading();
        let Some(watch) = self.watch.take() else { return };
        if !reading.complete {
            return;
        }
        let ended = AttemptEnd {
            kind: outcome(self.status, self.ends_with_body, end, &reading),
            http_status: Some(self.status.as_u16()),
            ttft_us: None,
            reading: Some(reading),
            detail: None,
        };
        let desk = Arc::clone(watch.desk());
        let settling = Arc::clone(&desk);
        let work = async move { settling.settle_fresh(&operation, ended).await };
        drop(desk.spawn(work));
    }
}
