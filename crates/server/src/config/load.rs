//! Reading settings from their sources.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

use tollgate_domain::ports::Setting;

use super::described::describe;
use super::{Config, check};

const DEFAULT_FILE: &str = "tollgate.toml";

/// Variables with our prefix that are no settings: secrets and what is read elsewhere.
const NOT_SETTINGS: [&str; 6] = ["secret_key", "admin_token", "config", "log", "url", "commit"];

/// Loads and validates: defaults < file < environment.
///
/// # Errors
/// Names each wrong key with its value, where it came from and a right example.
pub(crate) fn load(file: Option<&Path>) -> Result<Config> {
    load_described(file).map(|loaded| loaded.config)
}

/// The configuration, and where each value comes from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    pub(crate) settings: Vec<Setting>,
}

/// The same as [`load`], with the sources.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_described(file: Option<&Path>) -> Result<Loaded> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    if file.is_some() && !path.is_file() {
        return Err(anyhow!("configuration file {} does not exist", path.display()));
    }
    let settings = Env::prefixed("TOLLGATE_")
        .filter(|key| {
            let key = key.as_str().to_ascii_lowercase();
            !NOT_SETTINGS.contains(&key.as_str()) && !key.starts_with("test_") && !key.ends_with("_bin")
        })
        .split("__");
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if path.is_file() {
        figment = figment.merge(Toml::file_exact(path));
    }
    let figment = figment.merge(settings).merge(Env::raw().only(&["DATABASE_URL"]));
    let config: Config = figment
        .extract()
        .map_err(explain)
        .context("the configuration is not valid")?;
    check::check(&config)?;
    let settings = describe(&config, &figment)?;
    Ok(Loaded { config, settings })
}

/// Every fault in words: key, problem, source.
fn explain(error: figment::Error) -> anyhow::Error {
    let faults: Vec<String> = error
        .into_iter()
        .map(|fault| {
            let key = fault.path.join(".");
            let source = fault
                .metadata
                .as_ref()
                .map(|metadata| source(metadata, &key))
                .unwrap_or_default();
            let example = example(&key)
                .map(|text| format!("; for example {text}"))
                .unwrap_or_default();
            let name = if key.is_empty() {
                String::new()
            } else {
                format!("{key}: ")
            };
            format!("{name}{}{source}{example}", fault.kind)
        })
        .collect();
    anyhow!("{}", faults.join("\n"))
}

/// Where a value came from: the file's path or the variable's name.
fn source(metadata: &figment::Metadata, key: &str) -> String {
    match &metadata.source {
        None if key.is_empty() => String::new(),
        Some(figment::Source::File(path)) => format!(" (in {})", path.display()),
        _ if key == "database_url" => " (in the environment variable DATABASE_URL)".to_owned(),
        _ => format!(
            " (in the environment variable TOLLGATE_{})",
            key.replace('.', "__").to_uppercase()
        ),
    }
}

/// A right value for a key, from the defaults.
fn example(key: &str) -> Option<String> {
    let defaults = toml::Value::try_from(Config::default()).ok()?;
    let value = key
        .split('.')
        .try_fold(&defaults, |table, part| table.get(part))?;
    Some(format!("{key} = {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Config> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tollgate.toml");
        std::fs::write(&path, text).unwrap();
        load(Some(&path))
    }

    #[test]
    fn a_file_overrides_defaults() {
        let config = load_text("listen = \"127.0.0.1:9999\"\n[proxy]\ndrain_mb = 5\n").unwrap();
        assert_eq!(
            (config.listen.as_str(), config.proxy.drain_mb),
            ("127.0.0.1:9999", 5)
        );
    }

    #[test]
    fn a_wrong_type_names_key_value_and_example() {
        let text = format!(
            "{:#}",
            load_text("[journal]\nmax_wait_ms = \"soon\"\n").unwrap_err()
        );
        assert!(
            text.contains("journal.max_wait_ms") && text.contains("soon"),
            "{text}"
        );
        assert!(text.contains("for example journal.max_wait_ms = 50"), "{text}");
    }

    #[test]
    fn an_unknown_key_is_named() {
        let text = format!("{:#}", load_text("listne = \"x\"\n").unwrap_err());
        assert!(text.contains("listne"), "{text}");
    }

    #[test]
    fn each_value_names_where_it_comes_from() {
        use tollgate_domain::ports::SettingSource;

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tollgate.toml");
        std::fs::write(
            &path,
            "database_url = \"postgres://me:hunter2@db/x\"\n[proxy]\ndrain_mb = 5\n",
        )
        .unwrap();
        let settings = load_described(Some(&path)).unwrap().settings;
        let setting = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap();
        let from_file = SettingSource::File {
            path: path.display().to_string(),
        };
        assert_eq!(setting("proxy.drain_mb").source, from_file);
        assert_eq!(setting("proxy.drain_mb").value, Some(5.into()));
        assert_eq!(setting("proxy.drain_seconds").source, SettingSource::Default);
        let url = setting("database_url");
        assert!(url.masked && url.source == from_file);
        assert_eq!(url.value, Some("postgres://me:***@db/x".into()));
        assert_eq!(setting("admin_listen").value, None);
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn a_missing_file_is_an_error_when_asked_for() {
        let error = load(Some(Path::new("/nonexistent/tollgate.toml"))).unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
    }
}
