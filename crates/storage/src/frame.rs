//! Buckets of one span packed into rows: hours by the UTC day, days by the month or the week of the accounting zone.
//!
//! A row has each of its buckets as its distance from the beginning of the row in quarter hours, the length of what it
//! holds, and that. So a bucket can be passed over or replaced without the others, and reading rows needs no zone.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tollgate_domain::{AccountingZone, MoneyError, RollupExtras, RollupSpan, RollupValues, Timestamp};

use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};
use crate::rows::Counts;

/// What rows hold of their buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// [`Sums`].
    Sums,
    /// Latencies, as [`Counts`]: most of what is counted, and read by statistics alone.
    Latencies,
    /// [`Combined`]: of a combination there is little.
    Both,
}

/// What a bucket sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    /// Amounts and counts.
    pub(crate) values: RollupValues,
    /// Speed and caching.
    pub(crate) extras: RollupExtras,
    /// Finished requests.
    pub(crate) requests: Counts,
}

/// All there is of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Combined {
    /// What it sums.
    pub(crate) sums: Sums,
    /// Latencies.
    pub(crate) latencies: Counts,
}

/// A bucket in a row.
pub(crate) trait Bucket: Default {
    /// Adds another.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when a sum passes the exact range.
    fn add(&mut self, other: &Self) -> Result<(), MoneyError>;

    /// Whether it is as if it were not there.
    fn is_nothing(&self) -> bool;

    /// As stored.
    fn pack(&self, packer: &mut Packer);

    /// What is stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::pack`].
    fn unpack(bytes: &[u8]) -> Result<Self, Corrupt>;
}

/// The buckets of a row, each at its distance from the beginning.
pub(crate) type Frame<T> = BTreeMap<u32, T>;

/// The stored buckets of a row, in order.
pub(crate) struct Stored<'b>(Unpacker<'b>);

/// The beginning of the row that has a bucket, and the bucket's distance from it.
pub(crate) fn place_of(
    holds: Holds,
    span: RollupSpan,
    at: Timestamp,
    zone: AccountingZone,
) -> Result<(Timestamp, u32), Corrupt> {
    let begins = holds.row(span, at, zone);
    let minutes = (span.bucket(at, zone) - begins).num_minutes();
    let distance = u32::try_from(minutes / 15).map_err(Corrupt::of("bucket"))?;
    Ok((begins, distance))
}

/// When a bucket begins.
pub(crate) fn begins(row: Timestamp, distance: u32) -> Timestamp {
    row + TimeDelta::minutes(15) * i32::try_from(distance).unwrap_or(i32::MAX)
}

/// What is stored with changes added to it. What nothing is left of has no bucket.
///
/// # Errors
/// Bytes that were not made by this, or a sum past the exact range.
pub(crate) fn merged<T: Bucket>(stored: &[u8], changes: &Frame<T>) -> Result<Vec<u8>, Corrupt> {
    let mut packer = Packer::default();
    let mut changes = changes.iter().peekable();
    for bucket in Stored::new(stored) {
        let (distance, bytes) = bucket?;
        while let Some((before, change)) = changes.next_if(|(at, _)| **at < distance) {
            put(&mut packer, *before, change);
        }
        if let Some((_, change)) = changes.next_if(|(at, _)| **at == distance) {
            let mut sum = T::unpack(bytes)?;
            sum.add(change).map_err(Corrupt::of("rollup"))?;
            put(&mut packer, distance, &sum);
        } else {
            packer.unsigned(u128::from(distance));
            packer.bytes(bytes);
        }
    }
    for (after, change) in changes {
        put(&mut packer, *after, change);
    }
    Ok(packer.into_bytes())
}

fn put<T: Bucket>(packer: &mut Packer, distance: u32, bucket: &T) {
    if bucket.is_nothing() {
        return;
    }
    let mut body = Packer::default();
    bucket.pack(&mut body);
    packer.unsigned(u128::from(distance));
    packer.bytes(&body.into_bytes());
}

// === impl Holds ===

