//! Events that only count on: all but the last of them need not be parsed.

use memchr::memmem::Finder;

/// Holds back the latest event of a row in which each says what the one before said, with counts as large or larger.
pub(crate) struct Running {
    /// What such events contain; nothing for protocols that have none.
    key: Option<Finder<'static>>,
    /// The latest event with counts.
    latest: Vec<u8>,
    /// It is held back.
    holds: bool,
}

impl Running {
    pub(crate) fn new(key: Option<&'static str>) -> Self {
        Self {
            key: key.map(Finder::new),
            latest: Vec::new(),
            holds: false,
        }
    }

    /// Whether an event has counts.
    pub(crate) fn counts(&self, event: &[u8]) -> bool {
        self.at(event).is_some()
    }

    /// Holds an event back, if it says anew all that the latest one said.
    pub(crate) fn takes(&mut self, event: &[u8]) -> bool {
        let tail = self.tail(event);
        let taken = !tail.is_empty() && supersedes(tail, self.tail(&self.latest));
        if taken {
            self.keep(event, true);
        }
        taken
    }

    /// Takes note of an event that was scanned.
    pub(crate) fn note(&mut self, event: &[u8]) {
        if self.counts(event) {
            self.keep(event, false);
        }
    }

    /// The event held back, if there is one; it is no longer.
    pub(crate) fn release(&mut self) -> Option<Vec<u8>> {
        std::mem::take(&mut self.holds).then(|| self.latest.clone())
    }

    fn keep(&mut self, event: &[u8], holds: bool) {
        self.latest.clear();
        self.latest.extend_from_slice(event);
        self.holds = holds;
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.latest.capacity()
    }

    fn at(&self, event: &[u8]) -> Option<usize> {
        self.key.as_ref().and_then(|key| key.find(event))
    }

    /// From the counts on.
    fn tail<'a>(&self, event: &'a [u8]) -> &'a [u8] {
        self.at(event).and_then(|at| event.get(at..)).unwrap_or_default()
    }
}

/// Whether two texts are the same but for whole numbers, none of which is smaller in the later one. Then the same keys
/// have values, and each is at least what it was.
fn supersedes(later: &[u8], earlier: &[u8]) -> bool {
    let (mut later, mut earlier) = (later, earlier);
    loop {
        let same = later
            .iter()
            .zip(earlier)
            .take_while(|(new, old)| new == old && !new.is_ascii_digit())
            .count();
        let (new, old) = (
            later.get(same..).unwrap_or_default(),
            earlier.get(same..).unwrap_or_default(),
        );
        if new.is_empty() && old.is_empty() {
            return true;
        }
        let (new_digits, old_digits) = (digits(new), digits(old));
        let grows = (new_digits.len(), new_digits) >= (old_digits.len(), old_digits);
        if new_digits.is_empty() || old_digits.is_empty() || !grows {
            return false;
        }
        later = new.get(new_digits.len()..).unwrap_or_default();
        earlier = old.get(old_digits.len()..).unwrap_or_default();
    }
}

fn digits(text: &[u8]) -> &[u8] {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_counts_as_large_or_larger_supersede() {
        let earlier = br#""usage":{"in":100,"out":9},"id":"a1"}"#;
        for (later, expected) in [
            (r#""usage":{"in":100,"out":9},"id":"a1"}"#, true),
            (r#""usage":{"in":100,"out":10},"id":"a1"}"#, true),
            (r#""usage":{"in":200,"out":9},"id":"a1"}"#, true),
            (r#""usage":{"in":100,"out":8},"id":"a1"}"#, false),
            (r#""usage":{"in":99,"out":90},"id":"a1"}"#, false),
            (r#""usage":{"in":100,"out":0},"id":"a1"}"#, false),
            (r#""usage":{"in":100},"id":"a1"}"#, false),
            (r#""usage":{"in":100,"out":9,"more":1},"id":"a1"}"#, false),
            (r#""usage":{"in":100,"out":-9},"id":"a1"}"#, false),
            (r#""usage":{"in":100,"out":null},"id":"a1"}"#, false),
            (r#""usage":{"in":100,"out":9},"id":"b1"}"#, false),
            ("", false),
        ] {
            assert_eq!(supersedes(later.as_bytes(), earlier), expected, "{later}");
        }
    }

    #[test]
    fn the_latest_of_a_row_is_held_and_released_once() {
        let mut running = Running::new(Some("\"n\""));
        assert!(running.counts(br#"{"n":1}"#) && !running.counts(b"{}"));
        assert!(!running.takes(br#"{"text":"a","n":1}"#));
        running.note(br#"{"text":"a","n":1}"#);
        assert_eq!(running.release(), None);
        assert!(running.takes(br#"{"text":"bc","n":2}"#));
        assert!(!running.takes(br#"{"text":"d","n":1}"#) && !running.takes(b"{}"));
        assert_eq!(
            running.release().as_deref(),
            Some(br#"{"text":"bc","n":2}"#.as_slice())
        );
        assert_eq!(running.release(), None);
        assert!(!Running::new(None).counts(br#"{"n":1}"#));
    }
}
