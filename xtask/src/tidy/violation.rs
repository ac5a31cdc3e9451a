//! One broken rule.

use std::fmt;

/// Where a rule is broken, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// Relative to the workspace root.
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// The rule's name.
    pub(crate) rule: &'static str,
    pub(crate) problem: String,
    pub(crate) fix: String,
}

impl Violation {
    pub(crate) fn new(
        rule: &'static str,
        path: &str,
        line: usize,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            line,
            rule,
            problem: problem.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}: {}\n    fix: {}",
            self.path, self.line, self.rule, self.problem, self.fix
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Violation;

    #[test]
    fn the_text_names_file_line_rule_problem_and_fix() {
        let violation = Violation::new("layers", "crates/a/Cargo.toml", 7, "a may not use b", "drop it");
        assert_eq!(
            violation.to_string(),
            "crates/a/Cargo.toml:7: layers: a may not use b\n    fix: drop it"
        );
    }
}
