//! How long answers take.

use std::time::{Duration, Instant};

use crate::stage::Stage;
use crate::{Failure, client};

/// Requests before those that count: they open connections and fill caches.
const WARM_UP: usize = 3;

/// Of one path.
pub(crate) struct Times {
    sorted: Vec<Duration>,
    pub(crate) bytes: usize,
}

impl Times {
    /// Asks so often.
    pub(crate) async fn of(stage: &Stage, path: &str, samples: usize) -> Result<Self, Failure> {
        let mut sorted = Vec::with_capacity(samples);
        let mut bytes = 0;
        for sample in 0..samples + WARM_UP {
            let begun = Instant::now();
            let answer = client::get(stage, path).await?;
            let time = begun.elapsed();
            if answer.status != 200 {
                return Err(format!("{path}: {} {}", answer.status, answer.body).into());
            }
            bytes = answer.body.len();
            if sample >= WARM_UP {
                sorted.push(time);
            }
        }
        sorted.sort_unstable();
        Ok(Self { sorted, bytes })
    }

    /// The nearest rank of so many hundredths.
    pub(crate) fn at(&self, hundredths: usize) -> Duration {
        let rank = (self.sorted.len() * hundredths).div_ceil(100).max(1);
        self.sorted.get(rank - 1).copied().unwrap_or_default()
    }
}

/// As text.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}
