//! Requests and configuration are read strictly: `untagged` and `flatten` lose the place and the cause of an error,
//! and `flatten` switches `deny_unknown_fields` off.

use super::{repo::Repo, scan, violation::Violation};

const RULE: &str = "serde inputs";

/// The crates that read admin requests and our own configuration.
const INPUTS: [&str; 2] = ["crates/admin-api/src/", "crates/server/src/"];
const LOOSE: [&str; 2] = ["untagged", "flatten"];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in repo
        .with_extension("rs")
        .filter(|file| INPUTS.iter().any(|place| file.path.starts_with(place)))
    {
        for (offset, body) in scan::attributes(&file.text, "serde") {
            let options = body.split(',').map(str::trim);
            let Some(loose) = options.into_iter().find(|option| LOOSE.contains(option)) else {
                continue;
            };
            if is_read(&file.text, offset) {
                let line = scan::line_at(&file.text, offset);
                let problem = format!("`serde({loose})` on a type that is read");
                let fix = "tag the enum, or write the fields out";
                violations.push(Violation::new(RULE, &file.path, line, problem, fix));
            }
        }
    }
    violations
}

/// Whether the item around `offset` derives `Deserialize`: the nearest derive before it, or one that follows before
/// the item begins.
fn is_read(source: &str, offset: usize) -> bool {
    let (before, after) = source.split_at_checked(offset).unwrap_or((source, ""));
    let attributes_below: String = after
        .lines()
        .take_while(|line| line.trim_start().starts_with(['#', '/']))
        .collect();
    let above = before
        .rfind("#[derive(")
        .and_then(|at| before.get(at..))
        .and_then(|text| text.split(']').next());
    attributes_below.contains("Deserialize") || above.is_some_and(|derive| derive.contains("Deserialize"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Repo::of_files(&[(path, text)])).len()
    }

    #[test]
    fn a_loose_input_is_found_whatever_the_order_of_its_attributes() {
        let path = "crates/admin-api/src/keys/json.rs";
        for wrong in [
            "#[derive(Debug, Deserialize)]\n#[serde(untagged)]\nenum E { A }",
            "#[serde(untagged)]\n#[derive(Debug, Deserialize)]\nenum E { A }",
            "#[derive(Deserialize)]\nstruct S {\n    #[serde(default, flatten)]\n    rest: Rest,\n}",
        ] {
            assert_eq!(found(path, wrong), 1, "{wrong}");
        }
    }

    #[test]
    fn answers_other_options_and_other_crates_pass() {
        let answer = "#[derive(Serialize)]\nstruct S {\n    #[serde(flatten)]\n    rest: Rest,\n}";
        assert_eq!(found("crates/admin-api/src/a.rs", answer), 0);
        assert_eq!(
            found(
                "crates/server/src/a.rs",
                "#[derive(Deserialize)]\n#[serde(tag = \"kind\")]\nenum E {}"
            ),
            0
        );
        assert_eq!(
            found(
                "crates/catalog/src/a.rs",
                "#[derive(Deserialize)]\n#[serde(untagged)]\nenum E {}"
            ),
            0
        );
    }
}
