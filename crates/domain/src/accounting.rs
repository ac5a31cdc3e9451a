//! The accounting zone: one per installation, it rules today, month, periods and exports.

use chrono::{Datelike, Days, NaiveDate, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::Timestamp;

/// An IANA time zone such as `Europe/Berlin`; `UTC` by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountingZone(Tz);

/// A calendar month of the accounting zone, written `YYYY-MM`.
pub type AccountingPeriod = String;

/// Not an IANA zone name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not an IANA time zone (for example \"Europe/Berlin\" or \"UTC\")")]
pub struct UnknownZone {
    /// What was given.
    pub name: String,
}

impl AccountingZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Looks a zone up by its IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] for any other name.
    pub fn try_new(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone {
            name: name.to_owned(),
        })
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The month an instant belongs to.
    pub fn period(self, at: Timestamp) -> AccountingPeriod {
        let local = at.with_timezone(&self.0);
        format!("{:04}-{:02}", local.year(), local.month())
    }

    /// From the day's first instant to the next day's.
    pub fn day(self, at: Timestamp) -> (Timestamp, Timestamp) {
        let date = at.with_timezone(&self.0).date_naive();
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        (self.first_instant(date, at), self.first_instant(next, at))
    }

    /// From the month's first instant to the next month's.
    pub fn month(self, at: Timestamp) -> (Timestamp, Timestamp) {
        let date = at.with_timezone(&self.0).date_naive();
        let first = date.with_day(1).unwrap_or(date);
        let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
        (self.first_instant(first, at), self.first_instant(next, at))
    }

    /// The day of its month, from 1.
    pub fn day_of_month(self, at: Timestamp) -> u8 {
        // A month has 31 days at most.
        u8::try_from(at.with_timezone(&self.0).day()).unwrap_or(u8::MAX)
    }

    /// From the first instant of the week's Monday to the next one's.
    pub fn week(self, at: Timestamp) -> (Timestamp, Timestamp) {
        let date = at.with_timezone(&self.0).date_naive();
        let passed = Days::new(u64::from(date.weekday().num_days_from_monday()));
        let monday = date.checked_sub_days(passed).unwrap_or(date);
        let next = monday.checked_add_days(Days::new(7)).unwrap_or(monday);
        (self.first_instant(monday, at), self.first_instant(next, at))
    }

    /// The day before, and the same time of day in it.
    pub fn day_before(self, at: Timestamp) -> ((Timestamp, Timestamp), Timestamp) {
        let local = at.with_timezone(&self.0);
        let date = local.date_naive();
        let earlier = date.checked_sub_days(Days::new(1)).unwrap_or(date);
        let (first, next) = (self.first_instant(earlier, at), self.day(at).0);
        let same = self.instant(earlier.and_time(local.time()), at);
        ((first, next), same.clamp(first, next))
    }

    /// The month before, and the same day and time in it; in a shorter month its last day.
    pub fn month_before(self, at: Timestamp) -> ((Timestamp, Timestamp), Timestamp) {
        let local = at.with_timezone(&self.0);
        let date = local.date_naive();
        let earlier = date.checked_sub_months(chrono::Months::new(1)).unwrap_or(date);
        let next = self.month(at).0;
        let first = self.first_instant(earlier.with_day(1).unwrap_or(earlier), at);
        let same = self.instant(earlier.and_time(local.time()), at);
        ((first, next), same.clamp(first, next))
    }

    /// The first instant after `at` at which an hour begins on the zone's clocks; `at` must be a quarter hour.
    pub fn next_hour(self, at: Timestamp) -> Timestamp {
        let quarter = chrono::TimeDelta::minutes(15);
        let begins = |at: &Timestamp| at.with_timezone(&self.0).minute() == 0;
        let quarters = std::iter::successors(Some(at + quarter), |at| at.checked_add_signed(quarter));
        quarters.take(12).find(begins).unwrap_or(at + quarter * 4)
    }

    /// Midnight, or where the clocks skip it, the first instant after the gap.
    fn first_instant(self, date: NaiveDate, fallback: Timestamp) -> Timestamp {
        self.instant(date.and_time(chrono::NaiveTime::MIN), fallback)
    }

    /// A local time, or where the clocks skip it, the first instant after the gap.
    fn instant(self, local: chrono::NaiveDateTime, fallback: Timestamp) -> Timestamp {
        let in_zone = |time| self.0.from_local_datetime(&time).earliest();
        (0..=12)
            .find_map(|quarters| in_zone(local + chrono::TimeDelta::minutes(15 * quarters)))
            .map_or(fallback, |local| local.with_timezone(&chrono::Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_month_ends_at_local_midnight() {
        let zone = AccountingZone::try_new("Asia/Shanghai").unwrap();
        assert_eq!(zone.period(at("2026-10-31T15:59:59Z")), "2026-10");
        assert_eq!(zone.period(at("2026-10-31T16:00:00Z")), "2026-11");
        assert_eq!(
            zone.month(at("2026-11-05T00:00:00Z")),
            (at("2026-10-31T16:00:00Z"), at("2026-11-30T16:00:00Z"))
        );
    }

    #[test]
    fn a_day_with_a_clock_change_has_25_hours_and_a_skipped_midnight_is_found() {
        let berlin = AccountingZone::try_new("Europe/Berlin").unwrap();
        let (start, end) = berlin.day(at("2026-10-25T12:00:00Z"));
        assert_eq!((end - start).num_hours(), 25);
        // Cairo springs forward at midnight.
        let cairo = AccountingZone::try_new("Africa/Cairo").unwrap();
        let (start, _) = cairo.day(at("2026-04-24T12:00:00Z"));
        assert_eq!(start, at("2026-04-23T22:00:00Z"));
    }

    #[test]
    fn a_day_of_the_month_is_the_zones() {
        let shanghai = AccountingZone::try_new("Asia/Shanghai").unwrap();
        assert_eq!(shanghai.day_of_month(at("2026-10-31T15:59:59Z")), 31);
        assert_eq!(shanghai.day_of_month(at("2026-10-31T16:00:00Z")), 1);
    }

    #[test]
    fn a_week_begins_on_monday_and_a_clock_change_lengthens_it() {
        let berlin = AccountingZone::try_new("Europe/Berlin").unwrap();
        let week = (at("2026-10-18T22:00:00Z"), at("2026-10-25T23:00:00Z"));
        for within in [
            "2026-10-18T22:00:00Z",
            "2026-10-21T12:00:00Z",
            "2026-10-25T22:59:59Z",
        ] {
            assert_eq!(berlin.week(at(within)), week, "{within}");
        }
        assert_eq!(berlin.week(week.1).0, week.1);
    }

    #[test]
    fn earlier_periods_keep_the_local_time_over_clock_changes_and_short_months() {
        let berlin = AccountingZone::try_new("Europe/Berlin").unwrap();
        let (day, same) = berlin.day_before(at("2026-10-26T09:10:00Z"));
        assert_eq!(day, (at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")));
        assert_eq!(same, at("2026-10-25T09:10:00Z"));
        let (month, same) = berlin.month_before(at("2026-11-05T09:10:00Z"));
        assert_eq!(month, (at("2026-09-30T22:00:00Z"), at("2026-10-31T23:00:00Z")));
        assert_eq!(same, at("2026-10-05T08:10:00Z"));
        let (month, same) = AccountingZone::UTC.month_before(at("2026-03-31T12:00:00Z"));
        assert_eq!(month, (at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z")));
        assert_eq!(same, at("2026-02-28T12:00:00Z"));
    }

    #[test]
    fn an_unknown_zone_is_refused_with_an_example() {
        let error = AccountingZone::try_new("Mars/Olympus").unwrap_err().to_string();
        assert!(error.contains("Europe/Berlin"), "{error}");
    }
}
