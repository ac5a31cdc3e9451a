use std::collections::BTreeMap;
use std::time::Duration;

use crate::mark_file::MarkFile;

/// What the decision which segments to remove depends on.
pub(crate) struct Holdings<'a> {
    /// First position and size of every segment that is no longer written.
    pub(crate) closed: &'a BTreeMap<u64, u64>,
    /// First position of the segment that is.
    pub(crate) active_first: u64,
    /// Bytes by which the journal is over the size at which it gives up committed segments early.
    pub(crate) pressure: u64,
}

/// Segments that may go, oldest first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Removal {
    pub(crate) firsts: Vec<u64>,
    /// How many of them are younger than the retention.
    pub(crate) early: u64,
}

impl Holdings<'_> {
    /// Every closed segment with the position of its last record.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (u64, u64)> {
        let nexts = self.closed.keys().copied().skip(1).chain([self.active_first]);
        self.closed
            .keys()
            .copied()
            .zip(nexts.map(|next| next.saturating_sub(1)))
    }

    /// Segments no replay needs whose retention is over; while there is pressure, also younger ones: an old copy
    /// of what the database has is worth less than room for the next record.
    pub(crate) fn removable(&self, marks: &MarkFile, retention: Duration, now: u64) -> Removal {
        let mut removal = Removal::default();
        let mut pressure = self.pressure;
        for (first, last) in self.spans() {
            if last > marks.mark.committed || last >= marks.mark.low_water {
                break;
            }
            let kept_until = marks
                .committed_at
                .get(&first)
                .map(|at| at.saturating_add(retention.as_secs()));
            if kept_until.is_none_or(|until| now < until) {
                if pressure == 0 {
                    break;
                }
                removal.early += 1;
            }
            pressure = pressure.saturating_sub(self.closed.get(&first).copied().unwrap_or(0));
            removal.firsts.push(first);
        }
        removal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::Mark;

    const DAY: Duration = Duration::from_hours(24);

    fn removable(committed: u64, low_water: u64, pressure: u64, now: u64) -> Removal {
        let closed = BTreeMap::from([(1, 100), (11, 100), (21, 100)]);
        let committed_at = BTreeMap::from([(1, 1000), (11, 2000), (21, 3000)]);
        let marks = MarkFile {
            mark: Mark { committed, low_water },
            synced: 40,
            committed_at,
        };
        Holdings {
            closed: &closed,
            active_first: 31,
            pressure,
        }
        .removable(&marks, DAY, now)
    }

    #[test]
    fn a_segment_goes_when_its_own_retention_is_over() {
        let day = DAY.as_secs();
        assert_eq!(removable(40, 41, 0, day + 999).firsts, [0; 0]);
        assert_eq!(removable(40, 41, 0, day + 1000).firsts, [1]);
        assert_eq!(
            removable(40, 41, 0, day + 2999),
            Removal {
                firsts: vec![1, 11],
                early: 0
            }
        );
    }

    #[test]
    fn a_segment_with_an_open_or_uncommitted_record_stays() {
        assert_eq!(removable(40, 20, 1000, u64::MAX).firsts, [1]);
        assert_eq!(removable(19, 20, 1000, u64::MAX).firsts, [1]);
        assert_eq!(removable(40, 21, 1000, u64::MAX).firsts, [1, 11]);
    }

    #[test]
    fn pressure_removes_no_more_young_segments_than_it_needs() {
        assert_eq!(
            removable(40, 41, 101, 0),
            Removal {
                firsts: vec![1, 11],
                early: 2
            }
        );
        assert_eq!(
            removable(40, 41, 100, 0),
            Removal {
                firsts: vec![1],
                early: 1
            }
        );
    }
}
