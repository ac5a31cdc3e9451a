//! Work that was begun and left.

use super::{repo::Repo, violation::Violation};

const RULE: &str = "forbidden words";
const EXTENSIONS: [&str; 9] = ["rs", "ts", "tsx", "py", "sql", "toml", "yml", "sh", "css"];

/// Put together here, so that this file passes its own check.
const WORDS: [&str; 3] = [
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("FIX", "ME"),
];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in repo
        .files
        .iter()
        .filter(|file| EXTENSIONS.contains(&file.extension()))
    {
        for (index, line) in file.text.lines().enumerate() {
            for word in WORDS.iter().filter(|word| line.contains(**word)) {
                let fix = "finish it, or say in a comment what the limit is and why it is right for now";
                violations.push(Violation::new(
                    RULE,
                    &file.path,
                    index + 1,
                    format!("`{word}`"),
                    fix,
                ));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_found_with_its_line_and_clean_code_passes() {
        for word in WORDS {
            let found = check(&Repo::of_files(&[(
                "crates/a/src/lib.rs",
                &format!("fn f() {{\n    {word}()\n}}"),
            )]));
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!(found[0].line, 2);
        }
        assert_eq!(
            check(&Repo::of_files(&[(
                "crates/a/src/lib.rs",
                "/// A list of things to do.\n"
            )])),
            []
        );
    }
}
