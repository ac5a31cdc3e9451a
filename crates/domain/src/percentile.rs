//! Percentiles from histograms.

use crate::{Histogram, LatencyMetric};

/// The latency, in microseconds, that `per_mille` of a thousand do not exceed: the nearest rank's bin, by its middle, so
/// at most 6.25 % off. `None` where nothing was counted.
///
/// ```
/// use tollgate_domain::{Histogram, LatencyBin, LatencyMetric, percentile};
///
/// let mut histogram = Histogram::new();
/// for micros in [100_000, 200_000, 300_000, 4_000_000] {
///     *histogram.entry((LatencyMetric::Ttft, LatencyBin::of(micros))).or_default() += 1;
/// }
/// let median = percentile(&histogram, LatencyMetric::Ttft, 500).unwrap();
/// assert!(median.abs_diff(200_000) <= 200_000 / 16);
/// assert_eq!(percentile(&histogram, LatencyMetric::Duration, 500), None);
/// ```
pub fn percentile(histogram: &Histogram, metric: LatencyMetric, per_mille: u16) -> Option<u64> {
    let bins = || histogram.iter().filter(|((of, _), _)| *of == metric);
    let total: u128 = bins().map(|(_, count)| u128::try_from(*count).unwrap_or(0)).sum();
    let rank = (total * u128::from(per_mille)).div_ceil(1_000).max(1);
    let mut passed = 0_u128;
    for ((_, bin), count) in bins() {
        passed += u128::try_from(*count).unwrap_or(0);
        if passed >= rank {
            return Some(bin.middle());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LatencyBin;

    #[test]
    fn percentiles_are_within_a_sixteenth_of_the_exact_ranks() {
        let latencies: Vec<u64> = (1..=5_000_u64).map(|n| n * n * 7 % 9_999_991 + 50).collect();
        let mut histogram = Histogram::new();
        for latency in &latencies {
            *histogram
                .entry((LatencyMetric::Duration, LatencyBin::of(*latency)))
                .or_default() += 1;
        }
        let mut sorted = latencies;
        sorted.sort_unstable();
        for per_mille in [1, 500, 900, 990, 1_000] {
            let rank = (sorted.len() * usize::from(per_mille)).div_ceil(1_000).max(1);
            let exact = sorted[rank - 1];
            let told = percentile(&histogram, LatencyMetric::Duration, per_mille).unwrap();
            assert!(
                told.abs_diff(exact) <= exact.div_ceil(16),
                "{per_mille}: {told} for {exact}"
            );
        }
    }
}
