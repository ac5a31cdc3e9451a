//! Usage that comes later: handing an attempt over to the database, and settling it when its end is seen.

use std::sync::Arc;

use billing_core::PriceBook;
use tokio::sync::oneshot;
use tollgate_domain::{
    AttemptContext, DeferredKind, DeferredOperation, DeferredRef, EndpointBilling, ModelName, OutcomeKind,
    Protocol, RequestFacts, Timestamp,
};
use tollgate_journal::{Appended, JournalError, Room};

use crate::books::Written;
use crate::note::DeferredNote;
use crate::open_set::OpenKey;
use crate::recorder::encode;
use crate::{AttemptEnd, ENTRIES, NOTES, Recorder, Settled, sanitize};

/// What a provider made in answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredObject {
    /// What it is.
    pub kind: DeferredKind,
    /// The provider's id of it.
    pub object_id: String,
    /// The wire protocol in which it, or its items, will tell their usage.
    pub item_protocol: Protocol,
    /// The one model that all its items name, where the request itself names none.
    pub model: Option<ModelName>,
    /// When waiting for its end is given up.
    pub expires_at: Timestamp,
}

/// An attempt that has been handed over.
#[must_use = "the answer waits for it"]
#[derive(Debug)]
pub struct Deferred {
    /// What is waited for now.
    pub operation: Arc<DeferredOperation>,
    written: Written,
    recorder: Recorder,
}

/// The end of a deferred operation or of one of its items.
#[derive(Debug)]
pub struct DeferredEnd {
    /// The item within a batch; `None` for the operation itself.
    pub item_id: Option<String>,
    /// What it told.
    pub end: AttemptEnd,
    /// When the provider says it ended; the same whoever sees it, so that seeing it twice makes the same entry.
    pub ended_at: Option<Timestamp>,
}

impl Deferred {
    /// Waits until the operation is as durable as an entry would be, for a bounded time.
    pub async fn wait(self) {
        self.recorder.await_entry(self.written).await;
    }
}

impl Recorder {
    /// Journals that an attempt's usage comes later; `opened` is its place among the open ones, if the journal has it.
    pub(crate) fn record_deferred(
        &self,
        context: &Arc<AttemptContext>,
        opened: Option<OpenKey>,
        made: DeferredObject,
    ) -> Deferred {
        let mut attempt = Arc::clone(context);
        if let (None, Some(model)) = (&attempt.model_requested, sanitize::model(made.model)) {
            Arc::make_mut(&mut attempt).model_requested = Some(model);
        }
        let operation = Arc::new(DeferredOperation {
            attempt,
            kind: made.kind,
            object_id: sanitize::text(made.object_id),
            item_protocol: made.item_protocol,
            created_at: self.now(),
            expires_at: made.expires_at,
        });
        let event_id = context.event_id;
        let books = self.shared_books();
        let (tell, written) = oneshot::channel();
        let note = encode(&DeferredNote::Deferred(&operation));
        self.journal()
            .submit(Room::BudgetThenReserve, NOTES, &note, move |result| {
                match (&result, opened) {
                    (Ok(_), Some(key)) => books.open.remove(key),
                    (Ok(_), None) => {}
                    // It stays open: the next start records it as interrupted.
                    (Err(error), _) => {
                        let error: &JournalError = error;
                        tracing::error!(%event_id, %error, "a deferred operation could not be journaled");
                    }
                }
                // Whoever waited may have gone.
                tell.send(result.map(|appended| appended.ticket)).ok();
            });
        Deferred {
            operation,
            written,
            recorder: self.clone(),
        }
    }

    /// Prices the end of a deferred operation, or of an item of it, with the book it was dispatched with, and journals
    /// its entry. The caller holds the claim to it. An entry the journal does not take leaves the operation open.
    pub fn settle_deferred(
        &self,
        operation: &DeferredOperation,
        book: &PriceBook,
        ended: DeferredEnd,
    ) -> Settled {
        let context = Arc::new(operation_context(operation, ended.item_id, &ended.end));
        let event_id = context.event_id;
        let ended_at = ended.ended_at.unwrap_or_else(|| self.now());
        let entry = self.settle(&context, book, ended.end, ended_at.max(context.occurred_at));
        self.observed(&entry);
        let (tell, written) = oneshot::channel();
        let done = move |result: Result<Appended, JournalError>| {
            if let Err(error) = &result {
                tracing::error!(%event_id, %error, "the entry of a deferred operation could not be journaled; it stays open");
            }
            // Whoever waited may have gone.
            tell.send(result.map(|appended| appended.ticket)).ok();
        };
        self.journal()
            .submit(Room::BudgetThenReserve, ENTRIES, &encode(&entry), done);
        Settled {
            entry: Arc::new(entry),
            written,
            recorder: self.clone(),
        }
    }
}

/// The attempt that an entry of an operation belongs to. An item is an event of its own, billed as the protocol of its
/// answer has it; the batch around it costs nothing itself.
fn operation_context(
    operation: &DeferredOperation,
    item_id: Option<String>,
    end: &AttemptEnd,
) -> AttemptContext {
    let mut context = (*operation.attempt).clone();
    let item_id = item_id.map(sanitize::text);
    if let Some(item_id) = &item_id {
        context.event_id = operation.item_event(item_id);
        context.protocol = operation.item_protocol;
        context.facts = RequestFacts::default();
        context.tier_requested = Some("batch".to_owned());
        context.stream = false;
        let served = || {
            end.reading
                .as_ref()
                .and_then(|reading| reading.model_served.clone())
        };
        context.model_requested = context.model_requested.or_else(served);
        context.model_sent = context.model_sent.or_else(|| context.model_requested.clone());
    }
    if item_id.is_none() {
        // What ends without anything to read costs nothing itself: a batch around its items, an object made twice.
        let free = end.reading.is_none() && end.kind == OutcomeKind::Completed;
        context.facts.billing = if free {
            EndpointBilling::Free
        } else {
            EndpointBilling::Metered
        };
    }
    context.facts.deferred = Some(DeferredRef {
        object_id: operation.object_id.clone(),
        item_id,
    });
    context
}
