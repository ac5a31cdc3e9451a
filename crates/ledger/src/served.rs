//! Whether the model that answered is the one that was asked.

use tollgate_domain::{AttemptContext, ModelName};

/// Marks an entry whose answer names a model that is neither the one sent nor a dated form of it.
pub(crate) const SERVED_MODEL_DIFFERS: &str = "served_model_differs";

/// Routes in front of a model's name, in the catalogs of the clouds.
const ROUTES: [&str; 6] = ["us", "eu", "apac", "global", "au", "jp"];

/// Whether a served name is none of those the attempt was sent under: its own, the caller's for it, or what an alias
/// makes of them.
pub(crate) fn differs<'a>(
    context: &'a AttemptContext,
    served: &ModelName,
    aliases: impl Fn(&ModelName) -> Option<&'a ModelName>,
) -> bool {
    let sent = context.model_sent.iter().chain(&context.model_requested);
    let mut known = sent
        .flat_map(|name| std::iter::once(name).chain(aliases(name)))
        .peekable();
    known.peek().is_some() && !known.any(|name| same_model(name.as_str(), served.as_str()))
}

/// Whether two names mean the same model: equal but for case, vendor and route prefixes, or one a dated, numbered or
/// `latest` form of the other. Two different dates are two models.
fn same_model(sent: &str, served: &str) -> bool {
    let (sent, served) = (plain(sent), plain(served));
    if sent == served {
        return true;
    }
    let base = |name: &str| undated(name).map(ToOwned::to_owned);
    if base(&served).as_deref() == Some(&sent) || base(&sent).as_deref() == Some(&served) {
        return true;
    }
    // `latest` and Anthropic's `-0` stand for whatever is current.
    let moving = |name: &str| {
        let stem = name.strip_suffix("-latest").or_else(|| name.strip_suffix("-0"));
        stem.map(ToOwned::to_owned)
    };
    let current = |moving: Option<String>, other: &str| {
        moving.is_some_and(|stem| stem == other || base(other).is_some_and(|base| base == stem))
    };
    current(moving(&sent), &served) || current(moving(&served), &sent)
}

/// The name without what vendors and clouds put around it: `us.anthropic.claude-x-20250101-v1:0`, `models/gemini-x`,
/// `openai/gpt-x`, `claude-x@20250101`.
fn plain(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let mut rest = name.as_str();
    // Bedrock's are dotted; a version such as `2.5` is no vendor.
    while let Some((vendor, model)) = rest.split_once('.') {
        let is_vendor =
            vendor.chars().all(|c| c.is_ascii_lowercase()) && (vendor.len() > 3 || ROUTES.contains(&vendor));
        if !is_vendor {
            break;
        }
        rest = model;
    }
    let unversioned = match rest.rsplit_once("-v") {
        Some((stem, version)) if is_revision(version) => stem,
        _ => rest,
    };
    unversioned.replace('@', "-")
}

/// `1:0`, `2:0`, which only Bedrock writes; a bare `v1` may be part of a name.
fn is_revision(version: &str) -> bool {
    let mut parts = version.splitn(2, ':');
    let numbers = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    numbers(parts.next()) && numbers(parts.next())
}

/// The name without a date or number at its end; `None` where there is none.
fn undated(name: &str) -> Option<&str> {
    let groups: Vec<(usize, &str)> = name
        .match_indices('-')
        .map(|(at, _)| (at, name.get(at + 1..).unwrap_or_default()))
        .collect();
    let (at, _) = groups.into_iter().find(|(_, tail)| is_date(tail))?;
    name.get(..at)
}

/// `2024-08-06`, `09-2025`, `20250929`, `0613`, `2411`, `001`.
fn is_date(tail: &str) -> bool {
    let lengths: Vec<usize> = tail.split('-').map(str::len).collect();
    let digits = tail.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    digits && matches!(lengths.as_slice(), [4, 2, 2] | [2, 2 | 4] | [3 | 4 | 6 | 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dated_prefixed_and_current_forms_are_the_same_model() {
        for (sent, served) in [
            ("gpt-4o", "gpt-4o-2024-08-06"),
            ("gpt-4o-2024-08-06", "gpt-4o"),
            ("GPT-4o", "gpt-4o"),
            ("gpt-4", "gpt-4-0613"),
            ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
            ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929"),
            (
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "claude-sonnet-4-5-20250929",
            ),
            ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
            ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
            ("mistral-large-latest", "mistral-large-2411"),
            ("gemini-2.0-flash", "gemini-2.0-flash-001"),
            ("gemini-2.5-flash-preview", "gemini-2.5-flash-preview-09-2025"),
            ("models/gemini-2.5-pro", "gemini-2.5-pro"),
            ("openai/gpt-5", "gpt-5-2025-08-07"),
            (
                "accounts/fireworks/models/llama-v3p1-8b-instruct",
                "llama-v3p1-8b-instruct",
            ),
        ] {
            assert!(same_model(sent, served), "{sent} and {served}");
        }
    }

    #[test]
    fn another_model_or_another_date_is_not_the_same() {
        for (sent, served) in [
            ("gpt-4o", "gpt-4o-mini"),
            ("gpt-4o", "gpt-4o-mini-2024-07-18"),
            ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
            ("gpt-5", "gpt-4o"),
            ("claude-opus-4-5", "claude-sonnet-4-5"),
            ("gemini-2.5-pro", "gemini-2.0-pro"),
            ("my-deployment", "gpt-4o-2024-08-06"),
            ("claude-3-5-sonnet-latest", "claude-3-7-sonnet-20250219"),
        ] {
            assert!(!same_model(sent, served), "{sent} and {served}");
        }
    }
}
