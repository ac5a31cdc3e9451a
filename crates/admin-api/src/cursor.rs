//! Keyset paging: opaque cursors and bounded pages.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Rows of a page if the caller does not say.
pub(crate) const DEFAULT_LIMIT: u16 = 50;
/// The most rows of a page.
pub(crate) const MAX_LIMIT: u16 = 200;

/// Writes the place where a page ends; callers hand it back unread.
pub(crate) fn encode<T: Serialize>(place: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// Reads what [`encode`] wrote; the error is a message for the caller.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(|| format!("{text:?} is not a cursor this list gave out"))
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
        let text = encode(&(7, "name".to_owned()));
        assert_eq!(decode::<(i32, String)>(&text), Ok((7, "name".to_owned())));
        for foreign in ["", "%%%", "bnVsbA", &encode(&"other")] {
            assert!(decode::<(i32, String)>(foreign).is_err(), "{foreign:?}");
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
