//! What came back.

use std::collections::BTreeMap;
use std::time::Duration;

/// One request's result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadOutcome {
    /// Which request it was, from 0.
    pub number: u64,
    /// The model it named.
    pub model: String,
    /// Whether it asked for a stream.
    pub stream: bool,
    /// HTTP status, if headers arrived.
    pub status: Option<u16>,
    /// Body bytes read.
    pub bytes: usize,
    /// From sending to the first body byte.
    pub first_byte: Option<Duration>,
    /// From sending to the end.
    pub duration: Duration,
    /// The id in the body.
    pub response_id: Option<String>,
    /// The answer's `x-request-id`.
    pub request_id: Option<String>,
    /// Why the answer is not complete.
    pub error: Option<String>,
}

/// All results of a run.
#[derive(Debug, Clone, Default)]
pub struct LoadReport {
    /// In order of sending.
    pub outcomes: Vec<LoadOutcome>,
    /// From the first request to the last end.
    pub wall: Duration,
}

impl LoadReport {
    /// Requests that got a whole 2xx answer.
    pub fn succeeded(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.is_success())
            .count()
    }

    /// Requests that did not.
    pub fn failures(&self) -> impl Iterator<Item = &LoadOutcome> {
        self.outcomes.iter().filter(|outcome| !outcome.is_success())
    }

    /// Answers by status; 0 stands for none.
    pub fn by_status(&self) -> BTreeMap<u16, usize> {
        self.outcomes.iter().fold(BTreeMap::new(), |mut counts, outcome| {
            *counts.entry(outcome.status.unwrap_or(0)).or_default() += 1;
            counts
        })
    }

    /// Body bytes read in all.
    pub fn bytes(&self) -> usize {
        self.outcomes.iter().map(|outcome| outcome.bytes).sum()
    }

    /// The duration that this percentage (0 to 100) of the successes did not exceed.
    pub fn duration_percentile(&self, percent: usize) -> Option<Duration> {
        let durations = self.outcomes.iter().filter(|outcome| outcome.is_success());
        percentile(durations.map(|outcome| outcome.duration).collect(), percent)
    }

    /// The same for the time to the first body byte.
    pub fn first_byte_percentile(&self, percent: usize) -> Option<Duration> {
        percentile(
            self.outcomes
                .iter()
                .filter_map(|outcome| outcome.first_byte)
                .collect(),
            percent,
        )
    }
}

impl LoadOutcome {
    /// A whole 2xx answer.
    pub fn is_success(&self) -> bool {
        self.error.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

fn percentile(mut durations: Vec<Duration>, percent: usize) -> Option<Duration> {
    durations.sort_unstable();
    let rank = (durations.len() * percent.min(100))
        .div_ceil(100)
        .saturating_sub(1);
    durations.get(rank).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let of = |count: u64, percent| {
            percentile((1..=count).map(Duration::from_secs).collect(), percent).map(|d| d.as_secs())
        };
        assert_eq!(of(100, 99), Some(99));
        assert_eq!(of(4, 50), Some(2));
        assert_eq!(of(1, 0), Some(1));
        assert_eq!(of(0, 50), None);
    }
}
