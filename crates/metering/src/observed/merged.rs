//! Counters merged over an answer.

use crate::counters::Node;
use crate::flags::{self, Flags};

/// The counters seen so far: the latest non-null value of each field.
#[derive(Default)]
pub(super) struct MergedUsage {
    node: Option<Node>,
    /// The one object seen, as it was written.
    verbatim: Option<String>,
    last_is_final: bool,
    too_large: bool,
}

impl MergedUsage {
    /// Takes one usage object. `last` tells that no other comes after it but newer ones of its kind.
    pub(super) fn add(&mut self, json: &[u8], last: bool, flags: &mut Flags) {
        if json == b"null" {
            return;
        }
        if json.first() != Some(&b'{') {
            flags.raise(flags::USAGE_NOT_AN_OBJECT);
            return;
        }
        let Some(node) = Node::parse_object(json) else {
            self.too_large();
            return;
        };
        self.last_is_final |= last;
        match &mut self.node {
            None => {
                self.verbatim = std::str::from_utf8(json).ok().map(ToOwned::to_owned);
                self.node = Some(node);
            }
            Some(known) => {
                self.verbatim = None;
                self.too_large |= known.merge(node).is_none();
            }
        }
    }

    pub(super) fn too_large(&mut self) {
        self.too_large = true;
    }

    pub(super) fn is_some(&self) -> bool {
        self.node.is_some()
    }

    pub(super) fn is_final(&self) -> bool {
        self.last_is_final
    }

    pub(super) fn node(&self) -> Option<&Node> {
        self.node.as_ref()
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        self.too_large
            .then_some("the usage object is damaged or too large")
    }

    /// The counters as JSON: verbatim where there was one object.
    pub(super) fn into_json(self) -> Option<String> {
        let merged = || self.node.as_ref().map(Node::to_json);
        self.verbatim.clone().or_else(merged)
    }
}
