//! How the proxy behaves.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tollgate_domain::OnUnpriced;

use crate::deferred::{DeferredConfig, DeferredUse};

/// Limits and policies. The defaults suit a public provider behind an SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyConfig {
    /// Largest request body in bytes; larger ones get a 413. Default 64 MiB.
    pub max_request_bytes: usize,
    /// Longest silence while a request body is read. Default 60 s.
    pub request_body_timeout: Duration,
    /// Time to open a connection to an upstream, name lookup and TLS included. Default 5 s.
    pub connect_timeout: Duration,
    /// Time from dispatch to the upstream's response headers; long, because a generation that does not stream
    /// sends them at its end. Default 600 s.
    pub response_timeout: Duration,
    /// Longest silence within an upstream's response. Default 300 s.
    pub idle_timeout: Duration,
    /// What happens to an upstream's answer when the caller goes away.
    pub client_gone: ClientGone,
    /// JSON answers up to this many bytes are held until they are settled, so that they can carry their cost in
    /// a header. Default 64 KiB.
    pub hold_bytes: usize,
    /// Beginnings of paths that are carried although nothing is known of what they cost: their entries are unbilled
    /// as not metered. Default none.
    pub unmetered_paths: Vec<String>,
    /// What may be used later than it is asked for. Default nothing.
    pub deferred: BTreeSet<DeferredUse>,
    /// How that is looked after.
    pub deferred_looks: DeferredConfig,
    /// Whether usage that an answer does not tell is estimated with a tokenizer. Default no.
    pub estimate_missing_usage: bool,
    /// Which keys of the `x-tollgate-metadata` header are kept on ledger entries. Default none.
    pub metadata_keys: BTreeSet<String>,
    /// The reverse proxies whose `x-forwarded-host` and `x-forwarded-proto` are believed. Default none.
    pub trusted_proxies: Arc<[IpNet]>,
    /// What happens to requests that nothing prices, where neither key nor upstream says. Default: they are served.
    pub on_unpriced: OnUnpriced,
    /// Makes the choice among upstreams of equal priority repeatable. Default random.
    pub seed: Option<u64>,
}

/// What happens to an upstream's answer when the caller goes away before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientGone {
    /// It is read on, within these limits, so that the real usage settles.
    Drain {
        /// At most this long.
        max_time: Duration,
        /// At most this many further bytes.
        max_bytes: u64,
    },
    /// The connection is closed; what was reported until then settles.
    Cancel,
}

impl Default for ProxyConfig {
    fn default() -> Self {
        Self {
            max_request_bytes: 64 << 20,
            request_body_timeout: Duration::from_mins(1),
            connect_timeout: Duration::from_secs(5),
            response_timeout: Duration::from_mins(10),
            idle_timeout: Duration::from_mins(5),
            client_gone: ClientGone::Drain {
                max_time: Duration::from_mins(2),
                max_bytes: 64 << 20,
            },
            hold_bytes: 64 << 10,
            unmetered_paths: Vec::new(),
            deferred: BTreeSet::new(),
            deferred_looks: DeferredConfig::default(),
            estimate_missing_usage: false,
            metadata_keys: BTreeSet::new(),
            trusted_proxies: Arc::default(),
            on_unpriced: OnUnpriced::Serve,
            seed: None,
        }
    }
}
