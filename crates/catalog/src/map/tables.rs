//! Price tables.

use serde_json::value::RawValue;

use super::fields::Fields;
use super::object::Object;
use super::row::Row;
use crate::{FieldClass, Place};

const FIELD: &str = "tiered_pricing";

/// `tiered_pricing`: rows with a range and a price set each. A row of `range: [lo, hi]` applies where lo < P <= hi, so
/// it is the band above lo, and the last row has no upper end. A row of `max_results_range: [lo, hi]` applies where so
/// many results were asked for, ends included: a size.
pub(super) fn tiered_pricing(row: &mut Row, value: &RawValue, fields: &mut Fields) {
    let Ok(lines) = serde_json::from_str::<Vec<Object<'_>>>(value.get()) else {
        return row.unusable(FIELD);
    };
    for Object(line) in lines {
        let bounds = |name: &str| {
            line.iter()
                .find(|(key, _)| key == name)
                .and_then(|(_, range)| bounds(range))
        };
        let applies = match (bounds("range"), bounds("max_results_range")) {
            (Some((low, _)), None) => Applies::Above((low > 0).then_some(low)),
            (None, Some((low, high))) => Applies::Results(format!("{low}-{high}").into()),
            _ => {
                row.unknown(FIELD);
                continue;
            }
        };
        for (field, price) in line.iter().filter(|(key, _)| !key.ends_with("range")) {
            let field = format!("{FIELD}.{field}");
            match fields.class(&field) {
                FieldClass::Rate(place) => match applies.to(place) {
                    Some(place) => row.rate(&field, place, price.get()),
                    None => row.unknown(&field),
                },
                FieldClass::Ignored(_) | FieldClass::NotAPrice => {}
                _ => row.unknown(&field),
            }
        }
    }
}

/// When a row of a table applies.
enum Applies {
    Above(Option<u64>),
    Results(Box<str>),
}

impl Applies {
    /// The place of a column in this row; none where the column has a range of its own.
    fn to(&self, place: Place) -> Option<Place> {
        match self {
            Self::Above(above) => place.above_tokens.is_none().then_some(Place {
                above_tokens: *above,
                ..place
            }),
            Self::Results(range) => place.size.is_none().then_some(Place {
                size: Some(range.clone()),
                ..place
            }),
        }
    }
}

/// Both ends of a range, where they are whole numbers (an open end counts as the largest).
fn bounds(range: &RawValue) -> Option<(u64, u64)> {
    let bounds: Vec<&RawValue> = serde_json::from_str(range.get()).ok()?;
    let [low, high] = bounds.as_slice() else {
        return None;
    };
    Some((whole(low.get())?, whole(high.get()).unwrap_or(u64::MAX)))
}

fn whole(literal: &str) -> Option<u64> {
    let (whole, fraction) = literal.split_once('.').unwrap_or((literal, ""));
    let number = whole.parse().ok()?;
    fraction.bytes().all(|digit| digit == b'0').then_some(number)
}
