//! How many attempts had which latency, and how many requests ended how.

use std::collections::BTreeMap;

use tollgate_domain::{ErrorOrigin, Histogram, LatencyBin, LatencyMetric, MoneyError, RollupExtras};

use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};

/// Kinds of counts, as stored.
const DURATION: u8 = 0;
const TTFT: u8 = 1;
const REQUESTS: u8 = 2;

/// What statistics of a bucket need beside sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Speed and caching.
    pub(crate) extras: RollupExtras,
    /// The counts.
    pub(crate) counts: Counts,
}

/// Counts by what is counted; merge by addition. Packed, for a row for each latency would be most of the database: a
/// kind, an index (a bin; or the origin's place, counted from 1, times 16 and the class), and the count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Counts(BTreeMap<(u8, u16), u64>);

/// Sums of the counts of many rows: by kind, each index at its place, which is quicker to add to than [`Counts`].
#[derive(Debug, Default)]
pub(crate) struct CountSums(BTreeMap<u8, Vec<u64>>);

impl Tally {
    /// Adds another.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when a sum passes the exact range.
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.extras.add(&other.extras)?;
        self.counts.add(&other.counts);
        Ok(())
    }
}

impl Counts {
    /// Adds latencies.
    pub(crate) fn add_latencies(&mut self, histogram: &Histogram) {
        for ((metric, bin), count) in histogram {
            let kind = match metric {
                LatencyMetric::Duration => DURATION,
                LatencyMetric::Ttft => TTFT,
            };
            self.add_one(
                (kind, u16::try_from(bin.0).unwrap_or(0)),
                u64::try_from(*count).unwrap_or(0),
            );
        }
    }

    /// Adds finished requests of an origin (empty: no error) and a class of status, at most 15.
    ///
    /// # Errors
    /// An origin that is not known.
    pub(crate) fn add_requests(&mut self, origin: &str, class: i32, count: u64) -> Result<(), Corrupt> {
        let place = if origin.is_empty() {
            Some(0)
        } else {
            let mut known = ErrorOrigin::ALL.iter().zip(1_u16..);
            let found = known.find(|(known, _)| known.as_str() == origin);
            found.map(|(_, place)| place)
        };
        let place = place.ok_or_else(|| Corrupt::new("error origin", format!("{origin:?} is not known")))?;
        let class = u16::try_from(class).unwrap_or(0).min(15);
        self.add_one((REQUESTS, place * 16 + class), count);
        Ok(())
    }

    /// The finished requests, and the latencies.
    pub(crate) fn parted(self) -> (Self, Self) {
        let (requests, latencies) = self.0.into_iter().partition(|((kind, _), _)| *kind == REQUESTS);
        (Self(requests), Self(latencies))
    }

    /// Adds others.
    pub(crate) fn add(&mut self, other: &Self) {
        for (of, count) in &other.0 {
            self.add_one(*of, *count);
        }
    }

    fn add_one(&mut self, of: (u8, u16), count: u64) {
        let sum = self.0.entry(of).or_default();
        *sum = sum.saturating_add(count);
    }

    /// The latencies.
    pub(crate) fn histogram(&self) -> Histogram {
        let bins = self.0.iter().filter_map(|((kind, index), count)| {
            let metric = match *kind {
                DURATION => LatencyMetric::Duration,
                TTFT => LatencyMetric::Ttft,
                _ => return None,
            };
            let bin = LatencyBin(i16::try_from(*index).unwrap_or(i16::MAX));
            Some(((metric, bin), i64::try_from(*count).unwrap_or(i64::MAX)))
        });
        bins.collect()
    }

    /// How many finished requests.
    pub(crate) fn request_count(&self) -> u64 {
        let of_requests = self.0.iter().filter(|((kind, _), _)| *kind == REQUESTS);
        of_requests.map(|(_, count)| count).sum()
    }

    /// The finished requests by origin and class.
    pub(crate) fn requests(&self) -> BTreeMap<(String, u8), u64> {
        let requests = self.0.iter().filter(|((kind, _), _)| *kind == REQUESTS);
        let named = requests.map(|((_, index), count)| {
            let place = usize::from(index / 16).checked_sub(1);
            let origin = place.and_then(|place| ErrorOrigin::ALL.get(place));
            let class = u8::try_from(index % 16).unwrap_or(0);
            (
                (origin.map_or("", |origin| origin.as_str()).to_owned(), class),
                *count,
            )
        });
        named.collect()
    }

    /// As stored.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut packer = Packer::default();
        for ((kind, index), count) in &self.0 {
            packer.byte(*kind);
            packer.index(*index);
            packer.unsigned(u128::from(*count));
        }
        packer.into_bytes()
    }

    /// Adds what is stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::to_bytes`].
    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) -> Result<(), Corrupt> {
        each(bytes, |of, count| self.add_one(of, count))
    }

    /// In half the bytes, for what is kept: each kind, how many counts it has, and these with how far each index is from
    /// the one before.
    pub(crate) fn pack(&self, packer: &mut Packer) {
        for kind in [DURATION, TTFT, REQUESTS] {
            let of_kind = self.0.range((kind, 0)..=(kind, u16::MAX));
            let (length, mut before) = (of_kind.clone().count(), 0);
            if length > 0 {
                packer.byte(kind);
                packer.unsigned(length as u128);
            }
            for ((_, index), count) in of_kind {
                packer.unsigned(u128::from(index - before));
                packer.unsigned(u128::from(*count));
                before = *index;
            }
        }
    }

    /// Adds what is kept.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::pack`].
    pub(crate) fn add_packed(&mut self, bytes: &[u8]) -> Result<(), Corrupt> {
        each_packed(bytes, |of, count| self.add_one(of, count))
    }
}

