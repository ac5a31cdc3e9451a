//! One attempt between `opened` and its entry.

use std::sync::Arc;

use billing_core::{PriceBook, Reading};
use tollgate_domain::{AttemptContext, LedgerEntry, OutcomeKind};
use tollgate_journal::Ticket;

use crate::recorder::{Durability, Recorder};

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
    /// Position of its `opened` record; `None` when the journal had no room and the policy is to serve.
    position: Option<u64>,
    opened: Option<Ticket>,
    ended: bool,
}

/// A settled attempt: its entry is in the journal.
#[must_use = "the last frame to the caller waits for it"]
#[derive(Debug)]
pub struct Settled {
    /// The entry as journaled.
    pub entry: Arc<LedgerEntry>,
    ticket: Option<Ticket>,
    recorder: Recorder,
}

impl OpenAttempt {
    pub(crate) fn new(
        recorder: Recorder,
        context: Arc<AttemptContext>,
        book: Arc<PriceBook>,
        opened: Option<(u64, Ticket)>,
    ) -> Self {
        let (position, opened) = opened.unzip();
        Self {
            recorder,
            context,
            book,
            position,
            opened,
            ended: false,
        }
    }

    /// What was known at dispatch.
    pub fn context(&self) -> &AttemptContext {
        &self.context
    }

    /// Waits until the `opened` record is as durable as configured; call before dispatch. Returns at once
    /// unless durability is strict.
    pub async fn ready(&mut self) {
        if let (Durability::Strict(limit), Some(ticket)) = (self.recorder.durability(), self.opened.take()) {
            self.recorder.wait(ticket, limit).await;
        }
    }

    /// Ends an attempt of which no byte was written on an open connection: it leaves no entry.
    pub fn not_sent(mut self) {
        self.ended = true;
        self.recorder
            .record_not_sent(self.context.event_id, self.position);
    }

    /// Ends the attempt: prices it with the book it was dispatched with and journals its entry.
    pub fn settle(mut self, end: AttemptEnd) -> Settled {
        self.finish(end)
    }

    fn finish(&mut self, end: AttemptEnd) -> Settled {
        self.ended = true;
        let (entry, ticket) = self
            .recorder
            .record_end(&self.context, &self.book, self.position, end);
        Settled {
            entry,
            ticket,
            recorder: self.recorder.clone(),
        }
    }
}

impl Drop for OpenAttempt {
    fn drop(&mut self) {
        if !self.ended {
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
}

impl Settled {
    /// Waits until the entry is as durable as configured, for a bounded time: it is the only delay billing may
    /// add to an answer.
    pub async fn wait(self) {
        if let (Durability::Strict(limit), Some(ticket)) = (self.recorder.durability(), self.ticket) {
            self.recorder.wait(ticket, limit).await;
        }
    }
}
