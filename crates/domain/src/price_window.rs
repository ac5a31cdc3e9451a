//! Prices by the hour.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, TimeDelta, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{CardRate, Timestamp};

/// Rates that replace a card's own ones while the window is open.
///
/// A window is open when the instant's UTC time of day lies in one of its spans, and its day of the week, in the
/// window's zone, is one of its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceWindow {
    /// When in the day; any of them.
    pub hours_utc: Vec<HourSpan>,
    /// On which days, 1 for Monday to 7 for Sunday; none named is every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<u8>,
    /// Where the days begin.
    #[serde(default, skip_serializing_if = "FixedZone::is_utc")]
    pub weekday_zone: FixedZone,
    /// What it costs then. A place the window does not name keeps the card's own rate.
    pub rates: Vec<CardRate>,
}

/// A span of the day in UTC, in minutes: from its start (inclusive) to its end (exclusive). It may wrap past midnight;
/// where both are the same it is the whole day. Written `22:30-06:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HourSpan {
    start: u16,
    end: u16,
}

/// A time zone without daylight saving, by its name. Only these are known, so that a program that embeds the
/// arithmetic needs no zone data and still finds the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedZone {
    name: &'static str,
    minutes_east: i16,
}

/// A text that is no span of hours, or a zone that is not known to be fixed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// Not `HH:MM-HH:MM`.
    #[error("{text:?} is no span of hours; one is written 22:30-06:00")]
    Hours {
        /// The text.
        text: String,
    },
    /// Not in the list.
    #[error("{name:?} is not known as a time zone without daylight saving")]
    Zone {
        /// The name.
        name: String,
    },
}

const DAY: u16 = 24 * 60;

const ZONES: &[FixedZone] = &[
    FixedZone::UTC,
    FixedZone::new("Etc/UTC", 0),
    FixedZone::new("GMT", 0),
    FixedZone::new("Asia/Dubai", 4 * 60),
    FixedZone::new("Asia/Kolkata", 5 * 60 + 30),
    FixedZone::new("Asia/Shanghai", 8 * 60),
    FixedZone::new("Asia/Chongqing", 8 * 60),
    FixedZone::new("Asia/Hong_Kong", 8 * 60),
    FixedZone::new("Asia/Singapore", 8 * 60),
    FixedZone::new("Asia/Taipei", 8 * 60),
    FixedZone::new("Asia/Tokyo", 9 * 60),
    FixedZone::new("Asia/Seoul", 9 * 60),
];

impl PriceWindow {
    /// Whether it is open at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.on_this_day(at) && self.hours_utc.iter().any(|span| span.contains(at))
    }

    fn on_this_day(&self, at: Timestamp) -> bool {
        let offset = TimeDelta::minutes(i64::from(self.weekday_zone.minutes_east));
        // Only the last hours of the calendar have no local time.
        let local = at.checked_add_signed(offset).unwrap_or(at);
        let day = local.weekday().number_from_monday();
        self.weekdays.is_empty() || self.weekdays.iter().any(|open| u32::from(*open) == day)
    }
}

/// `04:00-06:00, 10:00-00:00 UTC on Mon, Tue (Asia/Shanghai)`.
impl fmt::Display for PriceWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        for (at, span) in self.hours_utc.iter().enumerate() {
            let before = if at == 0 { "" } else { ", " };
            write!(f, "{before}{span}")?;
        }
        f.write_str(" UTC")?;
        let name = |day: &u8| NAMES.get(usize::from(*day).wrapping_sub(1)).copied();
        for (at, day) in self.weekdays.iter().filter_map(name).enumerate() {
            let before = if at == 0 { " on " } else { ", " };
            write!(f, "{before}{day}")?;
        }
        if !self.weekday_zone.is_utc() {
            write!(f, " ({})", self.weekday_zone.name)?;
        }
        Ok(())
    }
}

// === impl HourSpan ===

impl HourSpan {
    fn contains(self, at: Timestamp) -> bool {
        let minute = at.hour() * 60 + at.minute();
        let (start, end) = (u32::from(self.start), u32::from(self.end));
        if start < end {
            (start..end).contains(&minute)
        } else {
            minute >= start || minute < end
        }
    }
}

impl fmt::Display for HourSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            start / 60,
            start % 60,
            end / 60,
            end % 60
        )
    }
}

