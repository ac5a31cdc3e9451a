//! Faults of single fields, collected so that one answer names them all.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with one field, parameter or header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(examples(json!({"field": "weight", "message": "0 is outside 1..=1000"})))]
pub(crate) struct FieldError {
    /// The field's path in the body (`models[0].model`), or the parameter's name.
    pub(crate) field: String,
    /// The value, and the bound it breaks.
    pub(crate) message: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Notes a fault.
    pub(crate) fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let (field, message) = (field.into(), message.into());
        self.0.push(FieldError { field, message });
    }

    /// Passes a value on, or notes what is wrong with it.
    pub(crate) fn keep<T>(&mut self, field: &str, result: Result<T, impl fmt::Display>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(field, error.to_string());
                None
            }
        }
    }

    /// A number within bounds, in its narrower type.
    pub(crate) fn number<T>(&mut self, field: &str, value: i64, bounds: RangeInclusive<i64>) -> Option<T>
    where
        T: TryFrom<i64>,
    {
        let inside = bounds.contains(&value).then(|| T::try_from(value).ok()).flatten();
        if inside.is_none() {
            let (low, high) = bounds.into_inner();
            self.push(field, format!("{value} is outside {low}..={high}"));
        }
        inside
    }

    /// A text of 1 to `max` characters without control characters or blanks around it. What turns the direction of text
    /// is one too: with it a name looks like another one.
    pub(crate) fn text(&mut self, field: &str, value: &str, max: usize) {
        let length = value.chars().count();
        if length == 0 || length > max {
            self.push(field, format!("has {length} characters; allowed are 1..={max}"));
        } else if value.trim() != value {
            self.push(field, format!("{value:?} begins or ends with a blank"));
        } else if value
            .chars()
            .any(|character| character.is_control() || turns_text(character))
        {
            self.push(field, format!("{value:?} contains a control character"));
        }
    }

    /// The faults, if there are any.
    pub(crate) fn into_result(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Whether a character turns the direction in which text is shown.
const fn turns_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Refuses a number with an exponent, which nobody reads right and no description allows.
pub(crate) fn written_out(text: &str) -> Result<(), String> {
    let has_exponent =
        text.starts_with(|first: char| first.is_ascii_digit() || first == '-') && text.contains(['e', 'E']);
    if has_exponent {
        let shown = clipped(text);
        return Err(format!(
            "{shown:?} is to be written without an exponent, such as \"0.00001\""
        ));
    }
    Ok(())
}

/// The beginning of a text, enough to be known again.
pub(crate) fn clipped(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_look_like_another_is_refused() {
        for name in ["a\u{202e}b", "a\u{2066}b", "a\u{0}b", "a\nb"] {
            let mut errors = FieldErrors::default();
            errors.text("name", name, 10);
            let faults = errors.into_result().unwrap_err();
            assert!(faults[0].message.contains("control character"), "{faults:?}");
        }
        let mut errors = FieldErrors::default();
        errors.text("name", "\u{5de}\u{5d5}\u{5d3}\u{5dc} 模型", 10);
        assert!(errors.into_result().is_ok());
    }
}
