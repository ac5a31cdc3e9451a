//! A cheap look at a whole event: can it matter at all?

use memchr::memmem::Finder;

/// A piece of text an event that matters contains.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Needle {
    /// As written.
    Text(&'static str),
    /// An object key, quotes included, with a value other than null.
    Set(&'static str),
}

/// Looks for any of several needles. A false hit costs a scan; a text that escapes its keys is missed.
pub(crate) struct Needles(Vec<(Finder<'static>, bool)>);

impl Needles {
    pub(crate) fn new(needles: &'static [Needle]) -> Self {
        let finder = |needle: &Needle| match *needle {
            Needle::Text(text) => (Finder::new(text), false),
            Needle::Set(key) => (Finder::new(key), true),
        };
        Self(needles.iter().map(finder).collect())
    }

    pub(crate) fn hit(&self, event: &[u8]) -> bool {
        self.0.iter().any(|(finder, set)| {
            let mut places = finder.find_iter(event);
            let length = finder.needle().len();
            places.any(|at| !set || !is_null_after(event.get(at + length..).unwrap_or_default()))
        })
    }
}

/// Whether `: null` follows a key.
fn is_null_after(rest: &[u8]) -> bool {
    let mut solid = rest.iter().filter(|byte| !byte.is_ascii_whitespace());
    solid.next() == Some(&b':') && solid.next() == Some(&b'n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_keys_and_escaped_quotes_do_not_hit() {
        let needles = Needles::new(&[Needle::Set("\"usage\""), Needle::Text("\"error\"")]);
        for missed in [
            r#"{"usage":null}"#,
            r#"{"usage" : null}"#,
            r#"{"c":"\"usage\":1"}"#,
            "{}",
        ] {
            assert!(!needles.hit(missed.as_bytes()), "{missed}");
        }
        for hit in [
            r#"{"usage":{"a":1}}"#,
            r#"{"usage":null,"x":{"usage": {}}}"#,
            r#"{"error":null}"#,
        ] {
            assert!(needles.hit(hit.as_bytes()), "{hit}");
        }
    }
}
