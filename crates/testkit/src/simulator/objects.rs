//! What a provider keeps: background responses, files, batches.

use std::collections::HashMap;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::exchange::lists;

/// A request that belongs to an object.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Objects by their id.
#[derive(Debug, Default)]
pub(super) struct Objects {
    kept: HashMap<String, Kept>,
    /// Their ids, in the order they were made.
    order: Vec<String>,
}

/// One object.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// How often it is still found going on.
    pub(super) looks: u32,
    pub(super) going_on: Value,
    pub(super) ended: Value,
    /// What it is once it has been cancelled.
    pub(super) cancelled: Value,
    /// A file's content, or a batch's results.
    pub(super) content: Vec<u8>,
    /// The stream that a background response ended with.
    pub(super) events: Vec<u8>,
}

/// Whether a path is an object's.
pub(super) fn is_one(path: &str, method: &Method, headers: &HeaderMap) -> bool {
    let below = |tree: &str| path.strip_prefix(tree).is_some_and(|rest| rest.starts_with('/'));
    let made =
        *method == Method::POST && ["/v1/files", "/v1/batches", "/v1/messages/batches"].contains(&path);
    let listed = *method == Method::GET && lists::is_one(path);
    made || listed
        || is_gemini(path, method, headers)
        || below("/v1/files")
        || below("/v1/batches")
        || below("/v1/messages/batches")
        || below("/v1/responses")
}

/// Whether it is one of Gemini's. The paths of its first version are others' as well.
pub(super) fn is_gemini(path: &str, method: &Method, headers: &HeaderMap) -> bool {
    let makes = [":batchGenerateContent", ":asyncBatchEmbedContent"];
    let made = *method == Method::POST && makes.iter().any(|verb| path.ends_with(verb));
    let below = |trees: &[&str]| trees.iter().any(|tree| path.starts_with(tree));
    let shared = below(&["/v1/batches/", "/v1/files/"]) && headers.contains_key("x-goog-api-key");
    let listed = *method == Method::GET
        && lists::is_gemini(path)
        && (path.starts_with("/v1beta/") || headers.contains_key("x-goog-api-key"));
    made || shared || listed || below(&["/v1beta/batches/", "/v1beta/files/", "/upload/"])
}

impl Objects {
    pub(super) fn put(&mut self, id: String, kept: Kept) {
        if self.kept.insert(id.clone(), kept).is_none() {
            self.order.push(id);
        }
    }

    /// All whose ids begin alike, the newest first, as they are found now; that is no look.
    pub(super) fn list(&self, beginning: &str) -> Vec<(String, Value)> {
        let ids = self.order.iter().rev().filter(|id| id.starts_with(beginning));
        ids.filter_map(|id| {
            let kept = self.kept.get(id)?;
            let shown = if kept.looks > 0 {
                &kept.going_on
            } else {
                &kept.ended
            };
            Some((id.clone(), shown.clone()))
        })
        .collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Kept> {
        self.kept.get(id)
    }

    /// Adds to an object's content, where it has so much of it.
    pub(super) fn append(&mut self, id: &str, offset: usize, piece: &[u8]) -> Option<()> {
        let kept = self.kept.get_mut(id)?;
        (kept.content.len() == offset).then(|| kept.content.extend_from_slice(piece))
    }

    /// The object as it is found now.
    pub(super) fn look(&mut self, id: &str) -> Option<Value> {
        let kept = self.kept.get_mut(id)?;
        if kept.looks > 0 {
            kept.looks -= 1;
            return Some(kept.going_on.clone());
        }
        Some(kept.ended.clone())
    }

    /// Cancels an object that goes on.
    pub(super) fn cancel(&mut self, id: &str) -> Option<Value> {
        let kept = self.kept.get_mut(id)?;
        if kept.looks > 0 {
            kept.looks = 0;
            kept.ended = kept.cancelled.clone();
        }
        Some(kept.ended.clone())
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Kept> {
        self.order.retain(|known| known != id);
        self.kept.remove(id)
    }

    pub(super) fn end_all(&mut self) {
        for kept in self.kept.values_mut() {
            kept.looks = 0;
        }
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.order.clear();
    }
}
