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
        write!(f, "\n  {change}")?;
    }
    if kind == "confirmation_required" {
        f.write_str("\n  repeat it with --confirm if that is wanted")?;
    }
    Ok(())
}

impl std::error::Error for Failure {}
