//! How a call fails, and the exit code that says so.

use std::fmt;

use reqwest::StatusCode;
use serde_json::Value;

/// The server said no.
const REFUSED: u8 = 1;
/// The command line makes no sense. The parser's own faults leave with the same code.
const USAGE: u8 = 2;
/// Nobody answered, or the answer broke off.
const UNREACHABLE: u8 = 3;

/// Why a command ended without doing what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server answered with a problem.
    Refused {
        /// The status.
        status: StatusCode,
        /// Its body, where it is JSON.
        problem: Option<Value>,
        /// Whether it is wanted as JSON.
        as_json: bool,
    },
    /// The server did what it was asked, and it did not go well.
    Unsuccessful(String),
    /// What was asked for cannot be asked.
    Usage(String),
    /// Nobody answered.
    Unreachable(String),
}

/// The exit code of a command that failed.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<Failure>() {
        Some(Failure::Usage(_)) => USAGE,
        Some(Failure::Unreachable(_)) => UNREACHABLE,
        Some(Failure::Refused { .. } | Failure::Unsuccessful(_)) | None => REFUSED,
    }
}

impl Failure {
    /// A fault of the command line.
    pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
        Self::Usage(text.into()).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Unreachable(text) | Self::Unsuccessful(text) => f.write_str(text),
            Self::Refused {
                status,
                problem: None,
                ..
            } => write!(
                f,
                "the server answered {status}; is this a Tollgate's admin address?"
            ),
            Self::Refused {
                problem: Some(problem),
                as_json: true,
                ..
            } => write!(f, "{problem}"),
            Self::Refused {
                status,
                problem: Some(problem),
                ..
            } => problem_text(f, *status, problem),
        }
    }
}

/// Title, what happened this time, and each field at fault on a line of its own.
fn problem_text(f: &mut fmt::Formatter<'_>, status: StatusCode, problem: &Value) -> fmt::Result {
    let text = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = text("type").rsplit(':').next().unwrap_or_default();
    write!(
        f,
        "{} ({kind}, {}): {}",
        text("title"),
        status.as_u16(),
        text("detail")
    )?;
    for error in problem
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        write!(f, "\n  {}: {}", part("field"), part("message"))?;
    }
    let changes = problem.pointer("/effect/changes").and_then(Value::as_array);
    for change in changes.into_iter().flatten() {
        write!(f, "\n  {}", change_text(change))?;
    }
    if kind == "confirmation_required" {
        f.write_str("\n  repeat it with --confirm if that is wanted")?;
    }
    Ok(())
}

/// A guarded change in one line: what moves, where, from what to what, and why that is asked about.
fn change_text(change: &Value) -> String {
    let text = |name: &str| change.get(name).and_then(Value::as_str);
    let meter = text("meter").map(|meter| format!(" of {meter}"));
    let tier = text("tier").map(|tier| format!(", tier {tier}"));
    let above = change.get("above_tokens").and_then(Value::as_u64);
    let above = above.map(|above| format!(" above {above} tokens"));
    let model = text("model").map(|model| format!(", model {model}"));
    let upstream = text("upstream_name").map(|upstream| format!(", upstream {upstream}"));
    let place: String = [meter, tier, above, model, upstream]
        .into_iter()
        .flatten()
        .collect();
    format!(
        "{}{place}: {} -> {} ({})",
        text("subject").unwrap_or("price"),
        text("before").unwrap_or("none"),
        text("after").unwrap_or("none"),
        text("reason").unwrap_or("changed")
    )
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::change_text;

    #[test]
    fn a_guarded_change_is_one_line_that_people_read() {
        let rate = json!({"subject": "rate", "meter": "input", "tier": "flex", "above_tokens": null, "model": "gpt-4o",
            "upstream_name": "main", "before": "2.5", "after": "25", "reason": "factor"});
        assert_eq!(
            change_text(&rate),
            "rate of input, tier flex, model gpt-4o, upstream main: 2.5 -> 25 (factor)"
        );
        let price =
            json!({"subject": "price", "model": "m", "before": null, "after": null, "reason": "no_price"});
        assert_eq!(change_text(&price), "price, model m: none -> none (no_price)");
    }
}
