//! A range of time as points of a chart, and as the buckets whose sums make it up.

use crate::{AccountingZone, RollupSpan, Timestamp, hour_start, quarter_start};

/// How long the points of a chart are, on the clocks of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// An hour.
    Hour,
    /// A calendar day: 23 to 25 hours.
    Day,
    /// A calendar month.
    Month,
}

/// Buckets of one span, from the first instant to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// How long they are.
    pub span: RollupSpan,
    /// The start of the first.
    pub from: Timestamp,
    /// The end of the last.
    pub until: Timestamp,
}

/// The points from `from` to `until`, both on a quarter hour. The first and the last end at the range's ends, so
/// that all points together are the range.
pub fn points(
    zone: AccountingZone,
    interval: Interval,
    from: Timestamp,
    until: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let mut points = Vec::new();
    let mut at = from;
    while at < until {
        let next = match interval {
            Interval::Hour => zone.next_hour(at),
            Interval::Day => zone.day(at).1,
            Interval::Month => zone.month(at).1,
        };
        // A calendar that does not move on would never end.
        let next = if next > at { next.min(until) } else { until };
        points.push((at, next));
        at = next;
    }
    points
}

/// The fewest buckets that make up these ranges, in order, each within one range: whole days of the zone whose days
/// are summed up, whole hours, and quarters for what is left. Nothing from `limit` on.
pub fn pieces(
    ranges: &[(Timestamp, Timestamp)],
    days: AccountingZone,
    limit: Option<Timestamp>,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (from, until) in ranges {
        let until = limit.map_or(*until, |limit| limit.min(*until));
        add_days(&mut pieces, *from, until, days);
    }
    pieces
}

fn add_days(pieces: &mut Vec<Piece>, from: Timestamp, until: Timestamp, zone: AccountingZone) {
    let (begins, next) = zone.day(from);
    let first = if begins == from { from } else { next };
    let last = zone.day(until).0;
    if first < last {
        add_hours(pieces, from, first);
        add(pieces, RollupSpan::Day, first, last);
        add_hours(pieces, last, until);
    } else {
        add_hours(pieces, from, until);
    }
}

fn add_hours(pieces: &mut Vec<Piece>, from: Timestamp, until: Timestamp) {
    let begins = hour_start(from);
    let first = if begins == from {
        from
    } else {
        begins + chrono::TimeDelta::hours(1)
    };
    let last = hour_start(until);
    if first < last {
        add(pieces, RollupSpan::Quarter, from, first);
        add(pieces, RollupSpan::Hour, first, last);
        add(pieces, RollupSpan::Quarter, last, quarter_end(until));
    } else {
        add(pieces, RollupSpan::Quarter, from, quarter_end(until));
    }
}

/// A range that ends within a quarter has all of it: sums are no finer.
fn quarter_end(at: Timestamp) -> Timestamp {
    let begins = quarter_start(at);
    if begins == at {
        at
    } else {
        begins + chrono::TimeDelta::minutes(15)
    }
}

fn add(pieces: &mut Vec<Piece>, span: RollupSpan, from: Timestamp, until: Timestamp) {
    if from >= until {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.span == span && last.until == from => last.until = until,
        _ => pieces.push(Piece { span, from, until }),
    }
}

// === impl Interval ===

impl Interval {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Month];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::RollupSpan::{Day, Hour, Quarter};
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> AccountingZone {
        AccountingZone::try_new(name).unwrap()
    }

    #[test]
    fn days_and_hours_follow_the_clocks_of_the_zone() {
        let berlin = zone("Europe/Berlin");
        let (from, until) = (at("2026-10-24T22:00:00Z"), at("2026-10-26T11:00:00Z"));
        assert_eq!(
            points(berlin, Interval::Day, from, until),
            [
                (from, at("2026-10-25T23:00:00Z")),
                (at("2026-10-25T23:00:00Z"), until)
            ]
        );
        // The hour that the clocks show twice is two points.
        assert_eq!(
            points(berlin, Interval::Hour, from, at("2026-10-25T23:00:00Z")).len(),
            25
        );
        let hours = points(
            zone("Asia/Kolkata"),
            Interval::Hour,
            at("2026-11-01T00:00:00Z"),
            at("2026-11-01T02:00:00Z"),
        );
        assert_eq!(hours[0].1, at("2026-11-01T00:30:00Z"));
        assert_eq!(hours.len(), 3);
    }

    #[test]
    fn the_points_of_every_zone_are_the_whole_range() {
        let (from, until) = (at("2026-03-01T00:15:00Z"), at("2026-04-12T07:45:00Z"));
        for name in [
            "UTC",
            "Europe/Berlin",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Africa/Cairo",
        ] {
            for interval in Interval::ALL {
                let points = points(zone(name), interval, from, until);
                assert_eq!((points[0].0, points[points.len() - 1].1), (from, until), "{name}");
                assert!(points.windows(2).all(|pair| pair[0].1 == pair[1].0), "{name}");
                assert!(points.iter().all(|(from, until)| from < until), "{name}");
            }
        }
    }

    #[test]
    fn pieces_are_as_large_as_they_can_be_and_leave_nothing_out() {
        let berlin = zone("Europe/Berlin");
        let (from, until) = (at("2026-10-30T21:15:00Z"), at("2026-11-03T01:30:00Z"));
        let found = pieces(&[(from, until)], berlin, None);
        let spans: Vec<_> = found.iter().map(|piece| piece.span).collect();
        assert_eq!(spans, [Quarter, Hour, Day, Hour, Quarter]);
        assert_eq!((found[0].from, found[4].until), (from, until));
        assert!(found.windows(2).all(|pair| pair[0].until == pair[1].from));
        assert_eq!(found[2].from, at("2026-10-30T23:00:00Z"));
        // Points of another zone hold no day of this one.
        let points = points(
            zone("Asia/Tokyo"),
            Interval::Day,
            at("2026-10-31T15:00:00Z"),
            at("2026-11-04T15:00:00Z"),
        );
        let hours = pieces(&points, berlin, None);
        assert_eq!((hours.len(), hours[0].span), (1, Hour));
        let limited = pieces(&[(from, until)], berlin, Some(at("2026-10-31T00:00:00Z")));
        assert_eq!(limited.last().unwrap().until, at("2026-10-31T00:00:00Z"));
    }
}
