//! A batch that has ended: its items, settled as they arrive.

use std::sync::Arc;

use tollgate_domain::ports::DeferredClaim;
use tollgate_domain::{DeferredKind, DeferredOperation, Timestamp, UpstreamObject};
use tollgate_ledger::DeferredEnd;

use super::desk::Desk;
use super::items::{ItemReader, Shape};
use super::object::ObjectFacts;
use super::pieces::{Pieces, Unseen};
use crate::endpoint::escaped;
use crate::route::Route;
use crate::state::Shared;

/// How many items of a batch are settled together.
const ITEMS: usize = 500;

/// A batch whose items are being settled.
pub(super) struct Batch<'a> {
    pub(super) shared: &'a Shared,
    pub(super) desk: &'a Desk,
    pub(super) claim: DeferredClaim,
    pub(super) operation: &'a DeferredOperation,
    pub(super) route: &'a Arc<Route>,
    pub(super) book: Arc<billing_core::PriceBook>,
    pub(super) ended_at: Option<Timestamp>,
    /// How many there were.
    pub(super) items: u64,
}

/// Where its results are, and how they are written.
type Results = Vec<(String, Shape)>;

/// Where a batch is at its upstream.
pub(crate) fn path(operation: &DeferredOperation) -> String {
    let id = escaped(&operation.object_id);
    match operation.kind {
        DeferredKind::OpenaiBatch => format!("/v1/batches/{id}"),
        DeferredKind::AnthropicBatch => format!("/v1/messages/batches/{id}"),
        // Its name says that it is a batch.
        DeferredKind::GeminiBatch => format!("/v1beta/{id}"),
        _ => format!("/v1/responses/{id}"),
    }
}

fn results(operation: &DeferredOperation, facts: &ObjectFacts) -> Results {
    let own = path(operation);
    match operation.kind {
        DeferredKind::AnthropicBatch => vec![(format!("{own}/results"), Shape::Anthropic)],
        DeferredKind::GeminiBatch => {
            let files = facts.files().map(escaped);
            let files: Results = files
                .map(|file| (format!("/v1beta/{file}:download?alt=media"), Shape::GeminiFile))
                .collect();
            if files.is_empty() {
                vec![(own, Shape::GeminiInline)]
            } else {
                files
            }
        }
        _ => {
            let files = facts.files().map(escaped);
            files
                .map(|file| (format!("/v1/files/{file}/content"), Shape::Openai))
                .collect()
        }
    }
}

impl<'a> Batch<'a> {
    pub(super) async fn new(
        shared: &'a Shared,
        desk: &'a Desk,
        claim: DeferredClaim,
        operation: &'a DeferredOperation,
        route: &'a Arc<Route>,
    ) -> Self {
        Self {
            shared,
            desk,
            claim,
            operation,
            route,
            book: desk.book(operation).await,
            ended_at: None,
            items: 0,
        }
    }

    /// Settles all its items.
    pub(super) async fn settle_items(&mut self, facts: &ObjectFacts) -> Result<(), Unseen> {
        // The same whoever reads it: an item that is settled twice is the same entry twice.
        self.ended_at = facts.ended_at().or(Some(self.operation.created_at));
        let files = facts.files().map(|file| UpstreamObject {
            upstream_id: self.route.upstream.id,
            object_id: file.to_owned(),
            key_id: self.operation.attempt.key.id,
            model: None,
            models: None,
            event_id: Some(self.operation.attempt.event_id),
            created_at: self.desk.now(),
        });
        let files: Vec<_> = files.collect();
        if !files.is_empty() {
            self.desk.note_files(files).await;
        }
        for (path, shape) in results(self.operation, facts) {
            self.settle_file(&path, shape).await?;
        }
        Ok(())
    }

    /// Settles the items of a file as they arrive.
    async fn settle_file(&mut self, path: &str, shape: Shape) -> Result<(), Unseen> {
        let provider = &self.route.upstream.provider;
        let mut reader = ItemReader::new(shape, self.operation.item_protocol, provider);
        let mut items = Vec::new();
        let mut pieces =
            Pieces::fetch(self.shared, self.route, self.operation.attempt.protocol, path).await?;
        while let Some(piece) = pieces.next().await? {
            reader.push(&piece, &mut items);
            if items.len() >= ITEMS {
                self.settle(&mut items).await?;
            }
        }
        items.extend(reader.finish());
        self.settle(&mut items).await
    }

    async fn settle(&mut self, items: &mut Vec<DeferredEnd>) -> Result<(), Unseen> {
        if !self.desk.keep(self.claim).await {
            return Err(Unseen::trouble("somebody else settles it"));
        }
        let ids = items.iter().filter_map(|item| item.item_id.as_deref());
        let events: Vec<_> = ids.map(|id| self.operation.item_event(id)).collect();
        let known = self.desk.in_ledger(events).await;
        let known = known.map_err(|error| Unseen::Trouble(error.to_string()))?;
        let mut last = None;
        for mut item in items.drain(..) {
            self.items += 1;
            let id = item.item_id.as_deref().unwrap_or_default();
            if known.contains(&self.operation.item_event(id)) {
                continue;
            }
            item.ended_at = self.ended_at;
            last = Some(self.desk.settle_item(self.operation, &self.book, item));
        }
        // They are journaled in order.
        if let Some(last) = last {
            last.wait().await;
        }
        Ok(())
    }
}
