//! `gateway config check`.

use anyhow::{Context, Result};

use crate::config::Config;
use crate::database_url::masked;
use crate::logging;

/// Prints the effective configuration, secrets masked.
pub(super) fn check_config(config: &Config) -> Result<()> {
    let mut shown = config.clone();
    shown.database_url = shown.database_url.map(|url| masked(&url));
    let sync = &mut shown.prices.sync;
    sync.urls = sync.urls.iter().map(|url| masked(url)).collect();
    sync.proxy_url = sync.proxy_url.as_deref().map(masked);
    let text = toml::to_string_pretty(&shown).context("rendering the configuration")?;
    logging::say(&format!(
        "# the configuration is valid; this is what takes effect\n{}",
        text.trim_end()
    ));
    Ok(())
}
