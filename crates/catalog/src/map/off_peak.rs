//! Prices by the hour.

use serde_json::value::RawValue;
use tollgate_domain::{FixedZone, HourSpan, PriceWindow};

use super::fields::Fields;
use super::object::{Entries, entries};
use super::row::Row;
use crate::FieldClass;

const FIELD: &str = "off_peak_pricing";

/// `off_peak_pricing`: prices, and when they replace the normal ones: `hours_utc` and `weekdays` of the object itself,
/// and of each of its `windows`. The day of the week is that of `weekday_timezone`, else of UTC.
///
/// What cannot be read whole is listed and none of it used: an hour misread would be a wrong price.
pub(super) fn read(row: &mut Row, value: &RawValue, fields: &mut Fields) {
    let Ok(block) = entries(value.get()) else {
        return row.unusable(FIELD);
    };
    let mut rates = Vec::new();
    for (field, price) in &block {
        if let "windows" | "hours_utc" | "weekdays" | "weekday_timezone" = &**field {
            continue;
        }
        let field = format!("{FIELD}.{field}");
        match fields.class(&field) {
            FieldClass::Rate(place) => row.rate_among(&mut rates, &field, place, price.get()),
            FieldClass::Ignored(_) | FieldClass::NotAPrice => {}
            _ => row.unknown(&field),
        }
    }
    match windows(&block) {
        Some(windows) if !rates.is_empty() && !windows.is_empty() => {
            let priced = windows.into_iter().map(|window| PriceWindow {
                rates: rates.clone(),
                ..window
            });
            row.windows(priced.collect());
        }
        _ => row.unusable(FIELD),
    }
}

/// The block's windows, without rates.
fn windows(block: &Entries<'_>) -> Option<Vec<PriceWindow>> {
    let zone = match member(block, "weekday_timezone") {
        Some(zone) => serde_json::from_str::<String>(zone.get()).ok()?.parse().ok()?,
        None => FixedZone::UTC,
    };
    let mut windows = Vec::new();
    if member(block, "hours_utc").is_some() {
        windows.push(window(block, zone)?);
    }
    if let Some(list) = member(block, "windows") {
        let list: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
        for one in list {
            windows.push(window(&entries(one.get()).ok()?, zone)?);
        }
    }
    Some(windows)
}

fn window(block: &Entries<'_>, weekday_zone: FixedZone) -> Option<PriceWindow> {
    let weekdays = match member(block, "weekdays") {
        Some(days) => {
            let days: Vec<&RawValue> = serde_json::from_str(days.get()).ok()?;
            let days: Vec<u8> = days.into_iter().map(weekday).collect::<Option<_>>()?;
            // No day at all is never open, which an empty list would not say.
            (!days.is_empty()).then_some(days)?
        }
        None => Vec::new(),
    };
    Some(PriceWindow {
        hours_utc: hours(member(block, "hours_utc")?)?,
        weekdays,
        weekday_zone,
        rates: Vec::new(),
    })
}

/// One span or a list of them.
fn hours(value: &RawValue) -> Option<Vec<HourSpan>> {
    let json = value.get();
    let spans: Vec<String> = if json.starts_with('[') {
        serde_json::from_str(json).ok()?
    } else {
        vec![serde_json::from_str(json).ok()?]
    };
    let spans: Vec<HourSpan> = spans
        .iter()
        .map(|span| span.parse().ok())
        .collect::<Option<_>>()?;
    (!spans.is_empty()).then_some(spans)
}

/// 1 for Monday to 7 for Sunday, or an English name of at least three letters.
fn weekday(value: &RawValue) -> Option<u8> {
    const NAMES: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let json = value.get();
    if let Some(name) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let name = name.to_ascii_lowercase();
        let found = NAMES
            .iter()
            .position(|full| name.len() >= 3 && full.starts_with(&name))?;
        return u8::try_from(found + 1).ok();
    }
    json.parse().ok().filter(|day| (1..=7).contains(day))
}

fn member<'a>(block: &Entries<'a>, name: &str) -> Option<&'a RawValue> {
    let (_, value) = block.iter().find(|(key, _)| key == name)?;
    Some(*value).filter(|value| value.get() != "null")
}
