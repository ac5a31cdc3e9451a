//! Reading counters and noting what is wrong with them.

use tollgate_domain::{Meter, Usage};

use super::{Node, number};
use crate::flags::{self, Flags};

/// Keys that lead to a value.
pub(crate) type Path = &'static [&'static str];

/// What an extraction found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) usage: Usage,
    /// Calls of hosted tools, billed where they have a price.
    pub(crate) tool_calls: Usage,
    pub(crate) flags: Flags,
    /// The first impossible counter.
    pub(crate) problem: Option<String>,
    /// Whether any counter was there at all.
    pub(crate) counted: bool,
    pub(crate) tier: Option<String>,
    pub(crate) modifiers: Vec<String>,
}

/// Reads counters of one usage object into a [`Tally`].
pub(crate) struct Reader<'a> {
    node: &'a Node,
    pub(crate) tally: Tally,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(node: &'a Node) -> Self {
        Self {
            node,
            tally: Tally::default(),
        }
    }

    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// The count at a path; `None` where there is none, or an impossible one (which is then the problem).
    pub(crate) fn count(&mut self, path: &[&str]) -> Option<u64> {
        self.count_in(self.node, path)
    }

    /// The count at the first of several paths that has one.
    pub(crate) fn first(&mut self, paths: &[Path]) -> Option<u64> {
        paths.iter().find_map(|path| self.count(path))
    }

    /// The count at a path of a part of the object.
    pub(crate) fn count_in(&mut self, node: &Node, path: &[&str]) -> Option<u64> {
        let found = node.get(path)?;
        let read = match found {
            Node::Leaf(json) => number::count(json),
            Node::Object(_) => Err("is not a number in range"),
        };
        if read.is_ok_and(|written| written.as_text) {
            self.flag(flags::COUNT_AS_TEXT);
        }
        self.checked(path, found, read.map(|written| written.count))
    }

    /// The largest count at several paths: several names for one thing.
    pub(crate) fn largest(&mut self, paths: &[Path]) -> Option<u64> {
        paths.iter().filter_map(|path| self.count(path)).max()
    }

    /// Whole seconds at a path, rounded up.
    pub(crate) fn seconds(&mut self, path: &[&str]) -> Option<u64> {
        let found = self.node.get(path)?;
        let read = match found {
            Node::Leaf(json) => number::seconds(json),
            Node::Object(_) => Err("is not a number in range"),
        };
        self.checked(path, found, read)
    }

    /// The sum of an array of counts at a path.
    pub(crate) fn sum(&mut self, path: &[&str]) -> u64 {
        let mut sum = 0_u64;
        for found in self.node.elements(path) {
            let read = match &found {
                Node::Leaf(json) => number::count(json).map(|written| written.count),
                Node::Object(_) => Err("is not a number in range"),
            };
            sum = sum.saturating_add(self.checked(path, &found, read).unwrap_or(0));
        }
        sum
    }

    fn checked(&mut self, path: &[&str], found: &Node, read: Result<u64, &'static str>) -> Option<u64> {
        match read {
            Ok(count) => {
                self.tally.counted = true;
                Some(count)
            }
            Err(why) => {
                let shown: String = found.to_json().chars().take(40).collect();
                self.problem(format!("{} {why}: {shown}", path.join(".")));
                None
            }
        }
    }

    /// Counts on a meter.
    pub(crate) fn add(&mut self, meter: Meter, count: u64) {
        if self.tally.usage.add(meter, count).is_err() {
            self.problem(format!("{meter} is above 2^40: {count}"));
        }
    }

    /// Counts calls of a hosted tool. There is one list of them, so the meter is added to once.
    pub(crate) fn add_tool_calls(&mut self, meter: Meter, count: u64) {
        if self.tally.tool_calls.add(meter, count).is_err() {
            self.flag(flags::UNMETERED_TOOL_CALLS);
        }
    }

    pub(crate) fn flag(&mut self, flag: &'static str) {
        self.tally.flags.raise(flag);
    }

    fn problem(&mut self, problem: String) {
        self.tally.problem.get_or_insert(problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_impossible_counter_is_the_problem() {
        let node = Node::parse_object(br#"{"a":{"b":-4},"c":1e99,"d":"5"}"#).unwrap();
        let mut reader = Reader::new(&node);
        assert_eq!(reader.count(&["a", "b"]), None);
        assert_eq!(reader.count(&["c"]), None);
        assert!(!reader.tally.counted);
        assert_eq!(reader.first(&[&["x"], &["d"]]), Some(5));
        assert!(reader.tally.counted);
        assert_eq!(reader.tally.problem.as_deref(), Some("a.b is negative: -4"));
        assert_eq!(reader.tally.flags.into_names(), [flags::COUNT_AS_TEXT]);
    }

    #[test]
    fn sums_beyond_the_limit_are_a_problem() {
        let node = Node::parse_object(b"{}").unwrap();
        let mut reader = Reader::new(&node);
        reader.add(Meter::Input, 1 << 40);
        assert_eq!(reader.tally.problem, None);
        reader.add(Meter::Input, 1);
        assert!(reader.tally.problem.is_some());
    }
}
