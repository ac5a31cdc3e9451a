//! What single statements read: pieces of time of one span, together where that is fewer round trips.

use chrono::TimeDelta;
use tollgate_domain::{Piece, RollupSpan, Timestamp};

use super::dialect;

/// Quarter hours one statement names.
const QUARTERS: i64 = 400;

/// What one statement reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// From the first bucket to the end of the last.
    pub(super) extent: Piece,
    /// The parts of the extent that are meant, in order.
    parts: Vec<(Timestamp, Timestamp)>,
}

/// Of pieces in order. Quarter hours at the ends of hours are read together, and so are hours with less than a day
/// between them: days of a zone of half hours have both, day by day.
pub(super) fn readings(pieces: &[Piece]) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    for piece in pieces {
        let open = readings.iter_mut().rev().find(|reading| reading.takes(*piece));
        match open {
            Some(reading) => reading.add(*piece),
            None => readings.push(Reading::of(*piece)),
        }
    }
    readings
}

impl Reading {
    /// One piece.
    pub(super) fn of(piece: Piece) -> Self {
        Self {
            extent: piece,
            parts: vec![(piece.from, piece.until)],
        }
    }

    /// Whether a later piece may be read with these.
    fn takes(&self, piece: Piece) -> bool {
        self.extent.span == piece.span
            && match piece.span {
                RollupSpan::Quarter => {
                    quarters(&self.parts) + quarters(&[(piece.from, piece.until)]) <= QUARTERS
                }
                RollupSpan::Hour => piece.from - self.extent.until < TimeDelta::days(1),
                RollupSpan::Day => false,
            }
    }

    fn add(&mut self, piece: Piece) {
        self.extent.until = piece.until;
        self.parts.push((piece.from, piece.until));
    }

    /// The pieces that are meant.
    pub(super) fn pieces(&self) -> impl Iterator<Item = Piece> {
        let span = self.extent.span;
        let parts = self.parts.iter();
        parts.map(move |(from, until)| Piece {
            span,
            from: *from,
            until: *until,
        })
    }

    /// Whether all of the extent is meant.
    pub(super) fn is_whole(&self) -> bool {
        self.parts.len() == 1
    }

    /// Whether a bucket of the extent is meant.
    pub(super) fn has(&self, bucket: Timestamp) -> bool {
        let after = self.parts.partition_point(|(from, _)| *from <= bucket);
        let part = after.checked_sub(1).and_then(|part| self.parts.get(part));
        part.is_some_and(|(_, until)| bucket < *until)
    }

    /// The condition on buckets, `$1` and `$2` being the ends of the extent. Few quarter hours of many are named.
    pub(super) fn condition(&self) -> String {
        if self.is_whole() || self.extent.span != RollupSpan::Quarter {
            return "bucket >= $1 AND bucket < $2".to_owned();
        }
        let buckets: Vec<String> = self
            .parts
            .iter()
            .flat_map(|(from, until)| {
                let quarters = std::iter::successors(Some(*from), |at| Some(*at + TimeDelta::minutes(15)));
                quarters.take_while(move |at| at < until)
            })
            .map(dialect::instant_literal)
            .collect();
        // Both are bound, whatever the statement.
        format!("$1 < $2 AND bucket IN ({})", buckets.join(", "))
    }
}

fn quarters(parts: &[(Timestamp, Timestamp)]) -> i64 {
    let quarters = parts
        .iter()
        .map(|(from, until)| (*until - *from).num_minutes() / 15);
    quarters.sum()
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{AccountingZone, Interval, RollupSpan, pieces, points};

    use super::*;

    #[test]
    fn a_month_of_days_of_a_zone_of_half_hours_is_two_readings() {
        let zone = AccountingZone::try_new("Asia/Kolkata").unwrap();
        let (from, until) = zone.month("2026-11-10T00:00:00Z".parse().unwrap());
        let days = points(zone, Interval::Day, from, until);
        let pieces = pieces(&days, AccountingZone::UTC, None);
        assert!(pieces.len() > 60, "{}", pieces.len());
        let readings = readings(&pieces);
        assert_eq!(readings.len(), 2);
        let mut at = from;
        while at < until {
            let in_hour = readings.iter().filter(|reading| {
                reading.extent.span == RollupSpan::Hour && reading.has(tollgate_domain::hour_start(at))
            });
            let in_quarter = readings
                .iter()
                .filter(|reading| reading.extent.span == RollupSpan::Quarter && reading.has(at));
            assert_eq!(in_hour.count() + in_quarter.count(), 1, "{at}");
            at += TimeDelta::minutes(15);
        }
    }

    #[test]
    fn far_apart_is_read_apart() {
        let piece = |span, from: i64, until: i64| Piece {
            span,
            from: Timestamp::UNIX_EPOCH + TimeDelta::minutes(from),
            until: Timestamp::UNIX_EPOCH + TimeDelta::minutes(until),
        };
        let day = 24 * 60;
        let hours = [
            piece(RollupSpan::Hour, 0, 60),
            piece(RollupSpan::Hour, 60 + day, 120 + day),
        ];
        assert_eq!(readings(&hours), hours.map(Reading::of));
        let days = [
            piece(RollupSpan::Day, 0, day),
            piece(RollupSpan::Day, 2 * day, 3 * day),
        ];
        assert_eq!(readings(&days), days.map(Reading::of));
        let quarters = [
            piece(RollupSpan::Quarter, 0, 15 * QUARTERS),
            piece(RollupSpan::Quarter, 16 * QUARTERS, 16 * QUARTERS + 15),
        ];
        assert_eq!(readings(&quarters), quarters.map(Reading::of));
    }

    #[test]
    fn quarters_are_named_where_there_are_gaps() {
        let at = |minutes| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let piece = |from, until| Piece {
            span: RollupSpan::Quarter,
            from: at(from),
            until: at(until),
        };
        let whole = Reading::of(piece(0, 30));
        assert_eq!(whole.condition(), "bucket >= $1 AND bucket < $2");
        let read = readings(&[piece(0, 30), piece(600, 615)]);
        let named = [0, 15, 600].map(|minutes| dialect::instant_literal(at(minutes)));
        assert_eq!(
            read[0].condition(),
            format!("$1 < $2 AND bucket IN ({})", named.join(", "))
        );
    }
}