impl Holds {
    /// The stable name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sums => "sums",
            Self::Latencies => "latencies",
            Self::Both => "both",
        }
    }

    /// The beginning of the row that has an instant's bucket. Months of latencies would be too long.
    pub(crate) fn row(self, span: RollupSpan, at: Timestamp, zone: AccountingZone) -> Timestamp {
        match (span, self) {
            (RollupSpan::Quarter | RollupSpan::Hour, _) => AccountingZone::UTC.day(at).0,
            (RollupSpan::Day, Self::Sums | Self::Both) => zone.month(at).0,
            (RollupSpan::Day, Self::Latencies) => zone.week(at).0,
        }
    }
}

// === impl Sums, Combined, Counts ===

impl Sums {
    /// Amounts and counts alone, which come first.
    ///
    /// # Errors
    /// Bytes that were not made by [`Bucket::pack`].
    pub(crate) fn unpack_values(bytes: &[u8]) -> Result<RollupValues, Corrupt> {
        Unpacker::new(bytes).take_values()
    }

    /// Adds what is stored, and tells what comes after it.
    ///
    /// # Errors
    /// Bytes that were not made by [`Bucket::pack`] of these or of [`Combined`], or a sum past the exact range.
    pub(crate) fn add_stored<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        self.add_from(&mut unpacker)?;
        Ok(unpacker.rest())
    }

    fn add_from(&mut self, unpacker: &mut Unpacker<'_>) -> Result<(), Corrupt> {
        let values = self.values.checked_add(unpacker.take_values()?);
        self.values = values.map_err(Corrupt::of("sum"))?;
        let extras = unpacker.take_extras()?;
        self.extras.add(&extras).map_err(Corrupt::of("sum"))?;
        self.requests.add_packed(unpacker.bytes()?)
    }
}

impl Bucket for Sums {
    fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.values = self.values.checked_add(other.values)?;
        self.extras.add(&other.extras)?;
        self.requests.add(&other.requests);
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn pack(&self, packer: &mut Packer) {
        packer.values(&self.values);
        packer.extras(&self.extras);
        let mut requests = Packer::default();
        self.requests.pack(&mut requests);
        packer.bytes(&requests.into_bytes());
    }

    fn unpack(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        let mut sums = Self::default();
        sums.add_from(&mut unpacker)?;
        if unpacker.is_empty() {
            Ok(sums)
        } else {
            Err(Corrupt::new("bucket", "there is more than sums"))
        }
    }
}

impl Bucket for Combined {
    fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.sums.add(&other.sums)?;
        self.latencies.add(&other.latencies);
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn pack(&self, packer: &mut Packer) {
        self.sums.pack(packer);
        self.latencies.pack(packer);
    }

    fn unpack(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        let mut sums = Sums::default();
        sums.add_from(&mut unpacker)?;
        let latencies = Counts::unpack(unpacker.rest())?;
        Ok(Self { sums, latencies })
    }
}

impl Bucket for Counts {
    fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        Self::add(self, other);
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn pack(&self, packer: &mut Packer) {
        Self::pack(self, packer);
    }

    fn unpack(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut counts = Self::default();
        counts.add_packed(bytes)?;
        Ok(counts)
    }
}

// === impl Stored ===

impl<'b> Stored<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self(Unpacker::new(bytes))
    }

    fn take(&mut self) -> Result<(u32, &'b [u8]), Corrupt> {
        let distance = u32::try_from(self.0.unsigned()?).map_err(Corrupt::of("bucket"))?;
        Ok((distance, self.0.bytes()?))
    }
}