impl FromStr for HourSpan {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        let minutes = |text: &str| {
            let (hours, minutes) = text.trim().split_once(':')?;
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let (hours, minutes): (u16, u16) = (digits(hours) && digits(minutes))
                .then(|| Some((hours.parse().ok()?, minutes.parse().ok()?)))??;
            let of_day = hours.checked_mul(60)?.checked_add(minutes)?;
            // 24:00 is the midnight at the end of the day.
            (minutes < 60 && of_day <= DAY).then_some(of_day % DAY)
        };
        let span = text.split_once('-').and_then(|(start, end)| {
            let (start, end) = (minutes(start)?, minutes(end)?);
            Some(Self { start, end })
        });
        span.ok_or_else(|| WindowError::Hours {
            text: text.to_owned(),
        })
    }
}

impl Serialize for HourSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HourSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

// === impl FixedZone ===

impl FixedZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self::new("UTC", 0);

    const fn new(name: &'static str, minutes_east: i16) -> Self {
        Self { name, minutes_east }
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    fn is_utc(&self) -> bool {
        *self == Self::UTC
    }
}

impl Default for FixedZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl FromStr for FixedZone {
    type Err = WindowError;

    fn from_str(name: &str) -> Result<Self, WindowError> {
        let found = ZONES.iter().find(|zone| zone.name == name);
        found.copied().ok_or_else(|| WindowError::Zone {
            name: name.to_owned(),
        })
    }
}

impl Serialize for FixedZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for FixedZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(hours: &[&str], weekdays: &[u8], zone: &str) -> PriceWindow {
        PriceWindow {
            hours_utc: hours.iter().map(|text| text.parse().unwrap()).collect(),
            weekdays: weekdays.to_vec(),
            weekday_zone: zone.parse().unwrap(),
            rates: Vec::new(),
        }
    }

    fn open(window: &PriceWindow, at: &str) -> bool {
        window.is_open(at.parse().unwrap())
    }

    #[test]
    fn a_span_holds_its_start_and_not_its_end() {
        let day = window(&["09:00-17:00"], &[], "UTC");
        assert!(!open(&day, "2026-11-05T08:59:59.999999Z"));
        assert!(open(&day, "2026-11-05T09:00:00Z"));
        assert!(open(&day, "2026-11-05T16:59:59.999999Z"));
        assert!(!open(&day, "2026-11-05T17:00:00Z"));
    }

    #[test]
    fn a_span_wraps_past_midnight() {
        let night = window(&["16:30-00:30"], &[], "UTC");
        assert!(open(&night, "2026-11-05T23:59:00Z"));
        assert!(open(&night, "2026-11-05T00:29:00Z"));
        assert!(!open(&night, "2026-11-05T00:30:00Z"));
        assert!(!open(&night, "2026-11-05T16:29:00Z"));
        let until_midnight = window(&["10:00-24:00"], &[], "UTC");
        assert!(open(&until_midnight, "2026-11-05T23:59:00Z"));
        assert!(!open(&until_midnight, "2026-11-05T00:00:00Z"));
    }

    #[test]
    fn equal_ends_are_the_whole_day() {
        let all = window(&["00:00-00:00"], &[], "UTC");
        assert!(open(&all, "2026-11-05T00:00:00Z") && open(&all, "2026-11-05T23:59:59Z"));
    }

    #[test]
    fn the_day_of_the_week_is_that_of_the_zone_at_the_instant() {
        // 2026-11-06 is a Friday; 16:30 UTC is 00:30 on Saturday in Shanghai.
        let saturday = window(&["16:00-17:00"], &[6], "Asia/Shanghai");
        assert!(open(&saturday, "2026-11-06T16:30:00Z"));
        assert!(!open(&saturday, "2026-11-07T16:30:00Z"));
        let friday = window(&["16:00-17:00"], &[5], "UTC");
        assert!(open(&friday, "2026-11-06T16:30:00Z"));
    }

    #[test]
    fn what_is_no_span_or_no_fixed_zone_is_refused() {
        for text in [
            "",
            "9-17",
            "09:00",
            "09:60-10:00",
            "25:00-26:00",
            "24:01-01:00",
            "-1:00-02:00",
            "+9:00-10:00",
        ] {
            assert!(text.parse::<HourSpan>().is_err(), "{text:?}");
        }
        assert!("America/New_York".parse::<FixedZone>().is_err());
    }

    #[test]
    fn a_window_is_written_for_people_and_reads_back_from_json() {
        let window = window(&["04:00-06:00", "10:00-00:00"], &[1, 7], "Asia/Shanghai");
        assert_eq!(
            window.to_string(),
            "04:00-06:00, 10:00-00:00 UTC on Mon, Sun (Asia/Shanghai)"
        );
        let json = serde_json::to_string(&window).unwrap();
        assert_eq!(serde_json::from_str::<PriceWindow>(&json).unwrap(), window);
    }
}
