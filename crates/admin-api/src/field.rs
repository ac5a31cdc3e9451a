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

    /// A text of 1 to `max` characters without control characters or blanks around it.
    pub(crate) fn text(&mut self, field: &str, value: &str, max: usize) {
        let length = value.chars().count();
        if length == 0 || length > max {
            self.push(field, format!("has {length} characters; allowed are 1..={max}"));
        } else if value.trim() != value {
            self.push(field, format!("{value:?} begins or ends with a blank"));
        } else if value.chars().any(char::is_control) {
            self.push(field, format!("{value:?} contains a control character"));
        }
    }

    /// The faults, if there are any.
    pub(crate) fn into_result(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
