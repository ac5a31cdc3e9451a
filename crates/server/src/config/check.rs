//! What types alone cannot say about a setting.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use tollgate_domain::AccountingZone;

use super::{Config, ProxySection, access, prices};

/// Checks every setting; the error lists all that are wrong, each with its key, its value and a right example.
pub(super) fn check(config: &Config) -> Result<()> {
    let mut faults = Vec::new();
    address(&mut faults, "listen", &config.listen, "127.0.0.1:8787");
    if let Some(admin) = &config.admin_listen {
        address(&mut faults, "admin_listen", admin, "127.0.0.1:8788");
        if *admin == config.listen && !admin.ends_with(":0") {
            faults.push(format!(
                "admin_listen = {admin:?} is the same as listen; leave it out to share the port"
            ));
        }
    }
    if config.data_dir.as_os_str().is_empty() {
        faults.push("data_dir = \"\" is empty; for example data_dir = \"/var/lib/tollgate\"".to_owned());
    }
    if let Some(url) = &config.database_url {
        let known = ["postgres://", "postgresql://", "sqlite:"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        if url.is_empty() || (!known && url.contains("://")) {
            faults.push(format!(
                "database_url = {:?} is neither PostgreSQL nor SQLite; for example \
                 \"postgres://user:password@host/tollgate?sslmode=verify-full\" or \"sqlite:/var/lib/tollgate/tollgate.sqlite\"",
                scheme_only(url)
            ));
        }
    }
    if let Err(error) = AccountingZone::try_new(&config.accounting_zone) {
        faults.push(format!("accounting_zone: {error}"));
    }
    let (journal, proxy) = (&config.journal, &config.proxy);
    range(
        &mut faults,
        "database_connections",
        config.database_connections as u64,
        2,
        200,
    );
    range(
        &mut faults,
        "shutdown_grace_seconds",
        config.shutdown_grace_seconds,
        0,
        3_600,
    );
    range(&mut faults, "journal.max_wait_ms", journal.max_wait_ms, 1, 10_000);
    range(
        &mut faults,
        "journal.disk_budget_mb",
        journal.disk_budget_mb,
        16,
        10_000_000,
    );
    range(
        &mut faults,
        "journal.retention_hours",
        journal.retention_hours,
        0,
        24 * 365,
    );
    range(
        &mut faults,
        "proxy.max_request_mb",
        proxy.max_request_mb,
        1,
        1_024,
    );
    range(
        &mut faults,
        "proxy.connect_timeout_ms",
        proxy.connect_timeout_ms,
        10,
        120_000,
    );
    range(
        &mut faults,
        "proxy.response_timeout_seconds",
        proxy.response_timeout_seconds,
        1,
        7_200,
    );
    range(
        &mut faults,
        "proxy.idle_timeout_seconds",
        proxy.idle_timeout_seconds,
        1,
        7_200,
    );
    range(&mut faults, "proxy.drain_seconds", proxy.drain_seconds, 1, 7_200);
    range(&mut faults, "proxy.drain_mb", proxy.drain_mb, 1, 10_000);
    deferred(&mut faults, proxy);
    logs(&mut faults, config);
    prices::check(&mut faults, &config.prices.sync);
    access::check(&mut faults, &config.access);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("the configuration is not valid:\n  - {}", faults.join("\n  - "))
}

fn deferred(faults: &mut Vec<String>, proxy: &ProxySection) {
    let (first, longest) = (proxy.deferred_poll_seconds, proxy.deferred_poll_max_seconds);
    range(faults, "proxy.deferred_poll_seconds", first, 1, 3_600);
    range(faults, "proxy.deferred_poll_max_seconds", longest, 1, 86_400);
    range(
        faults,
        "proxy.deferred_expiry_hours",
        proxy.deferred_expiry_hours,
        1,
        24 * 90,
    );
    if longest < first {
        faults.push(format!(
            "proxy.deferred_poll_max_seconds = {longest} is shorter than proxy.deferred_poll_seconds = {first}; for \
             example proxy.deferred_poll_max_seconds = {first}"
        ));
    }
    let mut seen = Vec::new();
    for wanted in &proxy.deferred {
        if seen.contains(&wanted) {
            faults.push(format!(
                "proxy.deferred names {wanted:?} twice; for example proxy.deferred = [\"batches\", \"files\"]"
            ));
        }
        seen.push(wanted);
    }
}

/// A replay of the journal must not bring back, and count again, what was just removed.
fn logs(faults: &mut Vec<String>, config: &Config) {
    let Some(days) = config.logs.retention_days else {
        return;
    };
    let hours = config.journal.retention_hours;
    range(faults, "logs.retention_days", u64::from(days), 2, 3_650);
    if u64::from(days) * 24 <= hours {
        faults.push(format!(
            "logs.retention_days = {days} is not longer than journal.retention_hours = {hours}; for example \
             logs.retention_days = {}",
            hours / 24 + 1
        ));
    }
}

fn address(faults: &mut Vec<String>, key: &str, value: &str, example: &str) {
    if value.parse::<SocketAddr>().is_err() {
        faults.push(format!(
            "{key} = {value:?} is not an address with a port; for example {key} = {example:?}"
        ));
    }
}

pub(super) fn range(faults: &mut Vec<String>, key: &str, value: u64, min: u64, max: u64) {
    if !(min..=max).contains(&value) {
        faults.push(format!(
            "{key} = {value} is outside {min}..={max}; for example {key} = {}",
            value.clamp(min, max)
        ));
    }
}

/// A URL may hold a password: only its scheme is ever shown.
fn scheme_only(url: &str) -> String {
    url.split_once("://")
        .map_or_else(|| url.to_owned(), |(scheme, _)| format!("{scheme}://…"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DeferredUse;

    #[test]
    fn request_logs_are_kept_longer_than_the_journal_and_within_bounds() {
        for (days, hours, says) in [
            (1, 0, "2..=3650"),
            (3_651, 0, "2..=3650"),
            (3, 72, "logs.retention_days = 4"),
        ] {
            let fault = fault(|config| {
                config.logs.retention_days = Some(days);
                config.journal.retention_hours = hours;
            });
            assert!(fault.contains(says), "{fault}");
        }
    }

    fn fault(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::default();
        change(&mut config);
        check(&config).unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        check(&Config::default()).unwrap();
    }

    #[test]
    fn a_fault_names_the_key_the_value_and_an_example() {
        let text = fault(|config| config.listen = "localhost".to_owned());
        assert!(
            text.contains("listen = \"localhost\"") && text.contains("127.0.0.1:8787"),
            "{text}"
        );
        let text = fault(|config| config.proxy.drain_mb = 0);
        assert!(text.contains("proxy.drain_mb = 0 is outside 1..=10000"), "{text}");
        let text = fault(|config| config.accounting_zone = "Berlin".to_owned());
        assert!(
            text.contains("\"Berlin\"") && text.contains("Europe/Berlin"),
            "{text}"
        );
    }

    #[test]
    fn deferred_uses_are_named_once_and_looked_at_in_time() {
        let text = fault(|config| {
            config.proxy.deferred = vec![DeferredUse::Batches, DeferredUse::Batches];
            config.proxy.deferred_poll_seconds = 60;
            config.proxy.deferred_poll_max_seconds = 59;
            config.proxy.deferred_expiry_hours = 0;
        });
        for part in [
            "twice",
            "proxy.deferred_poll_max_seconds = 59",
            "proxy.deferred_expiry_hours = 0 is outside 1..=2160",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn all_faults_are_listed_at_once_and_passwords_stay_hidden() {
        let text = fault(|config| {
            config.listen = "x".to_owned();
            config.database_url = Some("mysql://me:hunter2@db/x".to_owned());
        });
        assert!(
            text.contains("listen") && text.contains("mysql://…") && !text.contains("hunter2"),
            "{text}"
        );
    }
}
