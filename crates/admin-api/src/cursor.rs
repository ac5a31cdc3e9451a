//! Keyset paging: opaque cursors and bounded pages.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Rows of a page if the caller does not say.
pub(crate) const DEFAULT_LIMIT: u16 = 50;
/// The most rows of a page.
pub(crate) const MAX_LIMIT: u16 = 200;

/// A list with its filters and its order: a cursor belongs to one, and leads nowhere in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed(u32);

impl Listed {
    /// The list at a path, with these parameters; those that say which part of it are none of it.
    pub(crate) fn of<'q>(path: &str, parameters: impl Iterator<Item = (&'q str, &'q str)>) -> Self {
        let mut parameters: Vec<_> = parameters
            .filter(|(name, _)| !matches!(*name, "cursor" | "limit"))
            .collect();
        parameters.sort_unstable();
        let mut hash = Context::new(&SHA256);
        let texts = parameters.into_iter().flat_map(|(name, value)| [name, value]);
        for text in std::iter::once(path).chain(texts) {
            hash.update(&(text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let bytes = hash.finish();
        Self(
            bytes
                .as_ref()
                .iter()
                .take(4)
                .fold(0, |mark, byte| (mark << 8) | u32::from(*byte)),
        )
    }

    /// Writes the place where a page ends; callers hand it back unread.
    pub(crate) fn encode<T: Serialize>(self, place: &T) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(self.0, place)).unwrap_or_default())
    }

    /// Reads what [`Self::encode`] wrote; the error is a message for the caller.
    pub(crate) fn decode<T: DeserializeOwned>(self, text: &str) -> Result<T, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let read = bytes.and_then(|json| serde_json::from_slice::<(u32, Value)>(&json).ok());
        let Some((mark, place)) = read else {
            return Err(format!("{text:?} is not a cursor this list gave out"));
        };
        if mark != self.0 {
            return Err(format!(
                "{text:?} is of another list, or of this one with other filters or in another order; begin without a cursor"
            ));
        }
        serde_json::from_value(place).map_err(|_| format!("{text:?} is not a cursor this list gave out"))
    }
}

/// Reads a page size; the error is a message for the caller.
pub(crate) fn parse_limit(text: &str) -> Result<u16, String> {
    text.parse()
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| format!("{text:?} is outside 1..={MAX_LIMIT}"))
}

/// One page of rows that are all in memory, in key order, and where it ends if more follow.
pub(crate) fn page<T, K: Ord>(
    mut rows: Vec<T>,
    key: impl Fn(&T) -> K,
    after: Option<&K>,
    limit: u16,
) -> (Vec<T>, Option<K>) {
    rows.retain(|row| after.is_none_or(|after| key(row) > *after));
    rows.sort_by_key(&key);
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let end = rows.last().filter(|_| more).map(key);
    (rows, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_join_without_gap_or_repetition_whatever_the_limit() {
        let rows: Vec<u32> = vec![5, 3, 9, 1, 7];
        for limit in 1..=6 {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let (part, end) = page(rows.clone(), |row| *row, after.as_ref(), limit);
                assert!(part.len() <= usize::from(limit));
                seen.extend(part);
                match end {
                    Some(end) => after = Some(end),
                    None => break,
                }
            }
            assert_eq!(seen, [1, 3, 5, 7, 9], "limit {limit}");
        }
    }

    #[test]
    fn a_cursor_survives_its_text_and_a_foreign_one_is_refused() {
        let listed = Listed::of("/keys", [("team", "a"), ("q", "b")].into_iter());
        let text = listed.encode(&(7, "name".to_owned()));
        assert_eq!(listed.decode::<(i32, String)>(&text), Ok((7, "name".to_owned())));
        for foreign in ["", "%%%", "bnVsbA", &listed.encode(&"other"), &text[1..]] {
            let refused = listed.decode::<(i32, String)>(foreign).unwrap_err();
            assert!(refused.contains("not a cursor"), "{foreign:?}: {refused}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_a_list_its_filters_and_its_order_and_not_to_the_size_of_a_page() {
        let of =
            |path, parameters: &[(&'static str, &'static str)]| Listed::of(path, parameters.iter().copied());
        let text = of("/keys", &[("team", "a"), ("q", "b")]).encode(&"x");
        let same = [("limit", "7"), ("q", "b"), ("cursor", "y"), ("team", "a")];
        assert_eq!(of("/keys", &same).decode::<String>(&text), Ok("x".to_owned()));
        for other in [
            of("/tokens", &[("team", "a"), ("q", "b")]),
            of("/keys", &[("team", "b"), ("q", "a")]),
            of("/keys", &[("team", "a")]),
            of("/keys", &[("teama", ""), ("q", "b")]),
        ] {
            let refused = other.decode::<String>(&text).unwrap_err();
            assert!(refused.contains("other filters"), "{refused}");
        }
    }

    #[test]
    fn the_limit_has_both_bounds() {
        assert_eq!((parse_limit("1"), parse_limit("200")), (Ok(1), Ok(200)));
        for wrong in ["0", "201", "-1", "", "ten", "70000"] {
            assert!(parse_limit(wrong).unwrap_err().contains("1..=200"), "{wrong:?}");
        }
    }
}
