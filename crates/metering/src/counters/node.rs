//! A usage object, its numbers kept as they were written.

use serde_json::value::RawValue;

use super::{members, number};

/// Members of one object kept; providers send about a dozen.
const MAX_MEMBERS: usize = 256;
/// Elements of an array looked at.
const MAX_ELEMENTS: usize = 4096;
/// Objects within objects that are merged field by field; deeper ones are replaced whole.
const MAX_DEPTH: usize = 6;

/// A JSON value. Objects are open, so that they can be merged; all else is its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Leaf(String),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Reads a JSON object; `None` when it is none or has an absurd number of members.
    pub(crate) fn parse_object(json: &[u8]) -> Option<Self> {
        Self::object(json, 0)
    }

    fn object(json: &[u8], depth: usize) -> Option<Self> {
        let members = members(json, |_| true).ok()?;
        let mut object = Self::Object(Vec::with_capacity(members.len().min(MAX_MEMBERS)));
        for (key, raw) in members {
            object.put(key, Self::any(raw.get(), depth + 1))?;
        }
        Some(object)
    }

    fn any(json: &str, depth: usize) -> Self {
        let open = json.starts_with('{') && depth < MAX_DEPTH;
        let object = if open {
            Self::object(json.as_bytes(), depth)
        } else {
            None
        };
        object.unwrap_or_else(|| Self::Leaf(json.to_owned()))
    }

    /// Takes over what `later` knows: the latest non-null value of each field wins, fields it does not name stay, and a
    /// zero does not replace a count: counters only grow, and some servers fill in those they do not know. `None` when
    /// the result has an absurd number of members.
    pub(crate) fn merge(&mut self, later: Self) -> Option<()> {
        match later {
            Self::Object(members) if matches!(self, Self::Object(_)) => members
                .into_iter()
                .try_for_each(|(key, node)| self.put(key, node)),
            later if later.is_null() || self.is_dropped_to(&later) => Some(()),
            later => {
                *self = later;
                Some(())
            }
        }
    }

    /// Whether this is a count and `later` says that it is none.
    fn is_dropped_to(&self, later: &Self) -> bool {
        self.whole(&[]).is_some_and(|count| count > 0) && later.whole(&[]) == Some(0)
    }

    /// Whether a count of this object, at any depth, is zero in a later one.
    pub(crate) fn drops_in(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::Object(members), Self::Object(_)) => members
                .iter()
                .any(|(key, node)| later.get(&[key]).is_some_and(|later| node.drops_in(later))),
            _ => self.is_dropped_to(later),
        }
    }

    fn put(&mut self, key: String, node: Self) -> Option<()> {
        let Self::Object(members) = self else {
            return None;
        };
        if let Some((_, known)) = members.iter_mut().find(|(known, _)| *known == key) {
            return known.merge(node);
        }
        (members.len() < MAX_MEMBERS).then(|| members.push((key, node)))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(text) if text == "null")
    }

    /// The value at a path of keys; `None` where there is none or it is null.
    pub(crate) fn get(&self, path: &[&str]) -> Option<&Self> {
        let found = path.iter().try_fold(self, |node, key| match node {
            Self::Object(members) => members
                .iter()
                .find(|(known, _)| known == key)
                .map(|(_, node)| node),
            Self::Leaf(_) => None,
        });
        found.filter(|node| !node.is_null())
    }

    /// The count at a path, if it is one.
    pub(crate) fn whole(&self, path: &[&str]) -> Option<u64> {
        match self.get(path)? {
            Self::Leaf(json) => number::count(json).ok().map(|written| written.count),
            Self::Object(_) => None,
        }
    }

    /// Replaces a count that is there.
    pub(crate) fn set_count(&mut self, key: &str, count: u64) {
        if let Self::Object(members) = self
            && let Some((_, node)) = members.iter_mut().find(|(known, _)| known == key)
        {
            *node = Self::Leaf(count.to_string());
        }
    }

    /// Adds another object's counts to those of the same name that are `wanted`, at the top and one level below.
    pub(crate) fn add_counts(&mut self, other: &Self, wanted: impl Fn(&str) -> bool) {
        let Self::Object(members) = self else {
            return;
        };
        for (key, node) in members.iter_mut().filter(|(key, _)| wanted(key)) {
            match node {
                Self::Leaf(json) => {
                    if let (Some(more), Ok(own)) = (other.whole(&[key]), number::count(json)) {
                        *json = own.count.saturating_add(more).to_string();
                    }
                }
                Self::Object(parts) => {
                    for (part, node) in parts {
                        let Self::Leaf(json) = node else {
                            continue;
                        };
                        if let (Some(more), Ok(own)) = (other.whole(&[key, part]), number::count(json)) {
                            *json = own.count.saturating_add(more).to_string();
                        }
                    }
                }
            }
        }
    }

    /// The text of a JSON string at a path.
    pub(crate) fn text(&self, path: &[&str]) -> Option<String> {
        match self.get(path)? {
            Self::Leaf(json) => serde_json::from_str(json).ok(),
            Self::Object(_) => None,
        }
    }

    /// The objects of an array at a path; anything else in it is left out.
    pub(crate) fn objects(&self, path: &[&str]) -> Vec<Self> {
        let is_object = |node: &Self| matches!(node, Self::Object(_));
        self.elements(path).into_iter().filter(is_object).collect()
    }

    /// The elements of an array at a path.
    pub(crate) fn elements(&self, path: &[&str]) -> Vec<Self> {
        let Some(Self::Leaf(json)) = self.get(path) else {
            return Vec::new();
        };
        let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
        let kept = elements.iter().take(MAX_ELEMENTS);
        kept.map(|raw| Self::any(raw.get(), 0)).collect()
    }

    /// As JSON text.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Leaf(json) => out.push_str(json),
            Self::Object(members) => {
                out.push('{');
                for (index, (key, node)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    out.push(':');
                    node.write(out);
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node {
        Node::parse_object(json.as_bytes()).unwrap()
    }

    #[test]
    fn merging_keeps_what_is_not_named_and_never_takes_null() {
        let mut merged = node(r#"{"in":25,"out":1,"cache":{"a":1,"b":2},"tier":"standard"}"#);
        merged
            .merge(node(r#"{"out":15,"in":null,"cache":{"b":3,"c":4},"new":1.50}"#))
            .unwrap();
        let expected = r#"{"in":25,"out":15,"cache":{"a":1,"b":3,"c":4},"tier":"standard","new":1.50}"#;
        assert_eq!(merged.to_json(), expected);
        assert_eq!(merged.text(&["tier"]).as_deref(), Some("standard"));
        assert_eq!(merged.get(&["cache", "c"]), Some(&Node::Leaf("4".to_owned())));
        assert_eq!(merged.get(&["in", "x"]), None);
    }

    #[test]
    fn a_zero_is_no_news_of_a_count() {
        let mut merged = node(r#"{"in":25,"cache":{"read":7},"none":0}"#);
        let later = node(r#"{"in":0,"cache":{"read":0},"none":3}"#);
        assert!(merged.drops_in(&later));
        merged.merge(later).unwrap();
        assert_eq!(merged.to_json(), r#"{"in":25,"cache":{"read":7},"none":3}"#);
    }

    #[test]
    fn null_is_replaced_and_an_object_replaces_a_number() {
        let mut merged = node(r#"{"details":null,"n":1}"#);
        merged.merge(node(r#"{"details":{"x":1},"n":{"y":2}}"#)).unwrap();
        assert_eq!(merged.to_json(), r#"{"details":{"x":1},"n":{"y":2}}"#);
    }

    #[test]
    fn arrays_are_replaced_whole_and_their_objects_found() {
        let mut merged = node(r#"{"d":[{"m":"A"},{"m":"B"}]}"#);
        merged.merge(node(r#"{"d":[{"m":"C"}, 5]}"#)).unwrap();
        assert_eq!(merged.objects(&["d"]), [node(r#"{"m":"C"}"#)]);
    }

    #[test]
    fn an_absurd_object_is_refused() {
        let members: Vec<_> = (0..300).map(|n| format!("\"k{n}\":1")).collect();
        assert_eq!(
            Node::parse_object(format!("{{{}}}", members.join(",")).as_bytes()),
            None
        );
        let (first, second) = members.split_at(200);
        let mut merged = node(&format!("{{{}}}", first.join(",")));
        assert_eq!(merged.merge(node(&format!("{{{}}}", second.join(",")))), None);
    }
}
