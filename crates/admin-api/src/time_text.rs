//! Instants as people write them.

use chrono::SubsecRound;
use serde::{Deserialize, Deserializer};
use tollgate_domain::Timestamp;

/// An RFC 3339 time with any offset, kept in UTC and whole microseconds (what the databases keep).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeText(pub(crate) Timestamp);

/// Reads an RFC 3339 time; the error is a message for the caller.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc().trunc_subsecs(6))
        .map_err(|_| format!("{text:?} is not an RFC 3339 time such as \"2026-12-31T23:59:59Z\""))
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
    }
}
