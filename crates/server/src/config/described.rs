//! The effective configuration as shown to people: secrets masked, each value with its source.

use anyhow::{Context, Result};
use figment::{Figment, Source};
use serde_json::Value;
use tollgate_domain::ports::{Setting, SettingSource};

use super::Config;
use crate::database_url::masked;

impl Config {
    /// The configuration fit to be shown.
    pub(crate) fn masked(&self) -> Self {
        let mut shown = self.clone();
        shown.database_url = shown.database_url.map(|url| masked(&url));
        let sync = &mut shown.prices.sync;
        sync.urls = sync.urls.iter().map(|url| masked(url)).collect();
        sync.proxy_url = sync.proxy_url.as_deref().map(masked);
        shown
    }
}

/// Every setting by key.
///
/// # Errors
/// When the configuration cannot be written as JSON.
pub(super) fn describe(config: &Config, figment: &Figment) -> Result<Vec<Setting>> {
    let real = serde_json::to_value(config).context("describing the configuration")?;
    let shown = serde_json::to_value(config.masked()).context("describing the configuration")?;
    let (mut known, mut settings) = (Vec::new(), Vec::new());
    flatten(&real, "", &mut known);
    flatten(&shown, "", &mut settings);
    let pairs = known.into_iter().zip(settings);
    let described = pairs.map(|((_, real), (key, shown))| Setting {
        source: source(figment, &key),
        masked: real != shown,
        value: (!shown.is_null()).then_some(shown),
        key,
    });
    Ok(described.collect())
}

/// The leaves of nested tables; a list is one leaf.
fn flatten(value: &Value, key: &str, into: &mut Vec<(String, Value)>) {
    let Value::Object(members) = value else {
        into.push((key.to_owned(), value.clone()));
        return;
    };
    for (name, member) in members {
        let inner = if key.is_empty() {
            name.clone()
        } else {
            format!("{key}.{name}")
        };
        flatten(member, &inner, into);
    }
}

fn source(figment: &Figment, key: &str) -> SettingSource {
    let Some(metadata) = figment.find_metadata(key) else {
        return SettingSource::Default;
    };
    match &metadata.source {
        Some(Source::File(path)) => SettingSource::File {
            path: path.display().to_string(),
        },
        Some(Source::Code(_)) => SettingSource::Default,
        _ if key == "database_url" => SettingSource::Environment {
            variable: "DATABASE_URL".to_owned(),
        },
        _ => SettingSource::Environment {
            variable: format!("TOLLGATE_{}", key.replace('.', "__").to_uppercase()),
        },
    }
}
