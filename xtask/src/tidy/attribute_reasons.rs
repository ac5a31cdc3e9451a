//! A lint that is switched off says why.

use super::{repo::Repo, scan, violation::Violation};

const RULE: &str = "attribute reasons";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in repo.with_extension("rs") {
        for name in ["allow", "expect"] {
            for (offset, body) in scan::attributes(&file.text, name) {
                if !body.contains("reason") {
                    let line = scan::line_at(&file.text, offset);
                    let problem = format!("`{name}({})` without a reason", body.trim());
                    let fix = "write `#[expect(lint, reason = \"why\")]`, or do without";
                    violations.push(Violation::new(RULE, &file.path, line, problem, fix));
                }
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_without_a_reason_is_found_with_its_line() {
        let found = |text: &str| check(&Repo::of_files(&[("crates/a/src/lib.rs", text)]));
        assert_eq!(
            found("#[expect(\n    clippy::x,\n    reason = \"y\"\n)]\nfn f() {}\n"),
            []
        );
        for name in ["allow", "expect"] {
            let wrong = found(&format!("\n#[{name}(clippy::x)]\nfn f() {{}}\n"));
            assert_eq!(wrong.len(), 1, "{name}");
            assert_eq!(wrong[0].line, 2);
        }
    }
}
