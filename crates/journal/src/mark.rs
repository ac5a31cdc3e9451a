/// How far the records have been moved on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Everything up to and including this position is committed downstream; 0 if nothing is.
    pub committed: u64,
    /// The lowest position a replay must still see (the oldest record that is still open), at most
    /// `committed + 1`. 0 and 1 both mean all of them. It may step back, but not behind the oldest record kept:
    /// such a mark is stored with that record's position.
    pub low_water: u64,
}

impl Mark {
    /// Why `next` may not follow this mark, if it may not.
    pub(crate) fn objection(self, next: Self, synced: u64) -> Option<&'static str> {
        if next.committed > synced {
            Some("is past the last record on disk")
        } else if next.low_water > next.committed.saturating_add(1) {
            Some("leaves out records that are not committed")
        } else if next.committed < self.committed {
            Some("goes back behind the mark before it")
        } else {
            None
        }
    }
}
