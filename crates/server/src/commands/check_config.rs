//! `gateway config check`.

use anyhow::{Context, Result};

use crate::config::Config;
use crate::logging;

/// Prints the effective configuration, secrets masked.
pub(super) fn check_config(config: &Config) -> Result<()> {
    let text = toml::to_string_pretty(&config.masked()).context("rendering the configuration")?;
    logging::say(&format!(
        "# the configuration is valid; this is what takes effect\n{}",
        text.trim_end()
    ));
    Ok(())
}