impl CountSums {
    /// Adds what is kept.
    ///
    /// # Errors
    /// Bytes that were not made by [`Counts::pack`].
    pub(crate) fn add_packed(&mut self, bytes: &[u8]) -> Result<(), Corrupt> {
        each_packed(bytes, |(kind, index), count| {
            let sums = self.0.entry(kind).or_default();
            let place = usize::from(index);
            if sums.len() <= place {
                sums.resize(place + 1, 0);
            }
            if let Some(sum) = sums.get_mut(place) {
                *sum = sum.saturating_add(count);
            }
        })
    }

    /// The sums as counts.
    pub(crate) fn into_counts(self) -> Counts {
        let kinds = self.0.into_iter().flat_map(|(kind, sums)| {
            let sums = sums.into_iter().zip(0_u16..).filter(|(sum, _)| *sum > 0);
            sums.map(move |(sum, index)| ((kind, index), sum))
        });
        Counts(kinds.collect())
    }
}

/// Hands out each count of what is stored.
fn each(bytes: &[u8], mut take: impl FnMut((u8, u16), u64)) -> Result<(), Corrupt> {
    let mut unpacker = Unpacker::new(bytes);
    while !unpacker.is_empty() {
        let of = (unpacker.byte()?, unpacker.index()?);
        take(
            of,
            u64::try_from(unpacker.unsigned()?).map_err(Corrupt::of("counts"))?,
        );
    }
    Ok(())
}

/// Hands out each count of what is kept.
fn each_packed(bytes: &[u8], mut take: impl FnMut((u8, u16), u64)) -> Result<(), Corrupt> {
    let mut unpacker = Unpacker::new(bytes);
    while !unpacker.is_empty() {
        let (kind, length) = (unpacker.byte()?, unpacker.unsigned()?);
        let mut index = 0_u128;
        for _ in 0..length {
            index += unpacker.unsigned()?.min(u128::from(u16::MAX));
            let place = u16::try_from(index).map_err(Corrupt::of("counts"))?;
            let count = u64::try_from(unpacker.unsigned()?).map_err(Corrupt::of("counts"))?;
            take((kind, place), count);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_they_were_written_and_add_up() {
        let mut counts = Counts::default();
        for (micros, count) in [(1, 1), (250_000, 127), (250_000, 1), (u64::MAX, 1 << 40)] {
            let bin = LatencyBin::of(micros);
            counts.add_latencies(&Histogram::from([((LatencyMetric::Ttft, bin), count)]));
            counts.add_latencies(&Histogram::from([((LatencyMetric::Duration, bin), 3 * count)]));
        }
        counts.add_requests("", 2, 300).unwrap();
        counts.add_requests("upstream", 5, 7).unwrap();
        let mut twice = Counts::default();
        twice.add_bytes(&counts.to_bytes()).unwrap();
        assert_eq!(twice, counts);
        twice.add_bytes(&counts.to_bytes()).unwrap();
        let mut packer = Packer::default();
        counts.pack(&mut packer);
        let (kept, mut sums, mut again) = (packer.into_bytes(), CountSums::default(), Counts::default());
        for _ in 0..2 {
            sums.add_packed(&kept).unwrap();
            again.add_packed(&kept).unwrap();
        }
        assert_eq!((sums.into_counts(), again), (twice.clone(), twice.clone()));
        let bin = (LatencyMetric::Ttft, LatencyBin::of(250_000));
        assert_eq!(counts.histogram()[&bin], 128);
        assert_eq!(twice.histogram()[&bin], 256);
        let expected = BTreeMap::from([((String::new(), 2), 600), (("upstream".to_owned(), 5), 14)]);
        assert_eq!(twice.requests(), expected);
        assert_eq!(twice.request_count(), 614);
        let (requests, latencies) = twice.clone().parted();
        assert_eq!(
            (requests.requests(), requests.histogram()),
            (expected, BTreeMap::new())
        );
        assert_eq!(
            (latencies.request_count(), latencies.histogram()),
            (0, twice.histogram())
        );
    }

    #[test]
    fn what_was_cut_off_is_refused() {
        let mut counts = Counts::default();
        counts.add_requests("gateway", 5, 300).unwrap();
        let bytes = counts.to_bytes();
        for end in 1..bytes.len() {
            Counts::default().add_bytes(&bytes[..end]).unwrap_err();
        }
        let mut packer = Packer::default();
        counts.pack(&mut packer);
        let kept = packer.into_bytes();
        for end in 1..kept.len() {
            Counts::default().add_packed(&kept[..end]).unwrap_err();
        }
        counts.add_requests("nobody", 5, 1).unwrap_err();
    }
}
