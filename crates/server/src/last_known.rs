//! The last known configuration, sealed on disk: with it the gateway starts while the database is away.

use std::path::Path;

use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{GatewayConfig, UpstreamWithCredential};
use tollgate_domain::{ApiKey, PriceBookData, Upstream};
use tollgate_storage::Keyring;

use crate::private_file;

/// Binds the sealed bytes to this purpose.
const PURPOSE: &str = "last-known/v1";

/// What requests need: upstreams, keys, prices.
#[derive(Debug)]
pub(crate) struct LastKnown {
    pub(crate) config: GatewayConfig,
    pub(crate) prices: PriceBookData,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    config_version: i64,
    upstreams: Vec<StoredUpstream>,
    keys: Vec<ApiKey>,
    prices: PriceBookData,
}

#[derive(Serialize, Deserialize)]
struct StoredUpstream {
    upstream: Upstream,
    credential: Option<String>,
}

/// Writes it; nothing in the file is readable without the key.
///
/// # Errors
/// When sealing or writing fails.
pub(crate) fn save(
    path: &Path,
    keyring: &Keyring,
    config: &GatewayConfig,
    prices: &PriceBookData,
) -> Result<()> {
    let upstreams = config.upstreams.iter().map(|with| StoredUpstream {
        upstream: with.upstream.clone(),
        credential: with
            .credential
            .as_ref()
            .map(|secret| secret.expose_secret().to_owned()),
    });
    let stored = Stored {
        config_version: config.version,
        upstreams: upstreams.collect(),
        keys: config.keys.clone(),
        prices: prices.clone(),
    };
    let plain = serde_json::to_string(&stored).context("encoding the last known configuration")?;
    let sealed = keyring
        .seal(PURPOSE, &plain.into())
        .context("sealing the last known configuration")?;
    private_file::write(path, sealed.as_bytes())
}

/// Reads it back; `None` if there is none.
///
/// # Errors
/// When the file is damaged or sealed with another key.
pub(crate) fn load(path: &Path, keyring: &Keyring) -> Result<Option<LastKnown>> {
    if !path.exists() {
        return Ok(None);
    }
    let sealed = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let plain = keyring
        .open(PURPOSE, &sealed)
        .with_context(|| format!("opening {}", path.display()))?;
    let stored: Stored = serde_json::from_str(plain.expose_secret())
        .with_context(|| format!("decoding {}", path.display()))?;
    let upstreams = stored.upstreams.into_iter().map(|with| UpstreamWithCredential {
        upstream: with.upstream,
        credential: with.credential.map(SecretString::from),
    });
    let config = GatewayConfig {
        version: stored.config_version,
        upstreams: upstreams.collect(),
        keys: stored.keys,
    };
    Ok(Some(LastKnown {
        config,
        prices: stored.prices,
    }))
}
