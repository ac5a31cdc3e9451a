//! One attempt between `opened` and its entry.

use std::sync::Arc;

use billing_core::{PriceBook, Reading};
use tollgate_domain::{AttemptContext, LedgerEntry, OutcomeKind};

use crate::books::Written;
use crate::opening::Opening;
use crate::recorder::Recorder;
use crate::{Deferred, DeferredObject, OpenError};

/// How an attempt ended, as the proxy saw it.
#[derive(Debug)]
pub struct AttemptEnd {
    /// What happened.
    pub kind: OutcomeKind,
    /// The upstream's status, if it answered.
    pub http_status: Option<u16>,
    /// From dispatch to the first content, in microseconds.
    pub ttft_us: Option<u64>,
    /// What the meter read, if there was anything to read.
    pub reading: Option<Reading>,
    /// A short description of a failure, never secret.
    pub detail: Option<String>,
}

/// An attempt that has been journaled as opened. It ends in exactly one of: [`OpenAttempt::not_sent`],
/// [`OpenAttempt::settle`], or being dropped, which settles it as interrupted.
#[must_use = "dropping an attempt settles it as interrupted"]
#[derive(Debug)]
pub struct OpenAttempt {
    recorder: Recorder,
    context: Arc<AttemptContext>,
    book: Arc<PriceBook>,
    opening: Opening,
    /// Whether a byte may have been sent: whoever has it in hand may send one.
    dispatchable: bool,
    ended: bool,
}

/// A settled attempt: its entry is in the journal, or on the way there.
#[must_use = "the last frame to the caller waits for it"]
#[derive(Debug)]
pub struct Settled {
    /// The entry as journaled.
    pub entry: Arc<LedgerEntry>,
    pub(crate) written: Written,
    pub(crate) recorder: Recorder,
}

impl OpenAttempt {
    pub(crate) fn new(
        recorder: Recorder,
        context: Arc<AttemptContext>,
        book: Arc<PriceBook>,
        opening: Opening,
    ) -> Self {
        Self {
            recorder,
            context,
            book,
            opening,
            dispatchable: false,
            ended: false,
        }
    }

    /// What was known at dispatch.
    pub fn context(&self) -> &AttemptContext {
        &self.context
    }

    /// Waits until the `opened` record lets it be dispatched. Dropped before that, the attempt leaves no entry.
    pub(crate) async fn ready(mut self) -> Result<Self, OpenError> {
        let refusal = self.recorder.await_opening(&mut self.opening).await;
        if let Err(error) = refusal {
            self.ended = true;
            return Err(error);
        }
        self.dispatchable = true;
        Ok(self)
    }

    /// Ends an attempt of which no byte was written on an open connection: it leaves no entry.
    pub fn not_sent(mut self) {
        self.close();
    }

    fn close(&mut self) {
        self.ended = true;
        if let Some(key) = self.opening.in_journal() {
            self.recorder.record_not_sent(self.context.event_id, key);
        }
    }

    /// Ends the attempt: prices it with the book it was dispatched with and journals its entry.
    pub fn settle(mut self, end: AttemptEnd) -> Settled {
        self.finish(end)
    }

    /// Ends an attempt whose usage comes later: the operation is journaled in the place of its entry, and the database
    /// keeps it until its end is seen. The attempt itself leaves no entry before.
    pub fn defer(mut self, made: DeferredObject) -> Deferred {
        self.ended = true;
        let opened = self.opening.in_journal();
        self.recorder.record_deferred(&self.context, opened, made)
    }

    fn finish(&mut self, end: AttemptEnd) -> Settled {
        self.ended = true;
        let opened = self.opening.in_journal();
        self.recorder.record_end(&self.context, &self.book, opened, end)
    }
}

impl Drop for OpenAttempt {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if !self.dispatchable {
            return self.close();
        }
        let end = AttemptEnd {
            kind: OutcomeKind::Interrupted,
            http_status: None,
            ttft_us: None,
            reading: None,
            detail: None,
        };
        // Nobody is left to wait for it.
        drop(self.finish(end));
    }
}

impl Settled {
    /// Waits until the entry is as durable as configured, for a bounded time: it is the only delay billing may
    /// add to an answer.
    pub async fn wait(self) {
        self.recorder.await_entry(self.written).await;
    }
}
