//! What a cell of an export holds.

use chrono::SecondsFormat;
use serde::Serialize;
use tollgate_domain::{Timestamp, Usd};

/// One value, typed so that each format writes it as it should be: numbers stay numbers, texts are guarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Not known, or there is none.
    Null,
    /// A whole number.
    Integer(i128),
    /// An exact decimal; a string in JSON, where numbers are floats to most readers.
    Decimal(String),
    /// A yes or no.
    Bool(bool),
    /// Text of anybody's.
    Text(String),
    /// A JSON document.
    Json(String),
}

/// A column: its name, with the unit, and how to read it off a row.
pub(crate) struct Column<R> {
    pub(crate) name: &'static str,
    pub(crate) of: fn(&R) -> Cell,
}

impl Cell {
    /// A text.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "most are ids and names, which are made on the way; a function of references would burden every column"
    )]
    pub(crate) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// A text, if there is one.
    pub(crate) fn optional_text(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// A whole number.
    pub(crate) fn integer(number: impl Into<i128>) -> Self {
        Self::Integer(number.into())
    }

    /// A whole number, if there is one.
    pub(crate) fn optional_integer(number: Option<impl Into<i128>>) -> Self {
        number.map_or(Self::Null, Self::integer)
    }

    /// An amount, if it is known.
    pub(crate) fn usd(amount: Option<Usd>) -> Self {
        amount.map_or(Self::Null, |amount| Self::Decimal(amount.to_string()))
    }

    /// An instant.
    pub(crate) fn time(at: Timestamp) -> Self {
        Self::Text(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// A document.
    pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        serde_json::to_string(value).map_or(Self::Null, Self::Json)
    }
}
