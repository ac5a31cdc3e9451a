//! How the sync is set up.

use std::time::Duration;

use url::Url;

use crate::GuardRules;

/// LiteLLM's public map, on its main branch.
pub const DEFAULT_URL: &str =
    "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json";

/// Everything about the sync that an operator may set. The values are taken as checked.
#[derive(Debug, Clone)]
pub struct SyncSettings {
    /// Whether it runs by itself; on demand it always can.
    pub scheduled: bool,
    /// Where the map is, tried in order.
    pub urls: Vec<Url>,
    /// Through which HTTP proxy, if any. Environment variables are not read.
    pub proxy: Option<Url>,
    /// Time to open a connection.
    pub connect_timeout: Duration,
    /// Time for one download, from the first byte sent to the last received.
    pub total_timeout: Duration,
    /// Largest map, in bytes after decompression.
    pub max_bytes: usize,
    /// How often a URL is tried before the next one is.
    pub tries: u32,
    /// Pause before the second try; doubles with every further one.
    pub backoff: Duration,
    /// Time between two scheduled runs.
    pub interval: Duration,
    /// Time from the gateway's start to the first look at the schedule.
    pub start_delay: Duration,
    /// At most this much is added at random to the interval and the start delay.
    pub jitter: Duration,
    /// A model counts as in use if it was seen this recently.
    pub in_use: Duration,
    /// The guard's bounds.
    pub guard: GuardRules,
}

impl SyncSettings {
    /// A random part of the jitter.
    pub(super) fn some_jitter(&self) -> Duration {
        let millis = u64::try_from(self.jitter.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(fastrand::u64(0..=millis))
    }

    /// The pause before a try, counted from 1: half of it fixed, half at random.
    pub(super) fn pause_before(&self, tried: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << tried.saturating_sub(1).min(10));
        let millis = u64::try_from(doubled.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(millis / 2 + fastrand::u64(0..=millis / 2))
    }
}

/// A URL as it may be shown: without credentials, query and fragment.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // Only a URL that cannot have credentials refuses to lose them.
    shown.set_username("").ok();
    shown.set_password(None).ok();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_carries_no_secrets() {
        let url: Url = "https://me:hunter2@prices.example.com/map.json?token=abc#x"
            .parse()
            .unwrap();
        assert_eq!(shown(&url), "https://prices.example.com/map.json");
        assert!(DEFAULT_URL.parse::<Url>().is_ok());
    }
}
