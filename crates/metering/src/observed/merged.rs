//! Counters merged over an answer.

use crate::counters::Node;
use crate::flags::{self, Flags};

/// Counters of what was generated: over a stream they can only grow.
const RUNNING: [&str; 3] = ["output_tokens", "completion_tokens", "candidatesTokenCount"];

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
    /// Takes the counters of one of several parts: what was generated adds up, all else is as the latest says.
    pub(super) fn add_part(&mut self, json: &[u8], flags: &mut Flags) {
        let before = self.node.clone();
        self.add(json, true, flags);
        if let (Some(before), Some(node)) = (before, &mut self.node) {
            flags.raise(flags::PARTS_ADDED_UP);
            node.add_counts(&before, |key| key.starts_with("output_tokens"));
            let sum = node.whole(&["input_tokens"]).zip(node.whole(&["output_tokens"]));
            if let Some(total) = sum.and_then(|(input, output)| input.checked_add(output)) {
                node.set_count("total_tokens", total);
            }
        }
    }

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
                let fell = |key| {
                    known
                        .whole(&[key])
                        .zip(node.whole(&[key]))
                        .is_some_and(|(was, is)| is < was)
                };
                if RUNNING.into_iter().any(fell) || known.drops_in(&node) {
                    flags.raise(flags::COUNTER_FELL);
                }
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
