//! Licence expressions: `MIT OR (Apache-2.0 AND ISC)`.

/// Whether the licences in `allow` suffice to use something under `expression`. `/` is the old way to write `OR`; an
/// exception (`X WITH Y`) is allowed as a whole.
pub(super) fn is_allowed(expression: &str, allow: &[String]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut parser = Parser {
        words: spaced.split_whitespace().collect(),
        at: 0,
        allow,
    };
    parser.any_of() && parser.at == parser.words.len()
}

struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
    allow: &'a [String],
}

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> bool {
        let mut allowed = self.all_of();
        while self.accept("OR") {
            // Parsed in any case: the position must move on.
            allowed |= self.all_of();
        }
        allowed
    }

    fn all_of(&mut self) -> bool {
        let mut allowed = self.one();
        while self.accept("AND") {
            allowed &= self.one();
        }
        allowed
    }

    fn one(&mut self) -> bool {
        if self.accept("(") {
            let allowed = self.any_of();
            return self.accept(")") && allowed;
        }
        let Some(licence) = self.next() else {
            return false;
        };
        let wanted = if self.accept("WITH") {
            format!("{licence} WITH {}", self.next().unwrap_or_default())
        } else {
            licence.to_owned()
        };
        self.allow.contains(&wanted)
    }

    fn accept(&mut self, word: &str) -> bool {
        let accepted = self.words.get(self.at) == Some(&word);
        self.at += usize::from(accepted);
        accepted
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_follow_spdx_precedence() {
        let allow = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(String::from);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("MIT OR GPL-3.0-only AND ISC", true),
            ("(MIT OR GPL-3.0-only) AND OpenSSL", false),
            ("Apache-2.0 AND ISC", true),
            ("MIT AND OpenSSL", false),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("MIT)", false),
            ("MIT ISC", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(expression, &allow), expected, "{expression}");
        }
    }
}
