//! The settings of the price sync.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use tollgate_catalog::GuardRules;
use tollgate_catalog::sync::{DEFAULT_URL, SyncSettings};
use tollgate_domain::Multiplier;
use url::Url;

use super::check::range;
use crate::database_url::masked;

/// As many mirrors as anybody needs.
const MAX_URLS: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PricesSection {
    /// The sync with the public price map.
    pub(crate) sync: SyncSection,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SyncSection {
    /// Whether it runs by itself; on demand it always can.
    pub(crate) enabled: bool,
    /// Where the map is, tried in order.
    pub(crate) urls: Vec<String>,
    /// Time between two runs.
    pub(crate) interval_minutes: u64,
    /// Time from the start to the first look at the schedule.
    pub(crate) start_delay_seconds: u64,
    /// At most this much is added at random to both.
    pub(crate) jitter_seconds: u64,
    /// HTTP proxy to fetch through.
    pub(crate) proxy_url: Option<String>,
    /// Time to open a connection.
    pub(crate) connect_timeout_ms: u64,
    /// Time for one download.
    pub(crate) total_timeout_seconds: u64,
    /// Largest map after decompression.
    pub(crate) max_mb: u64,
    /// How often a URL is tried.
    pub(crate) tries: u64,
    /// Pause before the second try; doubles with every further one.
    pub(crate) backoff_ms: u64,
    /// By how much a rate of a model in use may change without being held.
    #[serde(deserialize_with = "factor")]
    pub(crate) guard_factor: String,
    /// A model counts as in use if it was seen in the last days.
    pub(crate) in_use_days: u64,
    /// A map with fewer models than this percentage of the catalog's is held whole.
    pub(crate) min_models_percent: u64,
    /// More models gone than this percentage raise an alarm.
    pub(crate) alarm_gone_percent: u64,
}

impl Default for SyncSection {
    fn default() -> Self {
        Self {
            enabled: true,
            urls: vec![DEFAULT_URL.to_owned()],
            interval_minutes: 24 * 60,
            start_delay_seconds: 30,
            jitter_seconds: 300,
            proxy_url: None,
            connect_timeout_ms: 10_000,
            total_timeout_seconds: 60,
            max_mb: 64,
            tries: 3,
            backoff_ms: 1_000,
            guard_factor: "3".to_owned(),
            in_use_days: 30,
            min_models_percent: 50,
            alarm_gone_percent: 5,
        }
    }
}

impl SyncSection {
    /// The settings as the sync takes them. They have been checked.
    ///
    /// # Errors
    /// For a setting that was not checked.
    pub(crate) fn settings(&self) -> Result<SyncSettings> {
        let urls: Result<Vec<Url>, _> = self.urls.iter().map(|url| url.parse()).collect();
        let proxy = self.proxy_url.as_deref().map(str::parse).transpose();
        Ok(SyncSettings {
            scheduled: self.enabled,
            urls: urls.context("prices.sync.urls")?,
            proxy: proxy.context("prices.sync.proxy_url")?,
            connect_timeout: Duration::from_millis(self.connect_timeout_ms),
            total_timeout: Duration::from_secs(self.total_timeout_seconds),
            max_bytes: usize::try_from(self.max_mb << 20).context("prices.sync.max_mb")?,
            tries: u32::try_from(self.tries).context("prices.sync.tries")?,
            backoff: Duration::from_millis(self.backoff_ms),
            interval: Duration::from_secs(self.interval_minutes * 60),
            start_delay: Duration::from_secs(self.start_delay_seconds),
            jitter: Duration::from_secs(self.jitter_seconds),
            in_use: Duration::from_hours(self.in_use_days * 24),
            guard: GuardRules {
                factor: self.guard_factor.parse().context("prices.sync.guard_factor")?,
                min_models_percent: u8::try_from(self.min_models_percent).context("prices.sync")?,
                alarm_gone_percent: u8::try_from(self.alarm_gone_percent).context("prices.sync")?,
            },
        })
    }
}

/// Notes what is wrong with the section.
pub(super) fn check(faults: &mut Vec<String>, sync: &SyncSection) {
    let key = |name: &str| format!("prices.sync.{name}");
    if sync.urls.is_empty() || sync.urls.len() > MAX_URLS {
        faults.push(format!(
            "prices.sync.urls has {} items; 1 to {MAX_URLS} are allowed, for example urls = [{DEFAULT_URL:?}]",
            sync.urls.len()
        ));
    }
    for (at, url) in sync.urls.iter().enumerate() {
        http_url(faults, &key(&format!("urls[{at}]")), url, DEFAULT_URL);
    }
    if let Some(proxy) = &sync.proxy_url {
        http_url(faults, &key("proxy_url"), proxy, "http://proxy.example.com:3128");
    }
    for (name, value, min, max) in [
        ("interval_minutes", sync.interval_minutes, 5, 60 * 24 * 365),
        ("start_delay_seconds", sync.start_delay_seconds, 0, 86_400),
        ("jitter_seconds", sync.jitter_seconds, 0, 86_400),
        ("connect_timeout_ms", sync.connect_timeout_ms, 10, 120_000),
        ("total_timeout_seconds", sync.total_timeout_seconds, 1, 3_600),
        ("max_mb", sync.max_mb, 1, 1_024),
        ("tries", sync.tries, 1, 10),
        ("backoff_ms", sync.backoff_ms, 1, 60_000),
        ("in_use_days", sync.in_use_days, 1, 365),
        ("min_models_percent", sync.min_models_percent, 0, 100),
        ("alarm_gone_percent", sync.alarm_gone_percent, 0, 100),
    ] {
        range(faults, &key(name), value, min, max);
    }
    let factor = sync.guard_factor.parse::<Multiplier>();
    if !factor.is_ok_and(|factor| factor > Multiplier::ONE) {
        faults.push(format!(
            "prices.sync.guard_factor = {:?} is no factor above 1 and up to 100; for example guard_factor = 3",
            sync.guard_factor
        ));
    }
}

fn http_url(faults: &mut Vec<String>, key: &str, text: &str, example: &str) {
    let usable = text
        .parse::<Url>()
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !usable {
        faults.push(format!(
            "{key} = {:?} is no http or https URL; for example {example:?}",
            masked(text)
        ));
    }
}

/// A factor may be written as a number or as text.
fn factor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Factor;

    impl Visitor<'_> for Factor {
        type Value = String;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a factor above 1, for example 3")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_i64<E>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_f64<E>(self, number: f64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }

    deserializer.deserialize_any(Factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl FnOnce(&mut SyncSection)) -> String {
        let (mut section, mut faults) = (SyncSection::default(), Vec::new());
        change(&mut section);
        check(&mut faults, &section);
        faults.join("\n")
    }

    #[test]
    fn the_defaults_sync_daily() {
        assert_eq!(faults(|_| {}), "");
        let settings = SyncSection::default().settings().unwrap();
        assert!(settings.scheduled);
        assert_eq!(settings.interval, Duration::from_hours(24));
        assert_eq!(settings.guard, GuardRules::default());
    }

    #[test]
    fn a_fault_names_key_value_and_example_and_hides_passwords() {
        let text = faults(|sync| sync.urls = vec!["ftp://me:hunter2@x/map".to_owned()]);
        assert!(
            text.contains("prices.sync.urls[0]") && text.contains(DEFAULT_URL),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
        assert!(faults(|sync| sync.urls.clear()).contains("prices.sync.urls has 0 items"));
        assert!(
            faults(|sync| sync.proxy_url = Some("proxy:3128".to_owned())).contains("prices.sync.proxy_url")
        );
        assert!(
            faults(|sync| sync.interval_minutes = 1)
                .contains("prices.sync.interval_minutes = 1 is outside 5")
        );
        for wrong in ["1", "0", "-3", "300", "three"] {
            let text = faults(|sync| sync.guard_factor = wrong.to_owned());
            assert!(
                text.contains("prices.sync.guard_factor") && text.contains("guard_factor = 3"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_factor_may_be_a_number_or_a_text() {
        for written in ["2.5", "\"2.5\""] {
            let section: SyncSection = toml::from_str(&format!("guard_factor = {written}")).unwrap();
            assert_eq!(section.guard_factor, "2.5");
        }
        let section: SyncSection = toml::from_str("guard_factor = 4").unwrap();
        assert_eq!(section.guard_factor, "4");
    }
}
