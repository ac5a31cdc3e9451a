//! Keeping an upstream's credential out of what is shown.

const MASK: &str = "***";
/// So much of a credential's beginning gives it away; providers repeat that much in their refusals.
const TELLING: usize = 6;
/// Shorter secrets are masked whole only: their beginnings are common words.
const LONG: usize = 12;

/// A text without the credential, and without words that begin like it.
pub(super) fn masked(text: &str, secret: Option<&str>) -> String {
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
        return text.to_owned();
    };
    let text = text.replace(secret, MASK);
    let Some(beginning) = secret.get(..TELLING).filter(|_| secret.len() >= LONG) else {
        return text;
    };
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(beginning) {
        let (before, word) = rest.split_at(at);
        shown.push_str(before);
        shown.push_str(MASK);
        let end = word.find(|c: char| !in_token(c)).unwrap_or(word.len());
        rest = word.get(end..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_and_what_begins_like_it_are_masked() {
        let secret = Some("sk-abcdef0123456789");
        for (said, shown) in [
            ("key sk-abcdef0123456789!", "key ***!"),
            ("Incorrect API key: sk-abc***6789.", "Incorrect API key: ***"),
            ("nothing to hide", "nothing to hide"),
            ("\"sk-abcdef…\" and sk-abcXYZ", "\"***\" and ***"),
        ] {
            assert_eq!(masked(said, secret), shown);
        }
        assert_eq!(masked("any", None), "any");
        assert_eq!(masked("a short one: pass", Some("pass")), "a short one: ***");
    }
}
