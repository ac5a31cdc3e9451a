//! How people come in, as far as an operator can say.

use std::sync::Arc;

use chrono::TimeDelta;
use ipnet::IpNet;

/// How long sessions live, and whose word about callers' addresses is taken.
#[derive(Debug, Clone)]
pub struct AccessPolicy {
    /// A session ends when it has not been used for so long.
    pub session_idle: TimeDelta,
    /// A session ends after so long, used or not.
    pub session_length: TimeDelta,
    /// The reverse proxies whose `x-forwarded-for` is believed. Without any, callers are where connections come from.
    pub trusted_proxies: Arc<[IpNet]>,
}

impl Default for AccessPolicy {
    /// Two hours, twelve hours, nobody.
    fn default() -> Self {
        Self {
            session_idle: TimeDelta::hours(2),
            session_length: TimeDelta::hours(12),
            trusted_proxies: Arc::default(),
        }
    }
}
