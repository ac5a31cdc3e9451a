//! A model's name taken apart: `<prefix>/<stem><variant><date>`.

use super::NearMiss;

/// Endings that name a variant or a channel rather than a model.
const VARIANTS: [&str; 7] = [
    "-latest",
    "-preview",
    "-experimental",
    "-exp",
    "-beta",
    "-thinking",
    "-online",
];

/// The parts of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameParts<'a> {
    prefix: &'a str,
    stem: &'a str,
    date: &'a str,
    variant: String,
}

/// What names that differ in nothing but a [`NearMiss`] have in common.
pub(super) fn key(name: &str) -> String {
    spelled(NameParts::of(name).stem)
}

/// One spelling for all of them.
fn spelled(text: &str) -> String {
    let one = |c: char| match c {
        '.' | '_' | ' ' => '-',
        c => c.to_ascii_lowercase(),
    };
    text.chars().map(one).collect()
}

impl<'a> NameParts<'a> {
    pub(super) fn of(name: &'a str) -> Self {
        let (prefix, mut stem) = name.rsplit_once('/').unwrap_or(("", name));
        let (mut date, mut variants) = ("", Vec::new());
        loop {
            if let Some((rest, ending)) = variant(stem) {
                stem = rest;
                variants.push(ending.to_ascii_lowercase());
            } else if let Some((rest, ending)) = dated(stem).filter(|_| date.is_empty()) {
                (stem, date) = (rest, ending);
            } else {
                break;
            }
        }
        variants.sort_unstable();
        Self {
            prefix,
            stem,
            date,
            variant: variants.concat(),
        }
    }

    /// In what a priced name differs from this one, each once.
    pub(super) fn differences(&self, priced: &NameParts<'_>) -> Vec<NearMiss> {
        let mut found = Vec::new();
        if self.stem != priced.stem {
            let punctuation = !self.stem.eq_ignore_ascii_case(priced.stem);
            let hyphens = |text: &str| text.replace(['.', '_', ' '], "-");
            if hyphens(self.stem) != hyphens(priced.stem) {
                found.push(NearMiss::Case);
            }
            if punctuation {
                found.push(NearMiss::Punctuation);
            }
        }
        if !self.prefix.eq_ignore_ascii_case(priced.prefix) {
            found.push(self.prefix_difference(priced));
        } else if self.prefix != priced.prefix && !found.contains(&NearMiss::Case) {
            found.push(NearMiss::Case);
        }
        if self.date != priced.date {
            found.push(NearMiss::DateSuffix);
        }
        if self.variant != priced.variant {
            found.push(NearMiss::Variant);
        }
        found
    }

    fn prefix_difference(&self, priced: &NameParts<'_>) -> NearMiss {
        let longer = self.prefix.contains('/');
        match (self.prefix, priced.prefix) {
            ("", _) => NearMiss::PrefixAdded,
            (_, "") if longer => NearMiss::DoublePrefix,
            (_, "") => NearMiss::PrefixRemoved,
            (ours, theirs) if longer && ours.split('/').any(|part| part.eq_ignore_ascii_case(theirs)) => {
                NearMiss::DoublePrefix
            }
            _ => NearMiss::PrefixChanged,
        }
    }
}

/// Splits a variant off the end: `:free`, `-latest` …
fn variant(name: &str) -> Option<(&str, &str)> {
    if let Some((at, _)) = name.rmatch_indices(':').next().filter(|(at, _)| *at > 0) {
        return name.split_at_checked(at);
    }
    let lower = name.to_ascii_lowercase();
    let ending = VARIANTS.iter().find(|ending| lower.ends_with(*ending))?;
    let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0)?;
    name.split_at_checked(at)
}

/// Splits a date or version off the end: `-2024-08-06`, `-20241022`, `-0613`, `-001`, `@20241022`.
fn dated(name: &str) -> Option<(&str, &str)> {
    let bytes = name.as_bytes();
    let digits = |from: usize, to: usize| {
        bytes
            .get(from..to)
            .is_some_and(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
    };
    let dash = |at: usize| matches!(bytes.get(at), Some(b'-' | b'@' | b'_'));
    let length = bytes.len();
    let split = |back: usize| {
        let at = length.checked_sub(back).filter(|at| *at > 0)?;
        name.split_at_checked(at)
    };
    // -YYYY-MM-DD
    if let Some(at) = length.checked_sub(11)
        && dash(at)
        && digits(at + 1, at + 5)
        && dash(at + 5)
        && digits(at + 6, at + 8)
        && dash(at + 8)
        && digits(at + 9, length)
    {
        return split(11);
    }
    // -MM-DD and -MM-YYYY
    for back in [6, 8] {
        if let Some(at) = length.checked_sub(back)
            && dash(at)
            && digits(at + 1, at + 3)
            && dash(at + 3)
            && digits(at + 4, length)
        {
            return split(back);
        }
    }
    let run = bytes
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let dash_before = length.checked_sub(run + 1).is_some_and(dash);
    (matches!(run, 3 | 4 | 6 | 8) && dash_before)
        .then(|| split(run + 1))
        .flatten()
}
