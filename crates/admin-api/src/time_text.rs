//! Instants as people write them.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Deserializer};
use tollgate_domain::Timestamp;

use crate::field::clipped;

/// An RFC 3339 time with any offset, kept in UTC and whole microseconds (what the databases keep).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeText(pub(crate) Timestamp);

/// Reads an RFC 3339 time; the error is a message for the caller. A leap second is the second after it.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    let time = DateTime::parse_from_rfc3339(text).ok();
    let time = time.and_then(|time| DateTime::from_timestamp_micros(time.timestamp_micros()));
    time.ok_or_else(|| {
        let shown = clipped(text);
        let plus = if shown.contains(' ') {
            "; in an address + is written %2B"
        } else {
            ""
        };
        format!("{shown:?} is not an RFC 3339 time such as \"2026-12-31T23:59:59Z\"{plus}")
    })
}

/// An instant in a message.
pub(crate) fn told(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl<'de> Deserialize<'de> for TimeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_time(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_utc_and_nanoseconds_are_cut() {
        let time = parse_time("2026-11-05T01:00:00.123456789+01:00").unwrap();
        assert_eq!(serde_json::to_value(time).unwrap(), "2026-11-05T00:00:00.123456Z");
        assert!(parse_time("2026-11-05").unwrap_err().contains("\"2026-11-05\""));
        let unescaped = parse_time("2026-11-05T01:00:00 01:00").unwrap_err();
        assert!(unescaped.contains("%2B"), "{unescaped}");
    }

    #[test]
    fn a_leap_second_is_the_second_after_it() {
        let time = parse_time("2016-12-31T23:59:60.5Z").unwrap();
        assert_eq!(told(time), "2017-01-01T00:00:00.500Z");
    }
}
