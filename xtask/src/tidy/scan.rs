//! Small text searches that several checks share.

/// The line (from 1) of the first line that satisfies `wanted`; 1 when there is none.
pub(crate) fn line_where(text: &str, wanted: impl Fn(&str) -> bool) -> usize {
    text.lines().position(wanted).map_or(1, |index| index + 1)
}

/// The line (from 1) on which the byte at `offset` stands.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// The line of dependency `name` in a manifest: `name = …` or `name.workspace = …`.
pub(crate) fn dependency_line(manifest: &str, name: &str) -> usize {
    line_where(manifest, |line| {
        let after = line.trim_start().strip_prefix(name);
        after.is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    })
}

/// The attributes `#[name(…)]` and `#![name(…)]` of a Rust source: byte offset and text between the brackets. Line
/// comments are not looked into.
pub(crate) fn attributes<'a>(source: &'a str, name: &str) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for opening in [format!("#[{name}("), format!("#![{name}(")] {
        for (offset, _) in source.match_indices(&opening) {
            let line_start = source
                .get(..offset)
                .and_then(|s| s.rfind('\n'))
                .map_or(0, |at| at + 1);
            let before = source.get(line_start..offset).unwrap_or_default();
            let body = source
                .get(offset + opening.len()..)
                .and_then(up_to_closing_parenthesis);
            if let Some(body) = body.filter(|_| !before.contains("//") && !before.contains('"')) {
                found.push((offset, body));
            }
        }
    }
    found.sort_unstable();
    found
}

/// `text` up to the parenthesis that closes one opened before it, string literals skipped.
fn up_to_closing_parenthesis(text: &str) -> Option<&str> {
    let (mut depth, mut in_string, mut escaped) = (1_u32, false, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '(' if !in_string => depth += 1,
            ')' if !in_string => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..index);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_found_by_its_whole_name() {
        let manifest = "[dependencies]\nserde_json.workspace = true\nserde.workspace = true\n";
        assert_eq!(dependency_line(manifest, "serde"), 3);
    }

    #[test]
    fn attributes_are_read_across_lines_and_past_parentheses_in_strings() {
        let source = "// #[al(x)]\n#[al(\n  one,\n  reason = \"because :)\"\n)]\nfn f() {}\n#![al(two)]\n";
        let found = attributes(source, "al");
        assert_eq!(found.len(), 2);
        assert!(found[0].1.contains("because :)"));
        assert_eq!(line_at(source, found[0].0), 2);
        assert_eq!(found[1].1, "two");
    }
}
