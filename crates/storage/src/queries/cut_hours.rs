//! Hours that the boundary of two ranges cuts, as days of a zone of half hours do.
//!
//! Of such an hour the sums of both parts are wanted. It is read whole, for the later range, and its first part once more
//! from quarter hours, which then moves to the earlier one: half of the quarter hours need not be read.

use chrono::TimeDelta;
use tollgate_domain::{Piece, RollupSpan, Timestamp, hour_start};

/// Ranges that cut no hour they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CutHours {
    /// The ranges, each boundary within an hour moved to its beginning.
    pub(super) ranges: Vec<(Timestamp, Timestamp)>,
    /// What so went to the range after the one it belongs to, and the latter's place.
    pub(super) moved: Vec<(usize, Piece)>,
}

impl CutHours {
    /// Of ranges in order; hours that end after a limit stay as they are.
    pub(super) fn of(ranges: &[(Timestamp, Timestamp)], limit: Option<Timestamp>) -> Self {
        let mut cut = Self {
            ranges: ranges.to_vec(),
            moved: Vec::new(),
        };
        for later in 1..ranges.len() {
            let Some([before, after]) = cut.ranges.get_mut(later - 1..=later) else {
                continue;
            };
            let (boundary, begins) = (after.0, hour_start(after.0));
            let ends = begins + TimeDelta::hours(1);
            let within = before.0 <= begins && ends <= limit.unwrap_or(after.1).min(after.1);
            if before.1 == boundary && begins < boundary && within {
                (before.1, after.0) = (begins, begins);
                let piece = Piece {
                    span: RollupSpan::Quarter,
                    from: begins,
                    until: boundary,
                };
                cut.moved.push((later - 1, piece));
            }
        }
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn ranges(bounds: &[i64]) -> Vec<(Timestamp, Timestamp)> {
        let pairs = bounds.windows(2);
        pairs.map(|pair| (at(pair[0]), at(pair[1]))).collect()
    }

    #[test]
    fn a_boundary_within_an_hour_of_both_moves_to_its_beginning() {
        let cut = CutHours::of(&ranges(&[30, 90, 165, 240, 300]), None);
        assert_eq!(cut.ranges, ranges(&[30, 60, 120, 240, 300]));
        let moved = [(0, 60, 90), (1, 120, 165)];
        let moved = moved.map(|(place, from, until)| {
            let piece = Piece {
                span: RollupSpan::Quarter,
                from: at(from),
                until: at(until),
            };
            (place, piece)
        });
        assert_eq!(cut.moved, moved);
    }

    #[test]
    fn an_hour_that_is_not_wholly_of_both_stays_cut() {
        let apart = [(at(0), at(75)), (at(90), at(240))];
        for (ranges, limit) in [
            (ranges(&[75, 90, 240]), None),
            (ranges(&[0, 90, 105]), None),
            (ranges(&[0, 90, 240]), Some(at(105))),
            (apart.to_vec(), None),
        ] {
            let cut = CutHours::of(&ranges, limit);
            assert_eq!(cut.ranges, ranges);
            assert_eq!(cut.moved, []);
        }
        assert_eq!(CutHours::of(&ranges(&[0, 90, 240]), Some(at(120))).moved.len(), 1);
        assert_eq!(CutHours::of(&[], None).ranges, []);
    }
}