impl<'b> Iterator for Stored<'b> {
    type Item = Result<(u32, &'b [u8]), Corrupt>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let taken = self.take();
        if taken.is_err() {
            // What follows cannot be told apart.
            self.0 = Unpacker::new(&[]);
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{Histogram, LatencyBin, LatencyMetric, Usd};

    use super::*;

    fn sums(attempts: i64, cost: i128) -> Sums {
        let mut sums = Sums {
            values: RollupValues {
                attempts,
                cost: Usd::from_pico(cost),
                ..RollupValues::default()
            },
            extras: RollupExtras {
                cache_known: attempts,
                ..RollupExtras::default()
            },
            requests: Counts::default(),
        };
        if let Ok(count @ 1..) = u64::try_from(attempts) {
            sums.requests.add_requests("upstream", 5, count).unwrap();
        }
        sums
    }

    fn stored(bytes: &[u8]) -> Vec<(u32, Sums)> {
        let buckets = Stored::new(bytes).map(|bucket| {
            let (distance, bytes) = bucket.unwrap();
            let sums = Sums::unpack(bytes).unwrap();
            assert_eq!(Sums::unpack_values(bytes).unwrap(), sums.values);
            (distance, sums)
        });
        buckets.collect()
    }

    #[test]
    fn changes_are_added_before_at_and_after_what_is_stored() {
        let first = merged(&[], &Frame::from([(4, sums(1, 5)), (200, sums(2, -7))])).unwrap();
        assert_eq!(stored(&first), [(4, sums(1, 5)), (200, sums(2, -7))]);
        let changes = Frame::from([
            (0, sums(3, 1)),
            (4, sums(1, 1)),
            (8, sums(4, 4)),
            (2_972, sums(9, 9)),
        ]);
        let second = merged(&first, &changes).unwrap();
        let expected = [
            (0, sums(3, 1)),
            (4, sums(2, 6)),
            (8, sums(4, 4)),
            (200, sums(2, -7)),
            (2_972, sums(9, 9)),
        ];
        assert_eq!(stored(&second), expected);
    }

    #[test]
    fn what_was_taken_back_has_no_bucket() {
        let values = |cost| Sums {
            values: RollupValues {
                cost: Usd::from_pico(cost),
                ..RollupValues::default()
            },
            ..Sums::default()
        };
        let bytes = merged(
            &[],
            &Frame::from([(1, values(5)), (2, values(6)), (3, Sums::default())]),
        )
        .unwrap();
        assert_eq!(stored(&bytes), [(1, values(5)), (2, values(6))]);
        let rest = merged(&bytes, &Frame::from([(1, values(-5))])).unwrap();
        assert_eq!(stored(&rest), [(2, values(6))]);
        assert!(merged(&rest, &Frame::from([(2, values(-6))])).unwrap().is_empty());
    }

    #[test]
    fn latencies_come_after_the_sums_of_a_combination() {
        let mut combined = Combined {
            sums: sums(3, -9),
            latencies: Counts::default(),
        };
        let bin = (LatencyMetric::Ttft, LatencyBin::of(250_000));
        combined.latencies.add_latencies(&Histogram::from([(bin, 300)]));
        let bytes = merged(&[], &Frame::from([(8, combined.clone())])).unwrap();
        let (distance, bytes) = Stored::new(&bytes).next().unwrap().unwrap();
        assert_eq!(
            (distance, Combined::unpack(bytes).unwrap()),
            (8, combined.clone())
        );
        assert_eq!(Sums::unpack_values(bytes).unwrap(), combined.sums.values);
        Sums::unpack(bytes).unwrap_err();
    }

    #[test]
    fn what_was_cut_off_is_refused_and_ends() {
        let bytes = merged(&[], &Frame::from([(4, sums(1, 5)), (200, sums(2, 7))])).unwrap();
        for end in 1..bytes.len() {
            let read: Vec<_> = Stored::new(&bytes[..end]).collect();
            assert!(read.len() <= 2);
            let is_whole = read.iter().all(Result::is_ok);
            // Where the first ends nothing is amiss.
            assert_eq!(is_whole, read.len() == 1 && read[0].is_ok(), "{end}");
            assert_eq!(merged::<Sums>(&bytes[..end], &Frame::new()).is_ok(), is_whole);
        }
    }

    #[test]
    fn every_bucket_of_a_row_is_found_again_by_its_distance() {
        let zone = AccountingZone::try_new("Europe/Berlin").unwrap();
        let mut at: Timestamp = "2026-10-19T22:00:00Z".parse().unwrap();
        let until: Timestamp = "2026-11-03T00:00:00Z".parse().unwrap();
        while at < until {
            for holds in [Holds::Sums, Holds::Latencies, Holds::Both] {
                for span in [RollupSpan::Hour, RollupSpan::Day] {
                    let (row, distance) = place_of(holds, span, at, zone).unwrap();
                    assert_eq!(begins(row, distance), span.bucket(at, zone));
                    assert!(row <= at && row == holds.row(span, row, zone), "{at}");
                }
            }
            at += TimeDelta::minutes(15);
        }
    }
}
