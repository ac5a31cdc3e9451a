//! `gateway config check`.

use anyhow::{Context, Result};

use crate::config::Config;
use crate::logging;

/// Prints the effective configuration, secrets masked.
pub(super) fn check_config(config: &Config) -> Result<()> {
    let mut shown = config.clone();
    shown.database_url = shown.database_url.map(|url| mask_password(&url));
    let text = toml::to_string_pretty(&shown).context("rendering the configuration")?;
    logging::say(&format!(
        "# the configuration is valid; this is what takes effect\n{}",
        text.trim_end()
    ));
    Ok(())
}

fn mask_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // Fails only for URLs that cannot have a password, which this one has.
            if parsed.set_password(Some("***")).is_err() {
                "***".to_owned()
            } else {
                parsed.to_string()
            }
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::mask_password;

    #[test]
    fn the_password_is_masked_and_nothing_else() {
        assert_eq!(
            mask_password("postgres://me:secret@db/x?sslmode=require"),
            "postgres://me:***@db/x?sslmode=require"
        );
        assert_eq!(mask_password("sqlite:data/x.sqlite"), "sqlite:data/x.sqlite");
    }
}
