//! What the hot path keeps in memory.

use async_trait::async_trait;
use secrecy::SecretString;

use super::StoreError;
use crate::{ApiKey, PriceVersion, Upstream};

/// Counters that move with every change; polled to refresh the in-memory snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Moves with every change to an upstream or key.
    pub config: i64,
    /// The current price book; `None` before the first release.
    pub prices: Option<PriceVersion>,
}

/// An upstream with its opened credential.
#[derive(Debug, Clone)]
pub struct UpstreamWithCredential {
    /// The upstream.
    pub upstream: Upstream,
    /// What is sent in place of the caller's key; `None` for upstreams that need none.
    pub credential: Option<SecretString>,
}

/// The living upstreams and keys at one version.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// The version.
    pub version: i64,
    /// Upstreams.
    pub upstreams: Vec<UpstreamWithCredential>,
    /// Keys.
    pub keys: Vec<ApiKey>,
}

/// Reads configuration for the hot path.
#[async_trait]
pub trait ConfigStore: Send + Sync {
    /// The current counters; one cheap query.
    async fn versions(&self) -> Result<Versions, StoreError>;

    /// The living upstreams and keys, credentials opened.
    async fn gateway_config(&self) -> Result<GatewayConfig, StoreError>;
}
